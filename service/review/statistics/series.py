"""Figures over time and their quantiles."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import floor
from typing import TypeVar

Value = TypeVar("Value")


def daily(found: Mapping[date, Value], since: date, until: date) -> list[tuple[date, Value | None]]:
    """Return each day from *since* up to *until*, both in it; a day of which nothing is known is None, never zero."""
    days = (since + timedelta(days=number) for number in range((until - since).days + 1))
    return [(day, found.get(day)) for day in days]


def week_of(day: date) -> date:
    """Return the Monday of its week."""
    return day - timedelta(days=day.weekday())


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """
    Return the value below which a *share* in [0, 1] of *ordered* (ascending) lies; None when it is empty.

    Source: R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996),
    definition 7, which is that of NumPy and of spreadsheets.
    """
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
