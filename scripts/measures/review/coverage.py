"""Simulates how often the interval of a weighted rate holds the truth: populations, strata and rates at random."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from service.review.statistics.estimates import Stratum, weighted_rate

_SIZES = (100, 10_000)
"""Replies in a stratum, log-uniform between them."""
SETTINGS = {
    "10 to 30": (10, 30),
    "30 to 60": (30, 60),
    "30 to 200": (30, 200),
}
RATES = {"about 80 %": (8, 2), "about 95 %": (19, 1), "anything": (2, 2)}
"""The Beta distribution that the strata's true rates come from."""


def covered(runs: int, *, ratings: tuple[int, int], rates: tuple[float, float] = (8, 2), seed: int = 0) -> float:
    """Return the share of *runs* whose interval held the truth; each draws its own two to six strata."""
    draw = random.Random(seed)
    return sum(_holds(draw, ratings, rates) for _ in range(runs)) / runs


@dataclass(frozen=True, slots=True)
class Line:
    ratings: str
    rates: str
    covered: float


def table(runs: int, seed: int) -> Iterator[Line]:
    """Return a line for each number of ratings and each distribution of rates."""
    for sizes, ratings in SETTINGS.items():
        for share, rates in RATES.items():
            yield Line(sizes, share, covered(runs, ratings=ratings, rates=rates, seed=seed))


def _holds(draw: random.Random, ratings: tuple[int, int], rates: tuple[float, float]) -> bool:
    strata, truth, total = [], 0.0, 0
    for _ in range(draw.randint(2, 6)):
        rated, share = draw.randint(*ratings), draw.betavariate(*rates)
        replies = max(rated, round(math.exp(draw.uniform(*map(math.log, _SIZES)))))
        approved = sum(draw.random() < share for _ in range(rated))
        strata.append(Stratum.of(rated, approved, rated / replies))
        truth, total = truth + replies * share, total + replies
    interval = weighted_rate(strata).interval
    return interval is not None and interval.low <= truth / total <= interval.high
