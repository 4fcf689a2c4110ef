"""Intervals of 95 % around a rate and around the difference of two rates."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: every interval here is one of 95 %."""

FEW = 30
"""Below so many ratings an interval is shown as resting on few."""


_MOST_MORE = 3_000
"""Ratings of each version: nobody waits for more."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of *n* with its interval; *value* and the interval are None when nothing was counted."""

    k: int
    n: int
    value: float | None = None
    """In [0, 1]; not k/n where the counted stand for unequal numbers of replies."""
    interval: Interval | None = None

    @property
    def is_few(self) -> bool:
        return self.n < FEW

    @classmethod
    def of(cls, k: int, n: int) -> "Rate":
        """Return k/n of equally weighted cases with its Wilson interval."""
        return cls(k, n, k / n, wilson(k / n, n)) if n else cls(0, 0)


def wilson(share: float, n: float, z: float = Z) -> Interval:
    """
    Return the score interval around *share* of *n* (more than 0; a fraction where it is an effective number).

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference(rate: Rate, baseline: Rate) -> Interval | None:
    """
    Return the interval of *rate* minus *baseline*, in [-1, 1]; None when either was not counted.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in
    Medicine 17 (1998), method 10; with weighted rates it is the same step on their own intervals (G. Y. Zou and
    A. Donner, Construction of confidence limits about effect measures, Statistics in Medicine 27, 2008).
    """
    if rate.value is None or baseline.value is None or rate.interval is None or baseline.interval is None:
        return None
    change = rate.value - baseline.value
    below = sqrt((rate.value - rate.interval.low) ** 2 + (baseline.interval.high - baseline.value) ** 2)
    above = sqrt((rate.interval.high - rate.value) ** 2 + (baseline.value - baseline.interval.low) ** 2)
    return Interval(change - below, change + above)


def more_to_tell(rate: Rate, baseline: Rate) -> int | None:
    """
    Return about how many more ratings would tell the two apart, were their shares to stay as they are.

    None when they are told apart already, when there is nothing to tell, or when it takes more than a few thousand.
    """
    if rate.value is None or baseline.value is None:
        return None
    for each in range(FEW, _MOST_MORE, FEW // 3):
        one, other = (Rate.of(round(share * each), each) for share in (rate.value, baseline.value))
        apart = difference(one, other)
        if apart and not apart.low <= 0 <= apart.high:
            return max(0, each - rate.n) + max(0, each - baseline.n) or None
    return None


def student(freedom: float) -> float:
    """
    Return the 97.5 % quantile of Student's distribution, within 0.5 % from three degrees of *freedom* on.

    Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
    """
    z, v = Z, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )
