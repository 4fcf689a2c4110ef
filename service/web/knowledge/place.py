"""What every page of the knowledge base shows around its own content: the brand, what is served, what needs a look."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from service.assembly import Services
from service.domain import Generation
from service.knowledge.ingesting.concerns import Concern
from service.knowledge.ingesting.standing import LastReport, last_report, standing
from service.knowledge.storing.content import StoredArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    brands: tuple[tuple[str, str], ...]
    """Ids and names of the brands that the visitor may see."""
    brand: str
    """The one that is shown; empty when there is none."""
    generation: Generation | None
    """The served one; None before the first ingest."""
    articles: tuple[StoredArticle, ...]
    concerns: tuple[Concern, ...]
    """What stands of the last reports."""
    last: LastReport | None

    @property
    def expired(self) -> tuple[StoredArticle, ...]:
        today = datetime.now(UTC).date()
        return tuple(article for article in self.articles if article.expires and article.expires < today)

    @property
    def to_look_at(self) -> int:
        return len(self.concerns) + len(self.expired)

    def address(self, page: str = "", **query: object) -> str:
        """Return the address of one of the pages of this brand."""
        return f"/knowledge{page}?{urlencode({'brand': self.brand, **query})}"


async def place_of(services: Services, wanted: str) -> Place:
    """Return the place of the brand *wanted*, of the first by name when the visitor sees no such brand."""
    named = await services.prompts.brands()
    ids = services.prompt_files.brand_ids()
    brands = sorted(
        ((each, named[each].name if each in named else each) for each in ids), key=lambda each: each[1].casefold()
    )
    brand = wanted if wanted in ids else next((each for each, _ in brands), "")
    articles = await services.knowledge.articles(brand)
    last = await last_report(services.knowledge, brand)
    return Place(
        brands=tuple(brands),
        brand=brand,
        generation=next(iter(await services.knowledge.generations(brand)), None),
        articles=articles,
        concerns=standing(last.report, articles) if last else (),
        last=last,
    )
