"""What replies are rejected for: in all, and version by version."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from service.review.statistics.approval import probability_of, queue_of, shared
from service.review.statistics.counts import Counts, Rating
from service.review.statistics.intervals import Rate
from service.review.statistics.lines import RateLine, figures
from service.review.statistics.wanted import Source
from service.review.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine(RateLine):
    reason: str
    cumulative: float
    """The part in (0, 1] of all reasons given that this one and the more frequent ones make up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionReasonLine(RateLine):
    """How many of the version's judged replies were rejected for it; *k* is 0 where only others were."""

    version: str
    reason: str


def reject_reasons(counts: Counts) -> list[ReasonLine]:
    """Return how many of the judged replies were rejected for which reason, the most frequent first."""
    rates = _rates(counts.judged, counts.wanted.source)
    given, so_far, lines = sum(rate.k for rate in rates.values()), 0, []
    for reason, rate in rates.items():
        so_far += rate.k
        lines.append(
            ReasonLine(
                reason=reason, cumulative=so_far / given, filters=_behind(reason, counts.wanted.source), **figures(rate)
            )
        )
    return lines


def version_reasons(counts: Counts) -> list[VersionReasonLine]:
    """Return a line for each version that was judged and each reason: both the most frequent first, in one order."""
    source, judged = counts.wanted.source, counts.judged
    by_version: dict[str, list[Rating]] = defaultdict(list)
    for rating in judged:
        by_version[rating.traits.version].append(rating)
    reasons = tuple(_rates(judged, source))
    return [
        VersionReasonLine(
            version=version,
            reason=reason,
            filters={"version": version, **_behind(reason, source)},
            **figures(rate),
        )
        for version, ratings in sorted(by_version.items(), key=lambda each: -len(each[1]))
        for reason, rate in _rates(ratings, source, reasons).items()
    ]


def _rates(ratings: Iterable[Rating], source: Source, reasons: tuple[str, ...] | None = None) -> dict[str, Rate]:
    """Return the share rejected for each of *reasons*; of those that were given, the most frequent first, if None."""
    found: Counter[float] = Counter()
    held: dict[str, Counter[float]] = defaultdict(Counter)
    for rating in ratings:
        probability = probability_of(rating, source)
        found[probability] += 1
        if rating.verdict is Verdict.REJECT:
            for reason in set(rating.reasons):
                held[reason][probability] += 1
    if reasons is None:
        reasons = tuple(sorted(held, key=lambda reason: (-held[reason].total(), reason)))
    return {reason: shared(found, held[reason], source) for reason in reasons}


def _behind(reason: str, source: Source) -> dict[str, str]:
    return {"verdict": Verdict.REJECT.value, "why": reason, **queue_of(source)}
