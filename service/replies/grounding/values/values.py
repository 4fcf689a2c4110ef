"""The values in a text: amounts, durations, dates, times, percentages, codes, addresses, each as comparable keys."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.replies.grounding.level import level
from service.replies.grounding.values.calendar import NAMED, dates, named_days, times
from service.replies.grounding.values.numbers import SPOKEN, Number, numbers
from service.replies.grounding.values.units import CURRENCIES, LASTING, currency_before, unit_after

_ADDRESS = re.compile(
    r"https?://[^\s<>\"')\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.-])(?:www\.)?(?:[a-z0-9-]+\.)+(?:com|fr|org|net|io|eu|gov|edu|uk|be|ch|ca|lu|de|info|app|dev|example)"
    r"(?![\w-])(?:/[^\s<>\"')\]]*)?"
)
_PHONE = re.compile(r"(?<![\w.,])(?:\+\d{1,3}[ .-]?(?:\(0\)[ .-]?)?|0)\d(?:[ .-]?\d){6,11}(?!\w)")
_CODE = re.compile(
    r"(?<![\w.-])(?!(?:mid|post|pre|early|late|mi|debut|fin)-)(?=[\w./-]*\d)(?:[a-z]{1,8}[-/]?\d+(?:[-./]?[a-z0-9]+)*|\d+[-/]?[a-z]+[-/]?\d[\w-]*|\d+(?:\.\d+){2,}"
    r"|\d+/\d+)(?!\w)"
)
_RANGE = re.compile(r" ?(?:-|a|to|ou|or|et|and|/|puis|then) ?$")
_HALF = re.compile(r"\b(?:half an hour|half-hour|demi-heure)\b|\b(?:la |de )?moitie\b|\bhalf(?![ -](?:past|day))\b")
_HINT = re.compile(
    rf"[\d@]|www\.|\w\.(?:com|fr|org|net|io|eu|gov|edu|uk|be|ch|ca|lu|de|info|app|dev|example)|{_HALF.pattern}"
    rf"|\b(?:{SPOKEN}|{NAMED}|midi|noon|midday|minuit|midnight)\b"
)
"""What most sentences do not have, so that they need not be searched for every kind."""
_AND_A_HALF = re.compile(r" (?:et demie?|and a half)\b")


@dataclass(frozen=True, slots=True)
class Value:
    written: str
    start: int
    end: int
    keys: frozenset[str]
    """What it says; two values are the same when they share one. Ambiguous writings have several."""
    plain: frozenset[str]
    """What a shorter way to write it would say: a number without its unit, a date without its year."""
    unit: str | None = None
    """For a number: its kind of unit; None for a bare number and for what is no number."""
    is_doubtful: bool = False
    """Whether it may say nothing: the articles of "a week", "un jour"."""

    @property
    def is_address(self) -> bool:
        return any(key.startswith("address:") for key in self.keys)

    @property
    def is_undated(self) -> bool:
        """Whether it is a day without a year."""
        return any(key.startswith("date:-") for key in self.keys)


@lru_cache(maxsize=8192)
def values(text: str) -> tuple[Value, ...]:
    """Return the values in *text* in their order; equal ones are kept."""
    levelled = level(text)
    if not _HINT.search(levelled):
        return ()
    found = [*_outright(text, levelled)]
    rest = _without(levelled, found)
    found += _counted(text, rest)
    found += [_value(text, start, end, keys) for start, end, keys in named_days(_without(levelled, found))]
    return tuple(sorted(found, key=lambda value: value.start))


def without_addresses(text: str) -> str:
    """Return *text* without its web and mail addresses."""
    return _ADDRESS.sub(" ", text) if "://" in text or "@" in text or "www." in text else text


def backs(source: Iterable[Value], value: Value) -> bool:
    """
    Whether *source* says *value*.

    A bare number is also said by an equal one with a unit, and a date by the same day where either has no year.
    """
    return any(
        value.keys & said.keys or value.keys & said.plain or (said.is_undated and said.keys & value.plain)
        for said in source
    )


def _outright(text: str, levelled: str) -> Iterator[Value]:
    """Yield what is recognised by its form, in an order in which the longer form comes first."""
    taken: list[Value] = []
    for read in (_addresses, dates, _phones, times, _codes, _halves):
        for start, end, keys in list(read(_without(levelled, taken))):
            taken.append(_value(text, start, end, keys))
    return iter(taken)


def _value(text: str, start: int, end: int, keys: frozenset[str]) -> Value:
    plain = frozenset(part for key in keys for part in _parts(key))
    return Value(text[start:end].strip(), start, end, keys, plain)


def _parts(key: str) -> Iterator[str]:
    """Yield what a date or a month also says: the day without its year, the year, the month."""
    kind, _, said = key.partition(":")
    if kind == "date":
        year, month, day = said.split("-")
        yield f"named:m{int(month) - 1}"
        yield f"number:{year}"
        yield f"date:-{month}-{day}"


def _addresses(levelled: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    for found in _ADDRESS.finditer(levelled):
        written = found.group().rstrip(".,;:!?…»”*_")
        bare = re.sub(r"^https?://|^www\.", "", re.sub(r"^https?://", "", written)).rstrip("/")
        yield found.start(), found.start() + len(written), frozenset({f"address:{bare}"})


def _phones(levelled: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    for found in _PHONE.finditer(levelled):
        digits = re.sub(r"\D", "", found.group().replace("(0)", ""))
        yield found.start(), found.end(), frozenset({f"phone:{digits[-9:]}"})


def _codes(levelled: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    for found in _CODE.finditer(levelled):
        yield found.start(), found.end(), frozenset({f"code:{found.group().replace('-', '')}"})


def _halves(levelled: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    for found in _HALF.finditer(levelled):
        is_time = "h" in found.group()[-4:] and found.group() != "half"
        yield found.start(), found.end(), frozenset({"minute:30" if is_time else "percent:50"})


def _counted(text: str, levelled: str) -> Iterator[Value]:
    """Yield numbers with their units; the first of "3 to 5 days" has the unit of the second."""
    waiting: list[Number] = []
    end = 0
    for number in numbers(levelled):
        if number.start < end:
            continue
        if waiting and not _RANGE.fullmatch(levelled[waiting[-1].end : number.start]):
            yield from (_number(text, each, None, 1, each.start, each.end) for each in waiting)
            waiting = []
        before, after = currency_before(levelled, number.start), unit_after(levelled, number.end)
        if not before and not after:
            waiting.append(number)
            end = number.end
            continue
        kind, factor, end = (before[0], 1.0, number.end) if before else after or ("", 1.0, number.end)
        start = before[1] if before else number.start
        yield from (_number(text, each, kind, factor, each.start, each.end) for each in waiting)
        waiting = []
        yield _number(text, number, kind, factor, start, end, levelled)
    yield from (_number(text, each, None, 1, each.start, each.end) for each in waiting)


def _number(  # noqa: PLR0913, PLR0917 - one reading of one place
    text: str, number: Number, kind: str | None, factor: float, start: int, end: int, levelled: str = ""
) -> Value:
    half = 0.5 if kind in LASTING and _AND_A_HALF.match(levelled, end) else 0.0
    plain = frozenset(f"number:{amount:g}" for amount in number.amounts)
    keys = frozenset(key for amount in number.amounts for key in _keys(kind, amount + half, factor)) if kind else plain
    doubtful = number.is_doubtful and (kind is None or text[start:end].casefold() in {"un jour", "une heure"})
    return Value(text[start:end].strip(), start, end, keys, plain, kind, doubtful)


def _keys(kind: str | None, amount: float, factor: float) -> Iterator[str]:
    if kind == "hundredth":
        yield from (f"{currency}:{amount / 100:.10g}" for currency in CURRENCIES)
        return
    yield f"{kind}:{amount * factor:.10g}"
    if kind == "minute" and factor == 60 and amount <= 24:  # noqa: PLR2004 - "24 h" is a time of day or a duration
        yield f"time:{amount * 60:g}"


def _without(levelled: str, taken: Iterable[Value]) -> str:
    letters = list(levelled)
    for value in taken:
        letters[value.start : value.end] = "\x01" * (value.end - value.start)
    return "".join(letters)
