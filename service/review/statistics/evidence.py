"""Evidence from pairs: how much better one side is, looked at as often as one likes, or once at the end."""

from math import comb, exp, lgamma, log

STOP = 20.0
"""At odds of so many to one the comparison may stop: without a difference at most one in twenty ever gets there."""
_MOST = 300.0
"""Natural logarithm of the largest evidence told; beyond it a float would overflow."""


def e_value(wins: int, losses: int) -> float:
    """
    Return the odds against "both sides win equally often", from the pairs that were decided; 1 before the first one.

    It is the likelihood of these wins, averaged over every win rate alike, over that of a fair coin. Under a fair coin
    it is a martingale that begins at 1, so that it ever reaches x with a probability of at most 1/x, however often
    somebody looks and whenever they stop: J. Ville, Étude critique de la notion de collectif (1939); the mixture is
    that of H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of Mathematical
    Statistics 41 (1970).
    """
    n = wins + losses
    mixture = lgamma(wins + 1) + lgamma(losses + 1) - lgamma(n + 2)
    return exp(min(_MOST, mixture + n * log(2)))


def sign_test(wins: int, losses: int) -> float:
    """
    Return the two-sided p-value, in (0, 1], of the exact sign test; 1 when no pair was decided.

    It holds for one look at a number of pairs that was set before the first look; `e_value` holds for any other.
    """
    n = wins + losses
    tail = sum(comb(n, number) for number in range(min(wins, losses) + 1))
    return min(1.0, 2 * (tail / (1 << n)))
