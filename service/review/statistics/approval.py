"""How many replies people approve, by version, tone, language or brand, and how many they judged at all."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.review.statistics.counts import Counts, Rating
from service.review.statistics.estimates import Stratum, weighted_rate
from service.review.statistics.intervals import Interval, Rate, difference
from service.review.statistics.lines import RateLine, figures
from service.review.statistics.wanted import Source
from service.review.verdicts import Queue, Verdict


class Comparison(StrEnum):
    BASELINE = "baseline"
    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"
    """The interval of the difference holds zero."""
    NOT_RATED = "not_rated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLine(RateLine):
    group: str
    replies: int
    change: float | None
    """Against the baseline, in [-1, 1], with its interval of 95 %."""
    change_low: float | None
    change_high: float | None
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine(RateLine):
    """How many replies of a version in a language were judged at all, in whichever queue."""

    version: str
    language: str


def approved(rating: Rating) -> bool:
    return rating.verdict is Verdict.APPROVE


def rate_of(ratings: Iterable[Rating], holds: Callable[[Rating], bool], source: Source) -> Rate:
    """Return the share for which it *holds*; of a sample, weighted by what each rating stands for."""
    found: Counter[float] = Counter()
    held: Counter[float] = Counter()
    for rating in ratings:
        probability = probability_of(rating, source)
        found[probability] += 1
        held[probability] += holds(rating)
    return shared(found, held, source)


def probability_of(rating: Rating, source: Source) -> float:
    """Return with which probability it came into the sample; 1 where that weighs nothing."""
    return rating.probability if source is Source.SAMPLE and rating.probability else 1.0


def shared(found: Mapping[float, int], held: Mapping[float, int], source: Source) -> Rate:
    """Return the share of *held* among the ratings *found*, both counted by their probability."""
    if source is not Source.SAMPLE:
        return Rate.of(sum(held.values()), sum(found.values()))
    return weighted_rate(Stratum.of(number, held[each], each) for each, number in found.items())


def approval(counts: Counts) -> list[ApprovalLine]:
    """Return a line for each group that wrote replies, that with the most replies first."""
    by = counts.wanted.by.value
    replies: Counter[str] = Counter()
    for cell in counts.cells:
        replies[getattr(cell.traits, by)] += cell.replies
    ratings: dict[str, list[Rating]] = defaultdict(list)
    for rating in counts.judged:
        ratings[getattr(rating.traits, by)].append(rating)
    rates = {group: rate_of(ratings[group], approved, counts.wanted.source) for group, _ in replies.most_common()}
    baseline = counts.wanted.baseline
    if baseline not in rates:
        baseline = max(rates, key=lambda group: rates[group].n, default=None)
    behind = {"verdict": Verdict.APPROVE.value, **queue_of(counts.wanted.source)}
    return [_line(by, group, replies[group], rate, rates[baseline or group], behind) for group, rate in rates.items()]


def coverage(counts: Counts) -> list[CoverageLine]:
    """Return a line for each version and language that wrote replies, in their order."""
    replies: Counter[tuple[str, str]] = Counter()
    for cell in counts.cells:
        replies[cell.traits.version, cell.traits.language] += cell.replies
    rated = Counter((version, language) for _, version, language in _judged_replies(counts))
    return [
        CoverageLine(
            version=version,
            language=language,
            filters={"version": version, "language": language},
            **figures(Rate.of(min(rated[version, language], number), number)),
        )
        for (version, language), number in sorted(replies.items())
    ]


def _judged_replies(counts: Counts) -> set[tuple[str, str, str]]:
    return {
        (each.reply_id, each.traits.version, each.traits.language)
        for each in counts.ratings
        if each.verdict is not Verdict.CANNOT_JUDGE
    }


def queue_of(source: Source) -> dict[str, str]:
    """Return what the log is filtered by so that it shows the judged replies of this source."""
    return {"queue": Queue.SAMPLE.value} if source is Source.SAMPLE else {}


def _line(  # noqa: PLR0913, PLR0917 - a group and all that is said of it
    by: str, group: str, replies: int, rate: Rate, baseline: Rate, behind: Mapping[str, str]
) -> ApprovalLine:
    change = None if rate is baseline else difference(rate, baseline)
    apart = None if rate.value is None or baseline.value is None else rate.value - baseline.value
    return ApprovalLine(
        group=group,
        replies=replies,
        change=apart if change else None,
        change_low=change.low if change else None,
        change_high=change.high if change else None,
        comparison=_comparison(rate, change),
        filters={by: group, **behind},
        **figures(rate),
    )


def _comparison(rate: Rate, change: Interval | None) -> Comparison:
    if not rate.n:
        return Comparison.NOT_RATED
    if change is None:
        return Comparison.BASELINE
    if change.low > 0:
        return Comparison.BETTER
    return Comparison.WORSE if change.high < 0 else Comparison.UNCLEAR
