"""Figures over time."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.review.statistics.series import daily, quantile, week_of


def test_a_day_without_replies_is_a_gap() -> None:
    """A day of which nothing is known is a gap, and a day with zero hand-offs is zero."""
    found = daily({date(2026, 11, 1): 4, date(2026, 11, 3): 0}, date(2026, 11, 1), date(2026, 11, 4))
    assert [value for _, value in found] == [4, None, 0, None]


def test_a_week_begins_on_monday() -> None:
    """Sunday belongs to the week of the Monday before."""
    assert week_of(date(2026, 11, 22)) == date(2026, 11, 16)
    assert week_of(date(2026, 11, 23)) == date(2026, 11, 23)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0, 1))
def test_quantiles_are_those_of_spreadsheets(values: list[float], share: float) -> None:
    """A quantile equals NumPy's; an empty series has none."""
    assert quantile(sorted(values), share) == pytest.approx(float(np.quantile(values, share)))
    assert quantile([], 0.5) is None
