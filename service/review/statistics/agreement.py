"""How far reviewers agree who judged the same replies."""

import random
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias

from service.review.statistics.intervals import Interval

Unit: TypeAlias = Sequence[Hashable]
"""The verdicts on one reply, in any order; whoever did not judge it is not in it."""

_DRAWS = 1_000
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
    if not pairs:
        return None
    n = len(pairs)
    first, second = (Counter(verdicts) for verdicts in zip(*pairs, strict=True))
    observed = sum(left == right for left, right in pairs) / n
    expected = sum(first[verdict] * second[verdict] for verdict in first) / (n * n)
    return (observed - expected) / (1 - expected) if expected < 1 else None


def krippendorff_alpha(units: Sequence[Unit]) -> float | None:
    """
    Return the agreement of any number of reviewers beyond chance; replies that one alone judged do not count.

    None when there is no pair, or when all verdicts are the same and nothing could disagree.

    Source: K. Krippendorff, Computing Krippendorff's alpha-reliability (2011), nominal data with values missing.
    """
    compared = [Counter(unit) for unit in units if len(unit) > 1]
    totals: Counter[Hashable] = Counter()
    for unit in compared:
        totals.update(unit)
    n = totals.total()
    chance = n * n - _squares(totals)
    if not chance:
        return None
    disagreed = sum((unit.total() ** 2 - _squares(unit)) / (unit.total() - 1) for unit in compared)
    return 1 - (n - 1) * disagreed / chance


def bootstrap(
    measure: Callable[[Sequence[Unit]], float | None], units: Sequence[Unit], *, seed: int = 0
) -> Interval | None:
    """
    Return the percentile interval of 95 % over replies drawn again 1,000 times; None when no draw could be measured.

    The same *seed* and *units* give the same interval. Source: B. Efron and R. J. Tibshirani, An Introduction to the
    Bootstrap (1993), chapter 13; over units as in A. F. Hayes and K. Krippendorff (2007).
    """
    draw = random.Random(seed)  # noqa: S311 - drawn for statistics, and repeatable on purpose
    found = [measure(draw.choices(units, k=len(units))) for _ in range(_DRAWS)] if units else []
    measured = sorted(value for value in found if value is not None)
    if not measured:
        return None
    last = len(measured) - 1
    return Interval(measured[round(_TAIL * last)], measured[round((1 - _TAIL) * last)])


def _squares(counts: Counter[Hashable]) -> int:
    return sum(count * count for count in counts.values())
