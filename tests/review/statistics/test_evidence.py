"""Evidence from blind pairs: right at every look, and exact at the end."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from service.review.statistics.evidence import STOP, e_value, sign_test
from service.review.statistics.preferences import Preferences

COUNT = st.integers(min_value=0, max_value=400)


@given(COUNT, COUNT)
def test_a_fair_coin_moves_the_evidence_nowhere_on_average(wins: int, losses: int) -> None:
    """Whatever was counted so far, one more fair decision leaves the evidence as it is on average."""
    after = (e_value(wins + 1, losses) + e_value(wins, losses + 1)) / 2
    assert after == pytest.approx(e_value(wins, losses), rel=1e-9)


@given(COUNT, COUNT)
def test_both_sides_are_treated_alike(wins: int, losses: int) -> None:
    """Evidence and test say nothing of which side is which."""
    assert e_value(wins, losses) == e_value(losses, wins)
    assert sign_test(wins, losses) == sign_test(losses, wins)


@given(COUNT, COUNT)
def test_the_evidence_is_the_average_likelihood_ratio(wins: int, losses: int) -> None:
    """The reference density gives the same: prior over posterior at one half."""
    posterior = beta.logpdf(0.5, wins + 1, losses + 1)
    assert np.log(e_value(wins, losses)) == pytest.approx(-posterior, abs=1e-6)


@given(COUNT, COUNT)
def test_the_sign_test_is_exact(wins: int, losses: int) -> None:
    """The p-value is that of the reference implementation."""
    expected = binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    assert sign_test(wins, losses) == pytest.approx(expected, rel=1e-9)


def test_looking_after_every_pair_alarms_falsely_in_less_than_one_of_twenty() -> None:
    """Without a difference, of all ways that 400 decisions can go, under 5 % ever reach the stop rule: exactly."""
    reached, alive = 0.0, {0: 1.0}
    for n in range(1, 401):
        chances: dict[int, float] = {}
        for wins, chance in alive.items():
            for after in (wins, wins + 1):
                chances[after] = chances.get(after, 0.0) + chance / 2
        stopped = {wins for wins in chances if e_value(wins, n - wins) >= STOP}
        reached += sum(chances.pop(wins) for wins in stopped)
        alive = chances
    assert 0.005 < reached < 0.05


def test_simulated_comparisons_agree() -> None:
    """Of 2,000 simulated comparisons without a difference at most 5 % reach the stop rule; at 7 wins in 10 most do."""
    chance = random.Random(11)

    def ever_stops(rate: float) -> bool:
        wins = 0
        for n in range(1, 201):
            wins += chance.random() < rate
            if e_value(wins, n - wins) >= STOP:
                return True
        return False

    assert sum(ever_stops(0.5) for _ in range(2_000)) / 2_000 <= 0.05
    assert sum(ever_stops(0.7) for _ in range(300)) / 300 > 0.9


def test_evidence_grows_with_a_real_difference() -> None:
    """At seven wins in ten the evidence multiplies as pairs come in, and no number of pairs overflows."""
    grown = [e_value(7 * tens, 3 * tens) for tens in (1, 5, 10, 20)]
    assert grown == sorted(grown)
    assert grown[-1] > 1_000
    assert e_value(100_000, 0) > 1e100


def test_ties_decide_nothing_and_the_test_waits_for_the_end() -> None:
    """The win rate is of decided pairs; the p-value is told once, when all pairs of the start are judged."""
    found = Preferences(wins=14, losses=4, equal=3, both_bad=2, identical=5)
    assert (found.rate.k, found.rate.n, found.ties, found.judged) == (14, 18, 10, 28)
    assert found.p_value is None
    final = Preferences(wins=14, losses=4, is_final=True)
    assert final.p_value == pytest.approx(binomtest(14, 18).pvalue)
    assert Preferences(is_final=True).p_value is None
    assert Preferences().evidence == pytest.approx(1.0)
