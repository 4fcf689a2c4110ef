"""Finds names of people: those given with the ticket or introduced in it, and each of their parts."""

import re
from collections.abc import Iterable, Iterator

from service.replies.privacy.introductions import full_lines, introduced
from service.replies.privacy.spans import Kind, Span

_MIN_PART_CHARS = 2
_LOOK_AHEAD = 40
_MIN_SINGLE_CHARS = 3
_CONTACTS = frozenset({Kind.EMAIL, Kind.PHONE, Kind.ADDRESS})


def given(text: str, name: str) -> Iterator[Span]:
    """Yield where *name* or one of its parts stands; a part counts only when capitalised, as Pierre and not pierre."""
    parts = [part for part in re.split(r"\s+", name.strip()) if len(part.strip(".")) >= _MIN_PART_CHARS]
    if not parts:
        return
    if len(parts) > 1:
        whole = r"[ \u00a0]+".join(map(re.escape, parts))
        for found in re.finditer(rf"(?<!\w){whole}(?!\w)", text, re.IGNORECASE):
            yield Span(found.start(), found.end(), Kind.NAME, identity(name))
    for part in parts:
        if len(part) < _MIN_SINGLE_CHARS and len(parts) > 1:
            continue
        written = {part, part.capitalize(), part.title(), part.upper()} - {part.lower()}
        pattern = "|".join(map(re.escape, sorted(written, key=len, reverse=True)))
        for found in re.finditer(rf"(?<![\w@])(?:{pattern})(?![\w@])", text) if pattern else ():
            yield Span(found.start(), found.end(), Kind.NAME, identity(part))


def told(text: str) -> Iterator[Span]:
    """Yield names that the words around them tell to be some: "je m'appelle", "my husband", a title, a closing."""
    for start, end in introduced(text):
        yield _span(text, start, end)


def beside(text: str, contacts: Iterable[Span]) -> Iterator[Span]:
    """Yield lines that are a name and stand above an address, a telephone number or an e-mail, as on a letter."""
    starts = {span.start for span in contacts if span.kind in _CONTACTS}
    for start, end in full_lines(text):
        behind = re.match(r"[ \t]{0,9}\n\s{0,9}(?:\w{1,12}\.? ?: ?)?", text[end : end + _LOOK_AHEAD])
        if behind and end + behind.end() in starts:
            yield _span(text, start, end)


def identity(name: str) -> str:
    return " ".join(name.casefold().split())


def _span(text: str, start: int, end: int) -> Span:
    return Span(start, end, Kind.NAME, identity(text[start:end]))
