"""Computes, exactly, how often somebody who looks after every decided pair is led to stop a blind comparison."""

from collections.abc import Callable
from math import sqrt

from service.review.statistics.evidence import STOP, e_value
from service.review.statistics.intervals import Z

Stops = Callable[[int, int], bool]
"""Whether so many wins and losses end the comparison."""


def by_evidence(wins: int, losses: int) -> bool:
    return e_value(wins, losses) >= STOP


def by_plain_test(wins: int, losses: int) -> bool:
    """Stop at p < 0.05 of the plain two-sided test, as if nobody had looked before."""
    return abs(wins - losses) > Z * sqrt(wins + losses)


def reached(stops: Stops, win_rate: float, pairs: int) -> float:
    """Return the probability that *stops* holds after one of the first *pairs* decided pairs, of all ways to go."""
    probability, alive = 0.0, {0: 1.0}
    for n in range(1, pairs + 1):
        after: dict[int, float] = {}
        for wins, chance in alive.items():
            after[wins] = after.get(wins, 0.0) + chance * (1 - win_rate)
            after[wins + 1] = after.get(wins + 1, 0.0) + chance * win_rate
        probability += sum(after.pop(wins) for wins in [wins for wins in after if stops(wins, n - wins)])
        alive = after
    return probability


def table(pairs: int) -> dict[str, float]:
    figures = {
        "no difference, plain test at 5 %": reached(by_plain_test, 0.5, pairs),
        "no difference, evidence 20 : 1": reached(by_evidence, 0.5, pairs),
    }
    return figures | {
        f"{rate:.0%} of the decided pairs won, evidence 20 : 1": reached(by_evidence, rate, pairs)
        for rate in (0.6, 0.65, 0.7, 0.8)
    }
