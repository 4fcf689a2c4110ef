"""The statistics by name: the pages, the API and the CSV files show the same lines."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.review.statistics.approval import approval, approved, coverage, rate_of
from service.review.statistics.counts import Counts
from service.review.statistics.intervals import Rate
from service.review.statistics.lines import Line
from service.review.statistics.reading import StatisticsReader
from service.review.statistics.readings import agreement
from service.review.statistics.reasons import reject_reasons, version_reasons
from service.review.statistics.sending import edits, funnel
from service.review.statistics.wanted import Wanted
from service.review.statistics.work import costs, handoff_reasons, handoffs, latency, version_handoffs, volume


class Statistic(StrEnum):
    """In the order in which they are looked at."""

    APPROVAL = "approval"
    FUNNEL = "funnel"
    EDITS = "edits"
    VOLUME = "volume"
    HANDOFFS = "handoffs"
    VERSION_HANDOFFS = "handoffs-by-version"
    HANDOFF_REASONS = "handoff-reasons"
    REJECT_REASONS = "reject-reasons"
    VERSION_REASONS = "reject-reasons-by-version"
    LATENCY = "latency"
    COSTS = "costs"
    AGREEMENT = "agreement"
    COVERAGE = "coverage"


_LINES: Mapping[Statistic, Callable[[Counts], Sequence[Line]]] = {
    Statistic.APPROVAL: approval,
    Statistic.FUNNEL: funnel,
    Statistic.EDITS: edits,
    Statistic.VOLUME: volume,
    Statistic.HANDOFFS: handoffs,
    Statistic.VERSION_HANDOFFS: version_handoffs,
    Statistic.HANDOFF_REASONS: handoff_reasons,
    Statistic.REJECT_REASONS: reject_reasons,
    Statistic.VERSION_REASONS: version_reasons,
    Statistic.LATENCY: latency,
    Statistic.COSTS: costs,
    Statistic.AGREEMENT: agreement,
    Statistic.COVERAGE: coverage,
}


@dataclass(frozen=True, slots=True)
class Found:
    """Statistics of the same replies."""

    replies: int
    approved: Rate
    """Of all of them together."""
    lines: Mapping[Statistic, Sequence[Line]]


class Statistics:
    def __init__(self, reader: StatisticsReader) -> None:
        self._reader = reader

    def only(self, brands: frozenset[str]) -> "Statistics":
        """Return the same statistics as who sees these brands only."""
        return Statistics(self._reader.only(brands))

    async def find(self, wanted: Wanted, *statistics: Statistic) -> Found:
        """Return the lines of each of *statistics*, of all when none is named; ReplyLogError when unreadable."""
        statistics = statistics or tuple(Statistic)
        counts = await self._reader.counts(wanted, timed=Statistic.LATENCY in statistics)
        # A thousand bootstrap draws would hold up every other request.
        lines = await asyncio.to_thread(_find, counts, statistics)
        return Found(counts.replies, rate_of(counts.judged, approved, wanted.source), lines)


def _find(counts: Counts, statistics: Sequence[Statistic]) -> dict[Statistic, Sequence[Line]]:
    return {each: _LINES[each](counts) for each in statistics}
