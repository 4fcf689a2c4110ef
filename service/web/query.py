"""What the address of a page asks for; a value that we do not know filters nothing, as an empty one does."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import ImmutableMultiDict

_MAX_CHARS = 100

Word = TypeVar("Word", bound=StrEnum)


def text(query: Mapping[str, str], name: str, most: int = _MAX_CHARS) -> str | None:
    """Return the value; None when it is empty, longer than *most* characters, or cannot be printed."""
    value = query.get(name, "").strip()
    return value if value and len(value) <= most and value.isprintable() else None


def texts(query: ImmutableMultiDict[str, str], name: str, most: int) -> tuple[str, ...]:
    """Return the words that are there under the *name*, each once, *most* of them at most; none with a space in it."""
    found = (value.strip() for value in query.getlist(name))
    good = (value for value in found if value and len(value) <= _MAX_CHARS and value.isprintable())
    return tuple(dict.fromkeys(value for value in good if len(value.split()) == 1))[:most]


def day(query: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(query.get(name, ""))
    except ValueError:
        return None


def word(query: Mapping[str, str], name: str, words: type[Word]) -> Word | None:
    return next((each for each in words if each.value == query.get(name)), None)
