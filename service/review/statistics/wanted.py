"""Which replies a statistic is asked about, and which ratings it may rest on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

MOST_VERSIONS = 6
"""Chosen at once: more curves and panels nobody tells apart."""

PERIOD = timedelta(days=29)
"""How far the first day lies before the last one, unless said: 30 days in all."""
_END = time(23, 59, 59, 999_999)


class Source(StrEnum):
    """Which ratings count; never both sorts under one heading unless that is asked for."""

    SAMPLE = "sample"
    """Drawn at random: the only ratings that tell the rate of all replies."""
    TARGETED = "targeted"
    """Read because something was wrong with them: they tell what goes wrong, never how often."""
    ALL = "all"


class By(StrEnum):
    """What approval is compared by."""

    VERSION = "version"
    TONE = "tone"
    LANGUAGE = "language"
    BRAND = "brand"


def period(since: date | None, until: date | None) -> tuple[datetime, datetime]:
    """Return the first moment of the first day and the last of the last one (UTC); 30 days up to today unless said."""
    last = until or datetime.now(UTC).date()
    first = since or last - min(PERIOD, last - date.min)
    return datetime.combine(first, time(), UTC), datetime.combine(last, _END, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Conditions that are given must all hold; both ends of the period belong to it."""

    since: datetime
    until: datetime
    brand: str | None = None
    tone: str | None = None
    language: str | None = None
    versions: tuple[str, ...] = ()
    """Replies of any of them; of every version when it is empty."""
    source: Source = Source.SAMPLE
    by: By = By.VERSION
    baseline: str | None = None
    """What the others are compared with; None for the one with the most ratings."""

    @property
    def days(self) -> tuple[date, date]:
        return self.since.date(), self.until.date()

    @property
    def filters(self) -> dict[str, str]:
        """What the log is filtered by to show the same replies."""
        first, last = self.days
        given = {"brand": self.brand, "tone": self.tone, "language": self.language, "version": " ".join(self.versions)}
        chosen = {name: value for name, value in given.items() if value}
        return {**chosen, "since": first.isoformat(), "until": last.isoformat()}
