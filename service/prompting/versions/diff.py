"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\w+|\s|[^\w\s]")
_MAX_WORDS = 3_000
"""Of a changed block: beyond it lines are compared, not words; comparing takes the square of it."""


class Change(StrEnum):
    EQUAL = "equal"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    change: Change
    text: str
    """Never empty."""


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """
    Return the pieces in reading order; neighbours differ in kind, and what was deleted stands before what replaced it.

    All that is not `inserted`, joined, is *old*; all that is not `deleted`, joined, is *new*.
    """
    return tuple(_joined(_lines(old.splitlines(keepends=True), new.splitlines(keepends=True))))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for before, after, is_equal in _blocks(old, new):
        if is_equal:
            yield Piece(Change.EQUAL, before)
        else:
            yield from _words(_WORD.findall(before), _WORD.findall(after))


def _words(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if len(old) + len(new) > _MAX_WORDS:
        yield from (Piece(Change.DELETED, "".join(old)), Piece(Change.INSERTED, "".join(new)))
        return
    for before, after, is_equal in _blocks(old, new):
        if is_equal:
            yield Piece(Change.EQUAL, before)
        else:
            yield from (Piece(Change.DELETED, before), Piece(Change.INSERTED, after))


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield "".join(old[a:b]), "".join(new[c:d]), kind == "equal"


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join neighbours of one kind; a lone space between two replaced words counts as replaced: easier to read."""
    equal, changed = "", {Change.DELETED: "", Change.INSERTED: ""}
    for piece in pieces:
        if piece.change is not Change.EQUAL:
            changed[piece.change] += piece.text
        elif piece.text.isspace() and all(changed.values()):
            changed = {kind: text + piece.text for kind, text in changed.items()}
        elif any(changed.values()):
            yield from _pieces(equal, changed)
            equal, changed = piece.text, dict.fromkeys(changed, "")
        else:
            equal += piece.text
    yield from _pieces(equal, changed)


def _pieces(equal: str, changed: dict[Change, str]) -> Iterator[Piece]:
    for kind, text in ((Change.EQUAL, equal), *changed.items()):
        if text:
            yield Piece(kind, text)
