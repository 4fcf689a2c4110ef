"""Business variables: declared by the brand, checked when the ticket comes in, written as the language writes them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal
from urllib.parse import urlsplit

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from pydantic import BaseModel, ConfigDict, model_validator

from service.errors import Pointer, VariableError

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MAX_CHARS = 2_000
_MAX_ITEMS = 100

type_names = Literal["text", "integer", "decimal", "money", "date", "datetime", "url", "email", "enum", "list"]


class Declaration(BaseModel):
    """What a brand says of one variable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: type_names
    description: str = ""
    required: bool = False
    sample: object = None
    values: tuple[str, ...] = ()
    """For `enum`: what may be sent."""
    currency: str | None = None
    """For `money`: ISO 4217."""

    @model_validator(mode="after")
    def _is_whole(self) -> "Declaration":
        if self.type == "enum" and not self.values:
            raise ValueError("an enum lists its values")
        if self.type == "money" and not self.currency:
            raise ValueError("money names its currency")
        return self


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    description: str
    text: str
    """The value as the reply's language writes it: 24 novembre 2026, 1 234,50 €."""


def check_variables(
    declared: Mapping[str, Declaration], sent: Mapping[str, object], language: str
) -> tuple[Variable, ...]:
    """
    Return the variables that were sent, in the order of their declarations, written for *language*.

    Raises:
        VariableError: One is missing, unknown or ill-typed; there is a pointer for each.
    """
    wrong = [
        Pointer(f"/variables/{_escape(name)}", "not declared by the brand") for name in sent if name not in declared
    ]
    written = []
    for name, declaration in declared.items():
        if sent.get(name) is None:
            if declaration.required:
                wrong.append(Pointer(f"/variables/{_escape(name)}", f"missing: a {declaration.type} is required"))
            continue
        try:
            text = _WRITERS[declaration.type](sent[name], declaration, language)
        except (ValueError, TypeError, InvalidOperation, OverflowError):
            wrong.append(Pointer(f"/variables/{_escape(name)}", _expectation(declaration)))
        else:
            written.append(Variable(name, declaration.description, text))
    if wrong:
        raise VariableError("The variables do not fit what the brand declares.", tuple(wrong))
    return tuple(written)


def _expectation(declaration: Declaration) -> str:
    if declaration.type == "enum":
        return "one of: " + ", ".join(declaration.values)
    form = {
        "date": "a date as 2026-11-24",
        "datetime": "a date and time as 2026-11-24T09:30:00+01:00",
        "money": "an amount as a number or as text: 1234.50",
        "decimal": "a number, or text that is one: 1234.5",
        "integer": "a whole number",
        "url": "an http or https address",
        "email": "an e-mail address",
        "list": "a list of short texts",
    }
    return "expected " + form.get(declaration.type, f"text of at most {_MAX_CHARS} characters")


def _text(value: object, _declaration: Declaration, _language: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or str(value) in {"inf", "-inf", "nan"}:
        raise TypeError
    text = " ".join(str(value).split())
    if not text or len(text) > _MAX_CHARS:
        raise ValueError
    return text


def _integer(value: object, _declaration: Declaration, language: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return format_decimal(int(value), locale=language)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValueError
    return number


def _decimal(value: object, _declaration: Declaration, language: str) -> str:
    return format_decimal(_number(value), locale=language, decimal_quantization=False)


def _money(value: object, declaration: Declaration, language: str) -> str:
    return format_currency(_number(value), declaration.currency or "", locale=language)


def _date(value: object, _declaration: Declaration, language: str) -> str:
    return format_date(date.fromisoformat(_string(value)), format="long", locale=_locale(language))


def _datetime(value: object, _declaration: Declaration, language: str) -> str:
    return format_datetime(datetime.fromisoformat(_string(value)), format="long", locale=_locale(language))


def _url(value: object, _declaration: Declaration, _language: str) -> str:
    text = _string(value)
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"]", text):
        raise ValueError
    return text


def _email(value: object, _declaration: Declaration, _language: str) -> str:
    text = _string(value)
    if not _EMAIL.fullmatch(text):
        raise ValueError
    return text


def _enum(value: object, declaration: Declaration, _language: str) -> str:
    text = _string(value)
    if text not in declaration.values:
        raise ValueError
    return text


def _list(value: object, declaration: Declaration, language: str) -> str:
    if not isinstance(value, list | tuple) or not value or len(value) > _MAX_ITEMS:
        raise ValueError
    return ", ".join(_text(item, declaration, language) for item in value)


def _string(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_CHARS:
        raise TypeError
    return value.strip()


def _locale(language: str) -> str:
    """Day before month in English too: our English brands write 24 November 2026."""
    return "en_GB" if language == "en" else language


def _escape(name: str) -> str:
    return name[:100].replace("~", "~0").replace("/", "~1")


_WRITERS: dict[str, Callable[[object, Declaration, str], str]] = {
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
