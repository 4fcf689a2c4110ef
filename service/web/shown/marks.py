"""A passage ready to be shown: its exact text in lines and cells, with the quotes marked at their offsets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*")
_SIGNS = (
    re.compile(r"^\s{0,3}(?P<sign>#{1,6}\s+)"),
    re.compile(r"(?<![\w*])(?P<sign>\*{1,2})[^\s*](?:[^*\n]*[^\s*])?(?P<end>(?P=sign))(?![\w*])"),
    re.compile(r"(?<!!)(?P<sign>\[)[^\[\]\n]+(?P<end>\]\([^()\s]*\))"),
)
"""Markdown's own signs: kept in the page's text, so that it stays the passage's, but not shown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A quote in a passage, in code points."""

    key: str
    """The citation's key on its page."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    keys: tuple[str, ...] = ()
    """The citations that quote it."""
    first: tuple[str, ...] = ()
    """Those of `keys` whose quote begins here."""
    is_syntax: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    """`heading`, `item`, `row`, `rule`, `blank` or `text`."""
    cells: tuple[tuple[Part, ...], ...]
    """One, but for a table's row; all parts' texts, joined, are the line with its end."""


@dataclass(frozen=True, slots=True)
class Block:
    is_table: bool
    lines: tuple[Line, ...]


def marked(text: str, marks: Sequence[Mark]) -> tuple[Block, ...]:
    """Return *text* cut into blocks; the parts' texts, joined, are *text* again, whatever it holds."""
    lines = list(_lines(text, marks))
    grouped = groupby(lines, key=lambda line: line.kind in {"row", "rule"})
    return tuple(Block(is_table, tuple(block)) for is_table, block in grouped)


def _lines(text: str, marks: Sequence[Mark]) -> Iterator[Line]:
    start = 0
    for line in re.findall(r"[^\n]*\n|[^\n]+$", text):
        kind = _kind(line.strip())
        yield Line(kind, tuple(_cells(line, start, kind, marks)))
        start += len(line)


def _kind(line: str) -> str:
    if not line:
        return "blank"
    if "|" in line and _RULE.fullmatch(line):
        return "rule"
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        return "row"
    if re.match(r"#{1,6}\s", line):
        return "heading"
    return "item" if re.match(r"(?:[-*•]|\d{1,2}[.)])\s", line) else "text"


def _cells(line: str, start: int, kind: str, marks: Sequence[Mark]) -> Iterator[tuple[Part, ...]]:
    pieces = re.findall(r"[^|]*\|\s*$|[^|]*\||[^|]+$", line) if kind == "row" else [line]
    if kind == "row" and not pieces[0].rstrip("|").strip():
        pieces = [pieces[0] + pieces[1], *pieces[2:]] if len(pieces) > 1 else pieces
    for piece in pieces:
        yield tuple(_parts(piece, start, kind, marks))
        start += len(piece)


def _parts(piece: str, start: int, kind: str, marks: Sequence[Mark]) -> Iterator[Part]:
    syntax = list(_syntax(piece, kind))
    near = [mark for mark in marks if mark.start < start + len(piece) and mark.end > start]
    edges = {0, len(piece), *(edge for span in syntax for edge in span)}
    edges |= {min(max(edge - start, 0), len(piece)) for mark in near for edge in (mark.start, mark.end)}
    ordered = sorted(edges)
    for left, right in pairwise(ordered):
        covering = [mark for mark in near if mark.start <= start + left and start + right <= mark.end]
        yield Part(
            piece[left:right],
            tuple(mark.key for mark in covering),
            tuple(mark.key for mark in covering if mark.start == start + left),
            any(begin <= left and right <= end for begin, end in syntax),
        )


def _syntax(piece: str, kind: str) -> Iterator[tuple[int, int]]:
    """Yield where *piece* is Markdown's own sign."""
    if kind == "rule":
        yield 0, len(piece)
    if kind == "row":
        yield from (bar.span() for bar in re.finditer(r"\|", piece))
    for signs in _SIGNS:
        for found in signs.finditer(piece):
            yield found.span("sign")
            if "end" in signs.groupindex:
                yield found.span("end")
