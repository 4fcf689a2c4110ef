"""Markdown that Notion, Obsidian and our own reader take alike: front matter, tables, fences that hold any text."""

import re
from collections.abc import Iterable, Mapping, Sequence

import yaml


def page(matter: Mapping[str, object], *parts: str) -> str:
    """Return a page with front matter; empty parts are left out."""
    stated = yaml.safe_dump(dict(matter), sort_keys=False, allow_unicode=True, width=1_000)
    return f"---\n{stated}---\n\n" + "\n\n".join(part for part in parts if part) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table, or nothing when it has no rows."""
    lines = ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads), *lines])


def cell(value: object) -> str:
    """Return *value* as text that stays in its cell; a link that we wrote stays one."""
    if isinstance(value, Link):
        return str(value)
    return plain("" if value is None else str(value))


def plain(text: str) -> str:
    """Return *text* on one line, nothing in it read as markup."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def fence(text: str, language: str = "") -> str:
    """Return *text* as a block of code that its own backticks cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{text.rstrip()}\n{marks}"


class Link(str):
    """A link to a page of the handbook, by its path from the page that shows it."""

    __slots__ = ()

    @classmethod
    def to(cls, words: str, path: str) -> "Link":
        return cls(f"[{plain(words)}]({path})")
