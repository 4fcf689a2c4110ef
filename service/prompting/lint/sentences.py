"""The sentences of a prompt file, each with its line; Jinja's braces are blanked out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.prompting.lint.findings import Place

_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SLOT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_BLOCK = re.compile(r"^[ \t]*(?:#{1,6}|[-*•]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
_END = re.compile(r"(?<=[.!?;])[\s\u00a0\u202f]+|\n[ \t]*\n")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SLOT = "…"
"""Stands for a slot that the service fills in."""


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    """On one line, without list marks; `…` for each character of a slot."""
    place: Place

    @property
    def words(self) -> list[str]:
        return _WORD.findall(self.text)


def sentences(text: str, file: str, first_line: int = 1) -> Iterator[Sentence]:
    """Yield the sentences of *text*, which begins at *first_line* of *file*; list items and paragraphs end them too."""
    # A list mark becomes a line break, so that the item before it ends there.
    blank = _BLOCK.sub(lambda mark: "\n" + " " * (len(mark.group()) - 1), _blanked(text))
    start = 0
    for end in [*_END.finditer(blank), None]:
        piece = blank[start : end.start() if end else None]
        if _WORD.search(piece):
            line = first_line + text.count("\n", 0, start + len(piece) - len(piece.lstrip()))
            yield Sentence(" ".join(piece.split()), Place(file, line))
        start = end.end() if end else len(blank)


def _blanked(text: str) -> str:
    without_tags = _TAG.sub(lambda tag: re.sub(r"[^\n]", " ", tag.group()), text)
    return _SLOT.sub(lambda slot: re.sub(r"[^\n]", SLOT, slot.group()), without_tags)
