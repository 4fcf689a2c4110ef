"""What the address of a page asks for; a value that we do not know filters nothing, as an empty one does."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

_MAX_CHARS = 100

Word = TypeVar("Word", bound=StrEnum)


def text(query: Mapping[str, str], name: str, most: int = _MAX_CHARS) -> str | None:
    """Return the value; None when it is empty, longer than *most* characters, or cannot be printed."""
    value = query.get(name, "").strip()
    return value if value and len(value) <= most and value.isprintable() else None


def day(query: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(query.get(name, ""))
    except ValueError:
        return None


def word(query: Mapping[str, str], name: str, words: type[Word]) -> Word | None:
    return next((each for each in words if each.value == query.get(name)), None)
