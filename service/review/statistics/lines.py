"""The lines of a statistic: what the API returns, a page draws and tabulates, and a CSV holds."""

from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from service.review.statistics.intervals import Rate

Value: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    filters: dict[str, str] = field(default_factory=dict)
    """What the log is filtered by, beside the statistic's own filters, to show the replies behind the line."""

    def values(self) -> dict[str, Value]:
        """Return the figures by name, in order."""
        return {name: value for name, value in asdict(self).items() if name != "filters"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine(Line):
    """A share with its interval of 95 %; all None when *n* is 0."""

    k: int
    n: int
    rate: float | None
    low: float | None
    high: float | None
    few: bool
    """Whether fewer than 30 stand behind it."""


def figures(rate: Rate) -> dict[str, Any]:
    """Return a rate as the fields of a `RateLine`."""
    interval = rate.interval
    return {
        "k": rate.k,
        "n": rate.n,
        "rate": rate.value,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "few": rate.is_few,
    }
