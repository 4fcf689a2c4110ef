"""The dates, times, months and days of the week in a levelled text, French and English, as comparable keys."""

import re
from collections.abc import Iterator

_MONTHS = (
    "janvier|january|janv|jan", "fevrier|february|fevr|feb|fev", "mars|march|mar", "avril|april|avr|apr", "mai|may",
    "juin|june|jun", "juillet|july|juil|jul", "aout|august|aug", "septembre|september|sept|sep", "octobre|october|oct",
    "novembre|november|nov", "decembre|december|dec",
)  # fmt: skip
_WEEKDAYS = (
    "lundis?|mondays?|mon", "mardis?|tuesdays?|tues?", "mercredis?|wednesdays?|wed", "jeudis?|thursdays?|thurs?",
    "vendredis?|fridays?|fri", "samedis?|saturdays?", "dimanches?|sundays?",
)  # fmt: skip
_MONTH = "(?:" + "|".join(_MONTHS) + ")"
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<iso>(\d{4})-(\d{2})-(\d{2}))(?:t[\d:+z.]*)?"
    r"|(?P<slashed>(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2}))"
    rf"|(?P<dayfirst>(\d{{1,2}})(?:er|st|nd|rd|th)?(?: of| de)? ?({_MONTH})\b\.?(?:,? (\d{{4}}))?)"
    rf"|(?P<monthfirst>({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d.,]?\d)(?: ?,? (\d{{4}}))?)"
    rf"|(?P<month>({_MONTH}) (\d{{4}}))"
    r")(?![\w/-])"
)
_TIME = re.compile(
    r"(?<![\w:.,])(?:(\d{1,2}) ?(?:h|heures?) ?(\d{2})(?: ?min)?|(\d{1,2}):(\d{2})(?: ?([ap])\.?m\b\.?)?"
    r"|(\d{1,2})(?:\.(\d{2}))? ?([ap])\.?m\b\.?)(?![\w:])|\b(midi|noon|midday)\b|\b(minuit|midnight)\b"
)
NAMED = "|".join((*_WEEKDAYS, *("|".join(written.split("|")[:2]) for written in _MONTHS)))
_NAMED = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<w{place}>{written})" for place, written in enumerate(_WEEKDAYS))
    + "|"
    + "|".join(
        f"(?P<m{place}>{written.split('|')[0]}|{written.split('|')[1]})" for place, written in enumerate(_MONTHS)
    )
    + r")\b"
)
_AMBIGUOUS = frozenset({"mon", "may", "march", "mars", "mar"})
_MONTH_NUMBER = {name: place for place, written in enumerate(_MONTHS, start=1) for name in written.split("|")}

DAYS_AND_MONTHS = frozenset(re.sub(r"s\?", "", "|".join((*_MONTHS, *_WEEKDAYS))).split("|"))
"""Their names, short and long: English writes them with a capital."""

Found = tuple[int, int, frozenset[str]]
"""Start, end, and the keys of what was written."""


def dates(levelled: str) -> Iterator[Found]:
    for found in _DATE.finditer(levelled):
        keys = _date_keys(found)
        if keys:
            yield found.start(), found.end(), keys


def times(levelled: str) -> Iterator[Found]:
    for found in _TIME.finditer(levelled):
        minutes = _minutes(found)
        if minutes is not None:
            yield found.start(), found.end(), frozenset({f"time:{minutes}"})


def named_days(levelled: str) -> Iterator[Found]:
    """Yield days of the week, and months without a day."""
    for found in _NAMED.finditer(levelled):
        if found.group() not in _AMBIGUOUS and found.lastgroup:
            yield found.start(), found.end(), frozenset({f"named:{found.lastgroup}"})


def _date_keys(found: re.Match[str]) -> frozenset[str]:
    parts = [part for part in found.groups()[_PLACES[str(found.lastgroup)]] if part is not None]
    match found.lastgroup, parts:
        case "iso", [year, month, day]:
            return _keys(year, int(month), int(day))
        case "slashed", [day, month, year]:
            first, second = int(day), int(month)
            return _keys(year, second, first) if second <= 12 else _keys(year, first, second)  # noqa: PLR2004
        case "dayfirst", [day, month, *year]:
            return _keys(year[0] if year else "", _MONTH_NUMBER[month], int(day))
        case "monthfirst", [month, day, *year]:
            return _keys(year[0] if year else "", _MONTH_NUMBER[month], int(day))
        case "month", [month, year]:
            return frozenset({f"date:{year}-{_MONTH_NUMBER[month]}-"})
    return frozenset()


_PLACES = {
    "iso": slice(1, 4),
    "slashed": slice(5, 8),
    "dayfirst": slice(9, 12),
    "monthfirst": slice(13, 16),
    "month": slice(17, 19),
}
"""Of the parts of each form of date among the groups of the pattern."""


def _keys(year: str, month: int, day: int) -> frozenset[str]:
    """Return the keys of a date; what is not said, year or day, is empty."""
    if not (1 <= month <= 12 and 1 <= day <= 31):  # noqa: PLR2004 - a calendar's
        return frozenset()
    full = f"20{year}" if len(year) == 2 else year  # noqa: PLR2004
    return frozenset({f"date:{full}-{month}-{day}"})


def _minutes(found: re.Match[str]) -> int | None:
    french_hour, french_minute, hour, minute, half, short, short_minute, short_half, noon, midnight = found.groups()
    if noon or midnight:
        return 720 if noon else 1440
    hours = int(french_hour or hour or short)
    minutes = int(french_minute or minute or short_minute or 0)
    if half or short_half:
        hours = hours % 12 + (12 if (half or short_half) == "p" else 0)
    return hours * 60 + minutes if hours <= 24 and minutes < 60 else None  # noqa: PLR2004 - a day's
