"""Business variables: declared by the brand, checked when the ticket comes in, written as the language writes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.errors import Pointer, VariableError
from service.prompting.variables.values import (
    ItemType,
    TypeName,
    Value,
    Written,
    expectation,
    is_currency,
    read_value,
    write_value,
)

EXPIRED = "expired: send a newer value, or none"
ENVELOPE = "expected beside the value as_of and valid_until only, each as 2026-11-24T09:30:00Z"
_UNREADABLE = (ValueError, TypeError, ArithmeticError)
_UNITS = {"minutes": 60, "hours": 3600, "days": 86400}
_ENVELOPE = frozenset({"value", "as_of", "valid_until"})


class Declaration(BaseModel):
    """What a brand says of one variable."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    type: TypeName
    """`text`, `integer`, `decimal`, `money`, `date`, `datetime`, `url`, `email`, `enum` or `list`."""
    description: str = ""
    """Told to the chat model beside the value, and to people in the form."""
    required: bool = False
    """True refuses a ticket without it."""
    default: Any = None
    """The value when none is sent."""
    sample: Any = None
    """An example, for forms and previews; the lint says when it does not fit the type."""
    values: tuple[str, ...] = ()
    """For `enum`: what may be sent."""
    currency: str | None = None
    """For `money`: ISO 4217; left out, each value brings its own: `{"amount": "12.50", "currency": "EUR"}`."""
    items: ItemType = "text"
    """For `list`: the type of each item."""
    valid_until: date | None = None
    """After this day (in the brand's time zone) every value is expired: a promotion's code."""
    expires_after: str | None = Field(None, pattern=r"^[1-9]\d{0,3} (minutes|hours|days)$")
    """A value whose `as_of` lies longer back is expired: `24 hours`. One sent without `as_of` is of this moment."""
    fallback: Literal["refuse", "default", "leave_out"] = "refuse"
    """For an ill-typed or expired value: the ticket is refused, `default` is used, or it counts as not sent."""
    sensitive: bool = False
    """True masks it on the pages of the log; the reply itself may still say it."""

    @model_validator(mode="after")
    def _is_whole(self) -> "Declaration":
        if "enum" in {self.type, self.items} and not self.values:
            raise ValueError("an enum lists its values")
        if self.currency is not None and not is_currency(self.currency):
            raise ValueError("currency is a code of ISO 4217, such as EUR")
        if self.fallback == "default" and self.default is None:
            raise ValueError("fallback: default needs a default")
        try:
            _ = self.default is None or read_value(self.default, self)
        except _UNREADABLE:
            raise ValueError(f"default does not fit the type: {expectation(self)}") from None
        return self

    @property
    def longest_age(self) -> timedelta | None:
        if self.expires_after is None:
            return None
        number, unit = self.expires_after.split()
        return timedelta(seconds=int(number) * _UNITS[unit])


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that a reply may state."""

    name: str
    description: str
    text: str
    """The value as the reply's language writes it: 24 novembre 2026, 1 234,50 €."""
    value: Value = ""
    """The value itself; its `str` is the form of ISO 8601, or `1234.50 EUR`."""
    type: TypeName = "text"
    sensitive: bool = False
    is_default: bool = False
    """Whether the brand's default stands in for a value that was not sent, or not usable."""

    @property
    def forms(self) -> tuple[str, ...]:
        """Each way in which a reply may say it: as written for the reader and in the form of ISO, items one by one."""
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return tuple(dict.fromkeys(form for form in (self.text, *map(str, values)) if form))


def check_variables(
    declared: Mapping[str, Declaration],
    sent: Mapping[str, object],
    language: str,
    *,
    now: datetime | None = None,
    zone: str = "UTC",
) -> tuple[Variable, ...]:
    """
    Return the variables of a ticket, in the order of their declarations, written for *language*.

    *now* is the moment of the reply, *zone* the brand's time zone. A value may be sent as it is, or with its age:
    `{"value": …, "as_of": "2026-11-24T09:00:00Z", "valid_until": "2026-11-30T18:00:00Z"}`.

    Raises:
        VariableError: One is missing, unknown, ill-typed or expired; there is a pointer for each.
    """
    wrong = [
        Pointer(f"/variables/{_escape(name)}", "not declared by the brand") for name in sent if name not in declared
    ]
    written = Written(language, ZoneInfo(zone))
    variables = []
    for name, declaration in declared.items():
        try:
            variable = _variable(
                name, declaration, sent.get(name), _Clock(now or datetime.now(UTC), written.zone), written
            )
        except _WrongValueError as exc:
            wrong.append(Pointer(f"/variables/{_escape(name)}", exc.detail))
        else:
            variables += [variable] if variable else []
    if wrong:
        raise VariableError("The variables do not fit what the brand declares.", tuple(wrong))
    return tuple(variables)


class _WrongValueError(Exception):
    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Clock:
    now: datetime
    zone: ZoneInfo

    def has_expired(self, declaration: Declaration, as_of: datetime | None, valid_until: datetime | None) -> bool:
        if declaration.valid_until and self.now.astimezone(self.zone).date() > declaration.valid_until:
            return True
        if valid_until and self.now > valid_until:
            return True
        return bool(declaration.longest_age and as_of and self.now - as_of > declaration.longest_age)


def _variable(name: str, declaration: Declaration, sent: object, clock: _Clock, written: Written) -> Variable | None:
    value, is_default = None, False
    if sent is not None:
        try:
            value = _read(sent, declaration, clock)
        except _WrongValueError:
            if declaration.fallback == "refuse":
                raise
    if value is None and declaration.default is not None and (sent is None or declaration.fallback == "default"):
        value, is_default = read_value(declaration.default, declaration), True
    if value is None and declaration.required:
        raise _WrongValueError(f"missing: a {declaration.type} is required")
    if value is None:
        return None
    text = write_value(value, written)
    return Variable(name, declaration.description, text, value, declaration.type, declaration.sensitive, is_default)


def _read(sent: object, declaration: Declaration, clock: _Clock) -> Value:
    value, as_of, valid_until = sent, None, None
    if isinstance(sent, dict) and "value" in sent:
        value, as_of, valid_until = _opened(sent)
    try:
        read = read_value(value, declaration)
    except _UNREADABLE:
        raise _WrongValueError(expectation(declaration)) from None
    if clock.has_expired(declaration, as_of, valid_until):
        raise _WrongValueError(EXPIRED)
    return read


def _opened(envelope: Mapping[str, object]) -> tuple[object, datetime | None, datetime | None]:
    try:
        as_of, valid_until = _moment(envelope, "as_of"), _moment(envelope, "valid_until")
    except _UNREADABLE:
        raise _WrongValueError(ENVELOPE) from None
    if not envelope.keys() <= _ENVELOPE:
        raise _WrongValueError(ENVELOPE)
    return envelope["value"], as_of, valid_until


def _moment(envelope: Mapping[str, object], key: str) -> datetime | None:
    if envelope.get(key) is None:
        return None
    moment = datetime.fromisoformat(re.sub(r"Z$", "+00:00", str(envelope[key])))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _escape(name: str) -> str:
    return name[:100].replace("~", "~0").replace("/", "~1")
