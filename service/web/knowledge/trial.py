"""The search tester: which passages a question finds, each with what speaks for it, and why others were dropped."""

import re
from dataclasses import dataclass

from fastapi import APIRouter, Response

from service.api.knowledge import SearchQuery
from service.deps import ServicesDep
from service.knowledge.finding.ranking import Candidate, Explanation
from service.knowledge.finding.scoring import FEATURES, WEIGHTS
from service.knowledge.wording.matches import matches
from service.replies.guards.markup import clean
from service.web.knowledge.place import place_of
from service.web.routes import PageRoute
from service.web.shown.marks import Block, Mark, marked
from service.web.view import View, ViewDep

router = APIRouter(prefix="/knowledge", route_class=PageRoute, include_in_schema=False)

_LIMITS = (3, 5, 10, 20)
_USUAL = 5
_OTHERS = 25
"""Dropped candidates that are shown with their words; the rest is only counted."""
_WIDEST = 4.0
"""Standard deviations, weighed, that fill a bar."""
_MAX_CHARS = 2_000
_TWIN = re.compile(r"duplicate of (\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One view of a candidate."""

    name: str
    score: float
    """As the API gives it."""
    share: float
    """What it adds to the sum."""
    bar: tuple[float, float]
    """Where its bar begins and how long it is, in [0, 100] with 0 in the middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A candidate as the page shows it."""

    place: int
    candidate: Candidate
    stages: tuple[Stage, ...]
    other_language: float
    """What the wrong language cost; 0 in the question's own."""
    why: str | None
    blocks: tuple[Block, ...]


@router.get("/search")
async def show_search(  # noqa: PLR0913, PLR0917 - the address's own parts
    view: ViewDep, services: ServicesDep, brand: str = "", q: str = "", language: str = "", limit: str = ""
) -> Response:
    """Show the form, and under it what the question finds."""
    place = await place_of(services, brand)
    question = clean(q[:_MAX_CHARS]).strip()
    most = int(limit) if limit in map(str, _LIMITS) else _USUAL
    chosen = language if re.fullmatch("[a-z]{2}", language) else None
    explanation = None
    if question and place.brand and place.generation:
        wanted = SearchQuery(brand=place.brand, q=question, language=chosen, limit=most, explain=True)
        explanation = await services.finder.explain(
            wanted.brand, wanted.q, language=wanted.language, limit=wanted.limit
        )
    candidates = looked_at(view, question, explanation) if explanation else []
    others = {
        "twin": [each for each in candidates if each.candidate.dropped not in {None, "limit"}],
        "limit": [each for each in candidates if each.candidate.dropped == "limit"],
    }
    return view.page(
        "knowledge/search.html",
        here="knowledge",
        tab="search",
        place=place,
        q=question,
        language=chosen or "",
        spoken=sorted({article.language for article in place.articles if article.language}),
        limit=most,
        limits=_LIMITS,
        finding=explanation.finding if explanation else None,
        threshold=services.settings.min_answerability,
        found=[each for each in candidates if not each.candidate.dropped],
        others={kind: each for kind, each in others.items() if each},
        shown=_OTHERS,
        candidates=len(candidates),
    )


def looked_at(view: View, question: str, explanation: Explanation) -> list[Looked]:
    """Return every candidate, best first."""
    places = {candidate.passage.id: place for place, candidate in enumerate(explanation.candidates, 1)}
    return [
        Looked(
            place=place,
            candidate=candidate,
            stages=stages_of(candidate),
            other_language=candidate.scores["fused"] - sum(each.share for each in stages_of(candidate)),
            why=_why(view, candidate, places),
            blocks=_marked(question, candidate),
        )
        for place, candidate in enumerate(explanation.candidates, 1)
    ]


def stages_of(candidate: Candidate) -> tuple[Stage, ...]:
    return tuple(_stage(name, candidate.scores[name], float(weight)) for name, weight in zip(FEATURES, WEIGHTS))  # noqa: B905 - equal by their definition


def _stage(name: str, score: float, weight: float) -> Stage:
    share = score * weight
    reach = min(abs(share) / _WIDEST, 1.0) * 50
    return Stage(name=name, score=score, share=share, bar=(50 - reach if share < 0 else 50.0, reach))


def _why(view: View, candidate: Candidate, places: dict[str, int]) -> str | None:
    if candidate.part_of:
        return view.t("search.joined")
    twin = _TWIN.fullmatch(candidate.dropped or "")
    return view.t("search.same_as", place=places.get(twin[1], "?")) if twin else None


def _marked(question: str, candidate: Candidate) -> tuple[Block, ...]:
    passage = candidate.passage
    return marked(passage.text, [Mark("", *span) for span in matches(question, passage.text, passage.language)])
