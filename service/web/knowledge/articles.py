"""The articles that are served, and each with its passages."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from service.deps import ServicesDep
from service.domain import Audience
from service.errors import NotFoundError
from service.knowledge.storing.content import StoredArticle
from service.review.citing import Cited, citing
from service.web.knowledge.findings import said
from service.web.knowledge.place import Place, place_of
from service.web.routes import PageRoute
from service.web.shown.marks import marked
from service.web.view import View, ViewDep

router = APIRouter(prefix="/knowledge", route_class=PageRoute, include_in_schema=False)

_PAGE = 50
_MAX_CHARS = 200
_MAX_PAGES = 1_000_000
_NAMES = ("q", "audience", "language", "state", "use")
_LATELY = timedelta(days=30)
_USES = ("never", "rejected")
_UNCITED = Cited()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """What the address asks for; empty values filter nothing."""

    q: str = ""
    audience: str = ""
    language: str = ""
    state: str = ""
    use: str = ""
    """`never` or `rejected`."""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "ArticleFilter":
        named = {name: query.get(name, "").strip()[:_MAX_CHARS] for name in _NAMES}
        page = query.get("page", "")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) <= len(str(_MAX_PAGES)) else 1
        return cls(**named, page=max(1, number))

    @property
    def asked(self) -> dict[str, str]:
        every = {name: getattr(self, name) for name in _NAMES}
        return {name: value for name, value in every.items() if value}

    def takes(self, article: StoredArticle, cited: Cited) -> bool:
        text = f"{article.title} {article.source} {article.owner or ''}".casefold()
        return (
            all(word in text for word in self.q.casefold().split())
            and self.audience in {"", article.audience.value}
            and self.language in {"", article.language or "none"}
            and self.state in {"", state_of(article)}
            and (not self.use or self.use in use_of(article, cited))
        )


def state_of(article: StoredArticle) -> str:
    """Return `expired` from the day after its last one on, else `fresh`."""
    return "expired" if article.expires and article.expires < datetime.now(UTC).date() else "fresh"


def use_of(article: StoredArticle, cited: Cited) -> tuple[str, ...]:
    """Return what is odd about its use; what is internal is not there to be cited."""
    never = article.audience is not Audience.INTERNAL and not cited.replies
    return tuple(name for name, holds in (("never", never), ("rejected", cited.rejected)) if holds)


@router.get("")
async def show_articles(view: ViewDep, services: ServicesDep, brand: str = "") -> Response:
    """Show what the brand's replies can rest on."""
    place = await place_of(services, brand)
    wanted = ArticleFilter.of(view.request.query_params)
    cited = await citing(services.engine, place.brand, datetime.now(UTC) - _LATELY)
    uses = Counter(use for each in place.articles for use in use_of(each, cited.get(each.source, _UNCITED)))
    found = [each for each in place.articles if wanted.takes(each, cited.get(each.source, _UNCITED))]
    start = (wanted.page - 1) * _PAGE
    return view.page(
        "knowledge/articles.html",
        here="knowledge",
        tab="articles",
        place=place,
        wanted=wanted,
        found=len(found),
        articles=found[start : start + _PAGE],
        state_of=state_of,
        cited=cited,
        uses=[(use, uses[use], place.address(use=use)) for use in _USES if uses[use]],
        choices=_choices(view, place),
        pages={
            "newer": _address(place, wanted, wanted.page - 1) if wanted.page > 1 else None,
            "older": _address(place, wanted, wanted.page + 1) if start + _PAGE < len(found) else None,
        },
    )


@router.get("/article")
async def show_article(view: ViewDep, services: ServicesDep, brand: str = "", source: str = "") -> Response:
    """Show one article as the passages that replies quote."""
    services.prompt_files.check_brand(brand)
    place = await place_of(services, brand)
    article = next((each for each in place.articles if each.source == source), None)
    if article is None:
        raise NotFoundError("This brand has no such article now.")
    passages = await services.knowledge.article_passages(brand, source)
    return view.page(
        "knowledge/article.html",
        here="knowledge",
        tab="articles",
        place=place,
        article=article,
        url=article.url if article.url and article.url.lower().startswith(("https://", "http://")) else None,
        state=state_of(article),
        passages=[(passage, marked(passage.text, ())) for passage in passages],
        concerns=[(each.kind, said(view, each)) for each in place.concerns if source in each.articles],
    )


def _choices(view: View, place: Place) -> dict[str, list[tuple[str, str]]]:
    codes = sorted({article.language or "none" for article in place.articles})
    return {
        "audience": [(each.value, view.t(f"audience.{each}")) for each in Audience],
        "language": [(code, view.t(f"language.{code}", default=code)) for code in codes],
        "state": [(each, view.t(f"knowledge.state.{each}")) for each in ("fresh", "expired")],
        "use": [(each, view.t(f"knowledge.use.{each}")) for each in _USES],
    }


def _address(place: Place, wanted: ArticleFilter, page: int) -> str:
    return "/knowledge?" + urlencode({"brand": place.brand, **wanted.asked, "page": page})
