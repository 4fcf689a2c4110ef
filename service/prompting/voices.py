"""A voice: how a brand speaks in one language, with the lines that begin and end its replies."""

import re
from datetime import datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Hours = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]

MAX_ENTRIES = 200
"""Of a list: a template loops over some of them."""

_NAMED = "{name}"
_MAX_NAME_CHARS = 40
_NAME = re.compile(r"\[NAME_\d{1,4}\]|[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")
_REGISTER_RULES = {
    ("fr", "formal"): "Address the customer with “vous”, never with “tu”.",
    ("fr", "informal"): "Address the customer with “tu”, never with “vous”.",
}
_OTHER_RULES = {"formal": "Address the customer formally.", "informal": "Address the customer informally."}


class Strict(BaseModel):
    """What a file may say, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class HourlyLines(Strict):
    """Lines that take the place of the usual ones at certain hours; those left out stay as usual."""

    hours: Hours
    """`18:00-05:00` in the brand's time zone: from the first minute, up to but without the last, over midnight too."""
    greeting: Line | None = None
    """Instead of the usual greeting."""
    greeting_unnamed: Line | None = None
    """Instead of the usual one for a ticket without a name."""
    closing: Line | None = None
    """Instead of the usual closing."""

    def covers(self, now: time) -> bool:
        begins, ends = (time.fromisoformat(each) for each in self.hours.split("-"))
        if begins < ends:
            return begins <= now < ends
        return now >= begins or now < ends


class Voice(Strict):
    """How the brand speaks in one language."""

    register_: Literal["formal", "informal"] = Field("formal", alias="register")
    """`formal` or `informal`; in French: vous or tu."""
    greeting: Line
    """The first line of a reply; holds `{name}`, the customer's first name."""
    greeting_unnamed: Line
    """The first line when the ticket gives no name."""
    closing: Line
    """The line before the signature; may hold `{name}`, which is left out when the ticket gives none."""
    at_hours: tuple[HourlyLines, ...] = Field((), max_length=24)
    """Other greetings and closings at certain hours; the first that covers the hour counts."""
    signature: Line
    """Who signs."""
    disclosure: Line | None = None
    """The last line of an automatic reply, saying that it is one; left out when the brand does not ask for it."""
    handoff: Line
    """What the customer may be told while the ticket waits for a person; promises nothing."""
    handoff_for: dict[str, Line] = Field(default={})
    """By hand-off topic: what the customer is told instead of `handoff`."""
    prefer: dict[Line, Line] = Field(default={}, max_length=MAX_ENTRIES)
    """By word or phrase: the one to write instead."""
    avoid: tuple[Line, ...] = Field((), max_length=MAX_ENTRIES)
    """Words and phrases that no reply may hold."""

    @model_validator(mode="after")
    def _greets_by_name(self) -> "Voice":
        greetings = [self.greeting, *(each.greeting for each in self.at_hours if each.greeting)]
        unnamed = [self.greeting_unnamed, *(each.greeting_unnamed for each in self.at_hours if each.greeting_unnamed)]
        if any(_NAMED not in greeting for greeting in greetings):
            raise ValueError("a greeting holds {name}; greeting_unnamed is the one without")
        if any(_NAMED in greeting for greeting in unnamed):
            raise ValueError("greeting_unnamed is for tickets without a name and cannot hold {name}")
        return self

    def register_rule(self, language: str) -> str:
        """Say for the chat model how the customer is addressed in *language*."""
        return _REGISTER_RULES.get((language, self.register_), _OTHER_RULES[self.register_])

    def greet(self, name: str | None, now: datetime | None = None) -> str:
        """Return the greeting for the first word of *name* at the local hour *now*; what is no name is left out."""
        first = first_name(name)
        if first is None:
            return self._line("greeting_unnamed", now)
        return self._line("greeting", now).replace(_NAMED, first)

    def close(self, name: str | None, now: datetime | None = None) -> str:
        """Return the closing line at the local hour *now*."""
        line = self._line("closing", now)
        first = first_name(name)
        return line.replace(_NAMED, first) if first else re.sub(r"[ \u00a0]*\{name\}", "", line)

    def handoff_message(self, topic: str | None) -> str:
        """Return what the customer may be told when *topic* sends the ticket to a person; None is no topic."""
        return self.handoff_for.get(topic or "", self.handoff)

    def _line(self, key: str, now: datetime | None) -> str:
        hourly = (getattr(each, key) for each in self.at_hours if now is not None and each.covers(now.time()))
        return str(next(filter(None, hourly), getattr(self, key)))


def first_name(name: str | None) -> str | None:
    """Return the first word of *name*, or its placeholder; None when it cannot be a name (markup, figures, endless)."""
    first = _NAME.match(name.strip()) if name else None
    return first.group() if first and len(first.group()) <= _MAX_NAME_CHARS else None
