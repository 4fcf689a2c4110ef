"""Intervals around rates and differences, against scipy and published examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from service.review.statistics.intervals import Rate, difference, more_to_tell, student


@given(n=st.integers(1, 2_000), share=st.floats(0, 1))
def test_a_rates_interval_is_wilsons(n: int, share: float) -> None:
    """The interval of every rate equals the score interval of scipy, and holds the rate."""
    k = round(share * n)
    rate = Rate.of(k, n)
    oracle = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert rate.interval is not None
    assert rate.interval.low == pytest.approx(oracle.low, abs=1e-9)
    assert rate.interval.high == pytest.approx(oracle.high, abs=1e-9)
    assert rate.interval.low - 1e-9 <= k / n <= rate.interval.high + 1e-9


def test_a_difference_is_newcombes() -> None:
    """The published example (56/70 against 48/80) comes out as in the paper's table for method 10."""
    found = difference(Rate.of(56, 70), Rate.of(48, 80))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)


def test_what_was_not_rated_has_no_figure() -> None:
    """Without a rating there is neither a rate nor a difference, and few ratings are called few."""
    nothing, few = Rate.of(0, 0), Rate.of(7, 9)
    assert nothing.value is None
    assert nothing.interval is None
    assert difference(nothing, few) is None
    assert few.is_few
    assert not Rate.of(20, 30).is_few


@pytest.mark.parametrize("freedom", [3, 4.5, 10, 29, 58, 1_000])
def test_students_quantile_is_near(freedom: float) -> None:
    """The quantile is within half a percent of scipy's."""
    assert student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=0.005)


@given(ks=st.tuples(st.integers(0, 60), st.integers(0, 60)), ns=st.tuples(st.integers(60, 90), st.integers(60, 90)))
def test_more_ratings_are_asked_for_both_ways_alike(ks: tuple[int, int], ns: tuple[int, int]) -> None:
    """Whichever is the baseline, the same number of ratings is missing; between equal shares none would tell."""
    one, other = Rate.of(ks[0], ns[0]), Rate.of(ks[1], ns[1])
    more = more_to_tell(one, other)
    assert more == more_to_tell(other, one)
    assert more is None or more > 0
    if one.value == other.value:
        assert more is None


def test_more_ratings_would_tell_ten_points_apart() -> None:
    """80 % and 90 % of 40 each are told apart at about 100 each: 1.96 √(0.16/n + 0.09/n) falls below 0.1 there."""
    more = more_to_tell(Rate.of(32, 40), Rate.of(36, 40))
    assert more is not None
    assert 100 <= more <= 160
    assert more_to_tell(Rate.of(0, 0), Rate.of(36, 40)) is None
