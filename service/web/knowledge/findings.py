"""What the knowledge manager may want to put right, each with the words that show it."""

import re
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Response

from service.deps import ServicesDep
from service.errors import PromptError
from service.knowledge.ingesting.concerns import Concern, ConcernKind
from service.replies.pinned import conflicts
from service.web.knowledge.place import Place, place_of
from service.web.messages.knowledge.refusals import in_words
from service.web.routes import PageRoute
from service.web.view import View, ViewDep

router = APIRouter(prefix="/knowledge", route_class=PageRoute, include_in_schema=False)

_ORDER = (
    ConcernKind.CONTRADICTION,
    ConcernKind.INTERNAL,
    ConcernKind.EXPIRED,
    ConcernKind.DUPLICATE,
    ConcernKind.NEAR_DUPLICATE,
)
_PINNED = "pinned"
_SHOWN = 100
"""Of each kind: who has more begins with these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared, or the only one."""

    name: str
    link: str | None
    """Its own page; None for what is no article."""
    quote: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWrong:
    said: str
    sides: tuple[Side, ...]


@router.get("/findings")
async def show_findings(view: ViewDep, services: ServicesDep, brand: str = "") -> Response:
    """Show contradictions, doubles, what expired, what may be internal, and what gainsays a verified answer."""
    place = await place_of(services, brand)
    groups = {kind.value: _found(view, place, kind) for kind in _ORDER}
    groups[ConcernKind.EXPIRED] = [
        FoundWrong(
            said=view.t("finding.expired.since", day=view.day(article.expires)),
            sides=(_side(place, article.source, None),),
        )
        for article in place.expired
        if article.expires
    ]
    fault = None
    try:
        answers = services.prompt_files.answers(place.brand) if place.brand else {}
        gainsaid = await conflicts(place.brand, answers, services.finder)
    except PromptError as exc:
        gainsaid, fault = (), exc.detail
    groups = {_PINNED: [_pinned(view, place, each.answer, each.article, each.quotes) for each in gainsaid], **groups}
    return view.page(
        "knowledge/findings.html",
        here="knowledge",
        tab="findings",
        place=place,
        groups={kind: found for kind, found in groups.items() if found},
        fault=fault,
        shown=_SHOWN,
        in_words=partial(in_words, view.language),
    )


def _found(view: View, place: Place, kind: ConcernKind) -> list[FoundWrong]:
    return [_concern(view, place, concern) for concern in place.concerns if concern.kind is kind]


def _concern(view: View, place: Place, concern: Concern) -> FoundWrong:
    quotes = dict(zip(concern.articles, concern.quotes, strict=False))
    return FoundWrong(
        said=said(view, concern),
        sides=tuple(_side(place, source, quotes.get(source)) for source in concern.articles),
    )


def said(view: View, concern: Concern) -> str:
    """Return in the visitor's words what is wrong."""
    share = re.match(r"\d+(?=%)", concern.detail)
    key = f"finding.{concern.kind}.said"
    if concern.kind is ConcernKind.INTERNAL and not concern.quotes:
        key = "finding.internal.opened"
    told = view.t(key, share=share[0]) if concern.kind is ConcernKind.NEAR_DUPLICATE and share else view.t(key)
    return f"{told} {view.t('finding.audiences')}" if "one is internal" in concern.detail else told


def _side(place: Place, source: str, quote: str | None) -> Side:
    title = next((article.title for article in place.articles if article.source == source), "")
    return Side(name=title or source, link=place.address("/article", source=source), quote=quote)


def _pinned(view: View, place: Place, answer: str, article: str, quotes: tuple[str, str]) -> FoundWrong:
    mine = Side(name=view.t("finding.pinned.answer", name=answer), link=None, quote=quotes[0])
    return FoundWrong(said=view.t("finding.pinned.said"), sides=(mine, _side(place, article, quotes[1])))
