"""How far reviewers agree who judged the same replies."""

import random
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeAlias

from service.review.statistics.intervals import Interval

Unit: TypeAlias = Sequence[Hashable]
"""The verdicts on one reply, in any order; whoever did not judge it is not in it."""

Patterns: TypeAlias = Mapping[tuple[Hashable, ...], int]
"""How many units say the same."""

_DRAWS = 1_000
_LEAST_DRAWS = 200
_VERDICTS = 500_000
"""Drawn in all: a page of statistics waits for them."""
_TAIL = 0.025


def raw_agreement(units: Sequence[Unit]) -> float | None:
    """Return the share of pairs of verdicts on the same reply that are equal; None without a pair."""
    pairs = sum(len(unit) * (len(unit) - 1) for unit in units)
    equal = sum(count * (count - 1) for unit in units for count in Counter(unit).values())
    return equal / pairs if pairs else None


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """
    Return the agreement of two reviewers beyond chance, 1 at most; None when chance alone explains all of it.

    Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20
    (1960).
    """
    return kappa_of(Counter(pairs))


def krippendorff_alpha(units: Sequence[Unit]) -> float | None:
    """
    Return the agreement of any number of reviewers beyond chance; replies that one alone judged do not count.

    None when there is no pair, or when all verdicts are the same and nothing could disagree.

    Source: K. Krippendorff, Computing Krippendorff's alpha-reliability (2011), nominal data with values missing.
    """
    return alpha_of(Counter(tuple(unit) for unit in units))


def bootstrap(
    measure: Callable[[Patterns], float | None], units: Sequence[tuple[Hashable, ...]], *, seed: int = 0
) -> Interval | None:
    """
    Return the percentile interval of 95 % over replies drawn again 1,000 times; None when no draw could be measured.

    Beyond 500 replies the draws are fewer, 200 at least. The same *seed* and *units* give the same interval. Source:
    B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; over units as in A. F. Hayes
    and K. Krippendorff (2007).
    """
    if not units:
        return None
    draw = random.Random(seed)  # noqa: S311 - drawn for statistics, and repeatable on purpose
    times = max(_LEAST_DRAWS, min(_DRAWS, _VERDICTS // len(units)))
    found = (measure(Counter(draw.choices(units, k=len(units)))) for _ in range(times))
    measured = sorted(value for value in found if value is not None)
    if not measured:
        return None
    last = len(measured) - 1
    return Interval(measured[round(_TAIL * last)], measured[round((1 - _TAIL) * last)])


def kappa_of(patterns: Patterns) -> float | None:
    """Return Cohen's kappa of pairs that are counted by what they say."""
    n = sum(patterns.values())
    first: Counter[Hashable] = Counter()
    second: Counter[Hashable] = Counter()
    for (left, right), count in patterns.items():
        first[left] += count
        second[right] += count
    agreed = sum(count for (left, right), count in patterns.items() if left == right)
    chance = sum(first[verdict] * second[verdict] for verdict in first)
    return (n * agreed - chance) / (n * n - chance) if n * n > chance else None


def alpha_of(patterns: Patterns) -> float | None:
    """Return Krippendorff's alpha of units that are counted by what they say."""
    totals: Counter[Hashable] = Counter()
    disagreed = 0.0
    for unit, count in patterns.items():
        if len(unit) > 1:
            verdicts = Counter(unit)
            disagreed += count * (len(unit) ** 2 - _squares(verdicts)) / (len(unit) - 1)
            for verdict, number in verdicts.items():
                totals[verdict] += number * count
    n = totals.total()
    chance = n * n - _squares(totals)
    return 1 - (n - 1) * disagreed / chance if chance else None


def _squares(counts: Counter[Hashable]) -> int:
    return sum(count * count for count in counts.values())
