"""What is still to be put right: the concerns of earlier ingests whose articles are as they were then."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from service.knowledge.ingesting.concerns import Concern, ConcernKind
from service.knowledge.ingesting.report import IngestReport
from service.knowledge.storing.content import StoredArticle
from service.knowledge.storing.store import KnowledgeStore

_MOST = 1_000
"""Names, refusals and concerns that are kept of each list: who has more begins with these."""


@dataclass(frozen=True, slots=True)
class LastReport:
    at: datetime
    report: IngestReport
    """Its concerns are all that stand, those of earlier ingests too; its lists are cut to a thousand entries."""


async def last_report(store: KnowledgeStore, brand: str) -> LastReport | None:
    """Return what the brand's last ingest told; None before the first."""
    kept = await store.report(brand)
    return LastReport(kept[0], IngestReport.from_json(kept[1])) if kept else None


async def keep_report(store: KnowledgeStore, report: IngestReport) -> None:
    """Keep *report* as the last one, with the concerns of the one before that still stand."""
    before = await last_report(store, report.brand)
    older = standing(before.report, await store.articles(report.brand)) if before else ()
    lasting = tuple(each for each in older if each not in report.concerns)
    lists = ("added", "changed", "removed", "missing", "refused")
    cut = {name: getattr(report, name)[:_MOST] for name in lists}
    whole = replace(report, **cut, concerns=(*report.concerns, *lasting)[:_MOST])
    await store.keep_report(report.brand, datetime.now(UTC), whole.as_json())


def standing(report: IngestReport, articles: Iterable[StoredArticle]) -> tuple[Concern, ...]:
    """
    Return the concerns of *report* whose articles all live, and did not change since.

    What expired is left out: each day it is something else.
    """
    born = {article.source: article.born for article in articles}
    return tuple(
        concern
        for concern in report.concerns
        if concern.kind is not ConcernKind.EXPIRED
        and all(born.get(source, report.generation + 1) <= report.generation for source in concern.articles)
    )
