"""The types of business values: each is read strictly from JSON or YAML, and written as a language writes it."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_currency, format_decimal, get_currency_precision, list_currencies

MAX_CHARS = 2_000
MAX_ITEMS = 100

TypeName = Literal["text", "integer", "decimal", "money", "date", "datetime", "url", "email", "enum", "list"]
ItemType = Literal["text", "integer", "decimal", "money", "date", "datetime", "url", "email", "enum"]

_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,12})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>\"',;:]{1,64}@[^@\s<>\"',;:.]+(?:\.[^@\s<>\"',;:.]+)+")
_AT = {"fr": "{1} à {0}", "en": "{1} at {0}"}
"""As in a sentence; the CLDR's own pattern has a comma there."""
_CURRENCIES = frozenset(list_currencies())


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str
    """ISO 4217."""

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


Value: TypeAlias = str | int | Decimal | Money | date | datetime | tuple["Value", ...]


class Shape(Protocol):
    """What a declaration says of the value's form."""

    @property
    def type(self) -> TypeName: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def items(self) -> ItemType: ...


@dataclass(frozen=True, slots=True)
class Written:
    """Where a value is written for."""

    language: str
    zone: ZoneInfo

    @property
    def locale(self) -> str:
        """Day before month in English too: our English brands write 24 November 2026."""
        return "en_GB" if self.language == "en" else self.language


def read_value(value: object, shape: Shape) -> Value:
    """Return *value* as its declared type; ValueError, TypeError or ArithmeticError when it is none."""
    return _READERS[shape.type](value, shape)


def write_value(value: Value, written: Written) -> str:
    """Return *value* as the language writes it: 24 novembre 2026, 1 234,50 €; lists with commas between the items."""
    match value:
        case tuple():
            return ", ".join(write_value(item, written) for item in value)
        case Money(amount, currency):
            # Babel leaves out the CLDR's space between a currency's letters and its figure.
            said = str(format_currency(amount, currency, locale=written.locale))
            return re.sub(r"(?<=[A-Z]{3})(?=\d)", "\u00a0", said)
        case datetime():
            return _moment(value, written)
        case date():
            return _day(value, written)
        case int() | Decimal():
            return str(format_decimal(value, locale=written.locale, decimal_quantization=False))
        case str():
            return value


def expectation(shape: Shape) -> str:
    """Say what is expected, for the one who sent something else."""
    one = _form(shape.items if shape.type == "list" else shape.type, shape)
    return f"expected a list of 1 to {MAX_ITEMS} values, each {one}" if shape.type == "list" else f"expected {one}"


def _form(kind: str, shape: Shape) -> str:
    forms = {
        "enum": "one of: " + ", ".join(shape.values),
        "date": "a date as 2026-11-24",
        "datetime": "a date and time as 2026-11-24T09:30:00+01:00",
        "money": f"an amount as 1234.50{' in ' + shape.currency if shape.currency else ', with its currency'}",
        "decimal": "a number, or text that is one: 1234.5",
        "integer": "a whole number",
        "url": "an http or https address",
        "email": "an e-mail address",
    }
    return forms.get(kind, f"text of 1 to {MAX_CHARS} characters")


def is_currency(code: str) -> bool:
    return code in _CURRENCIES


def _moment(value: datetime, written: Written) -> str:
    """Write date and time in the brand's zone, seconds only where there are some; no zone, since it is the brand's."""
    local = value.astimezone(written.zone) if value.tzinfo else value
    day = _day(local.date(), written)
    hour = format_time(local.time(), format="medium" if local.second else "short", locale=written.locale)
    pattern = _AT.get(written.language) or str(get_datetime_format("long", locale=written.locale)).replace("'", "")
    return pattern.replace("{1}", day).replace("{0}", hour)


def _day(value: date, written: Written) -> str:
    said = str(format_date(value, format="long", locale=written.locale))
    return re.sub(r"^1(?= )", "1er", said) if written.language == "fr" else said


def _text(value: object, _shape: Shape) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    if isinstance(value, float):
        value = format(_number(value), "f")
    return _line(str(value))


def _line(text: str) -> str:
    """Return *text* on one line, in NFC, without invisible characters."""
    if len(text) > MAX_CHARS:
        raise ValueError
    shown = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    line = unicodedata.normalize("NFC", " ".join(shown.split()))
    if not line or any(unicodedata.category(letter) in {"Cc", "Cs", "Cn"} for letter in line):
        raise ValueError
    return line


def _integer(value: object, _shape: Shape) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return int(_matched(_INTEGER, str(value)))


def _decimal(value: object, _shape: Shape) -> Decimal:
    return _number(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise TypeError
    written = (
        value.strip()
        if isinstance(value, str)
        else format(Decimal(repr(value) if isinstance(value, float) else value), "f")
    )
    return Decimal(_matched(_DECIMAL, written))


def _money(value: object, shape: Shape) -> Money:
    amount, currency = value, shape.currency
    if isinstance(value, dict):
        if set(value) != {"amount", "currency"} or (currency and value["currency"] != currency):
            raise ValueError
        amount, currency = value["amount"], value["currency"]
    if not isinstance(currency, str) or not is_currency(currency):
        raise ValueError
    number = _number(amount)
    # Rounding would write another amount than the one that was sent.
    if number != round(number, get_currency_precision(currency)):
        raise ValueError
    return Money(number, currency)


def _date(value: object, _shape: Shape) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return date.fromisoformat(_matched(_DATE, value))


def _datetime(value: object, _shape: Shape) -> datetime:
    read = value if isinstance(value, datetime) else datetime.fromisoformat(_matched(_DATETIME, value))
    # The first and last days have no place in another time zone.
    if not date.min.year < read.year < date.max.year:
        raise ValueError
    return read.replace(microsecond=0)


def _url(value: object, _shape: Shape) -> str:
    text = _matched(re.compile(r"[!-~\u00a1-\uffff]{1,2000}"), value)
    parts = urlsplit(text)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or "@" in parts.netloc
        or re.search(r"[<>\"`{}|\\^]", text)
    ):
        raise ValueError
    return _line(text)


def _email(value: object, _shape: Shape) -> str:
    return _line(_matched(_EMAIL, value))


def _enum(value: object, shape: Shape) -> str:
    sent = unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else None
    listed = next((each for each in shape.values if unicodedata.normalize("NFC", each) == sent), None)
    if listed is None:
        raise ValueError
    return listed


def _list(value: object, shape: Shape) -> tuple[Value, ...]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MAX_ITEMS:
        raise ValueError
    return tuple(_READERS[shape.items](item, shape) for item in value)


def _matched(pattern: re.Pattern[str], value: object) -> str:
    text = value.strip() if isinstance(value, str) and len(value) <= MAX_CHARS else None
    if text is None or not pattern.fullmatch(text):
        raise ValueError
    return text


_READERS: dict[str, Callable[[object, Shape], Value]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "date": _date,
    "datetime": _datetime,
    "url": _url,
    "email": _email,
    "enum": _enum,
    "list": _list,
}
