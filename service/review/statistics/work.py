"""What the service did: replies and hand-offs over time, how long it took, and what it cost."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from service.domain import Decision
from service.review.statistics.approval import approved, rate_of
from service.review.statistics.counts import Cell, Counts
from service.review.statistics.intervals import Rate
from service.review.statistics.lines import Line, RateLine, figures
from service.review.statistics.series import daily, quantile, week_of

_HANDOFF = Decision.HANDOFF.value


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine(Line):
    day: str
    replies: int | None
    """None on a day of which nothing is known."""
    handoffs: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine(RateLine):
    week: str
    """Its Monday; *n* is 0 in a week without replies, and then there is no rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffReasonLine(RateLine):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionHandoffLine(RateLine):
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyLine(Line):
    stage: str
    n: int
    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine(Line):
    version: str
    n: int
    """Replies of known cost."""
    cost_usd: float | None
    cost_per_reply: float | None
    cost_per_approved: float | None
    """The cost of a reply over the estimated share approved; None when nothing was approved."""


def volume(counts: Counts) -> list[DayLine]:
    """Return each day of the period, gaps as None."""
    found: dict[date, list[Cell]] = defaultdict(list)
    for cell in counts.cells:
        found[cell.day].append(cell)
    first, last = counts.wanted.days
    return [
        DayLine(
            day=day.isoformat(),
            replies=_number(cells) if cells else None,
            handoffs=_handoffs(cells) if cells else None,
            filters={"since": day.isoformat(), "until": day.isoformat()},
        )
        for day, cells in daily(found, first, last)
    ]


def handoffs(counts: Counts) -> list[WeekLine]:
    """Return each week that the period touches with its share of hand-offs."""
    found: dict[date, list[Cell]] = defaultdict(list)
    for cell in counts.cells:
        found[week_of(cell.day)].append(cell)
    first, last = counts.wanted.days
    monday, lines = week_of(first), []
    while monday <= last:
        ends = {"since": max(monday, first), "until": min(monday + timedelta(days=6), last)}
        cells = found[monday]
        lines.append(
            WeekLine(
                week=monday.isoformat(),
                filters={"decision": _HANDOFF} | {name: day.isoformat() for name, day in ends.items()},
                **figures(Rate.of(_handoffs(cells), _number(cells))),
            )
        )
        monday += timedelta(days=7)
    return lines


def handoff_reasons(counts: Counts) -> list[HandoffReasonLine]:
    """Return how many of all replies were handed off for which reason, the most frequent first."""
    found: Counter[str] = Counter()
    for cell in counts.cells:
        if cell.decision == _HANDOFF:
            for reason in cell.reasons:
                found[reason] += cell.replies
    return [
        HandoffReasonLine(
            reason=reason,
            filters={"decision": _HANDOFF, "reason": reason},
            **figures(Rate.of(number, counts.replies)),
        )
        for reason, number in found.most_common()
    ]


def version_handoffs(counts: Counts) -> list[VersionHandoffLine]:
    """Return how many of each version's replies were handed off, that with the most replies first."""
    return [
        VersionHandoffLine(
            version=version,
            filters={"decision": _HANDOFF, "version": version},
            **figures(Rate.of(_handoffs(cells), _number(cells))),
        )
        for version, cells in _by_version(counts)
    ]


def latency(counts: Counts) -> list[LatencyLine]:
    """Return a line for each stage."""
    return [
        LatencyLine(stage=stage, n=len(times), p50_ms=quantile(times, 0.5), p95_ms=quantile(times, 0.95))
        for stage, times in counts.times.items()
    ]


def costs(counts: Counts) -> list[CostLine]:
    """Return a line for each version, that with the most replies first."""
    return [_cost(counts, version, cells) for version, cells in _by_version(counts)]


def _by_version(counts: Counts) -> list[tuple[str, list[Cell]]]:
    found: dict[str, list[Cell]] = defaultdict(list)
    for cell in counts.cells:
        found[cell.traits.version].append(cell)
    return sorted(found.items(), key=lambda each: -_number(each[1]))


def _cost(counts: Counts, version: str, cells: list[Cell]) -> CostLine:
    priced, cost = sum(cell.priced for cell in cells), sum(cell.cost_usd for cell in cells)
    each = cost / priced if priced else None
    ratings = [rating for rating in counts.judged if rating.traits.version == version]
    share = rate_of(ratings, approved, counts.wanted.source).value
    return CostLine(
        version=version,
        n=priced,
        cost_usd=cost if priced else None,
        cost_per_reply=each,
        cost_per_approved=each / share if each is not None and share else None,
        filters={"version": version},
    )


def _number(cells: list[Cell]) -> int:
    return sum(cell.replies for cell in cells)


def _handoffs(cells: list[Cell]) -> int:
    return sum(cell.replies for cell in cells if cell.decision == _HANDOFF)
