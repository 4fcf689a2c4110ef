"""
Cuts an article's text into units: its blocks under their headings, and the parts of those blocks that are too long.

Lists and code stay whole where they fit, tables keep their header, and no sentence is cut that need not be.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain import Article
from service.knowledge.reading.blocks import Block, blocks_of
from service.knowledge.reading.formats.markdown import plain

WHOLE = 200
"""Words up to which a list, a paragraph or a piece of code is never cut."""
WHOLE_TABLE = 400
_FORCED = 900
"""Characters after which words without any full stop or line end are cut."""

_TARGET_OF_LINK = re.compile(r"\]\([^()\s]*\)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:M|Mme|Mlle|MM|Dr|Mr|Mrs|Ms|St|No|n°|art|al|cf|ex|env|tél|etc|approx|e\.g|i\.e|vs|p|[A-Z]))\.$"
)
_BORDERS = (
    # Sentences and lines that start something; then any line end, for text that knows no full stops.
    re.compile(r"[.!?…]+[\"'»”’)\]*_]*\s+(?=[^\sa-zà-ÿ])|\n\s*\n|\n(?=[ \t]*(?:[-*+>|#]|\d+[.)]))"),
    re.compile(r"\n"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A block, or a part of one, that is not divided further."""

    start: int
    end: int
    words: int
    path: tuple[str, ...]
    leads: tuple[int, ...] = ()
    """Where the heading lines directly above begin, innermost last; empty when it follows other text."""
    header: str = ""
    """The header row, for rows of a table that was divided."""
    joins_next: bool = False
    """A lead-in that says little without the list or code that it announces."""
    is_text: bool = True


def units_of(article: Article) -> Iterator[Unit]:
    """Yield the units in order; together they cover the text but for headings, rules and white space."""
    stack: list[tuple[int, str]] = []
    leads: list[int] = []
    last: Block | None = None
    for block in blocks_of(article.text):
        if block.kind == "heading":
            if leads and last and block.level <= last.level:
                yield from _lone_heading(article, last, stack, leads)
            _enter(article, block, stack, leads)
            last = block
        elif block.kind != "rule":
            yield from _divide(article.text, block, tuple(name for _, name in stack if name), tuple(leads))
            leads.clear()
    if leads and last:
        yield from _lone_heading(article, last, stack, leads)


def _enter(article: Article, block: Block, stack: list[tuple[int, str]], leads: list[int]) -> None:
    while stack and stack[-1][0] >= block.level:
        _, name = stack.pop()
        if name and leads:
            leads.pop()
    name = _name(article, block)
    # The title stands over every passage anyway.
    name = "" if name.casefold() == article.title.casefold() else name
    stack.append((block.level, name))
    if name:
        leads.append(block.start)


def _name(article: Article, block: Block) -> str:
    return plain(article.text[block.start : block.end].strip().strip("#=-\n").strip())


def _lone_heading(article: Article, block: Block, stack: list[tuple[int, str]], leads: list[int]) -> Iterator[Unit]:
    """Yield a heading over nothing as a line of text, so that its words are not lost."""
    path = tuple(name for _, name in stack[:-1] if name)
    words = words_of(article.text[block.start : block.end])
    yield Unit(start=block.start, end=block.end, words=words, path=path, leads=tuple(leads[:-1]), is_text=False)
    leads.clear()


def _divide(text: str, block: Block, path: tuple[str, ...], leads: tuple[int, ...]) -> Iterator[Unit]:
    content = text[block.start : block.end]
    words, limit = words_of(content), WHOLE_TABLE if block.kind == "table" else WHOLE
    if words <= limit:
        announces = (block.kind == "text" and content.rstrip("*_ ").endswith((":", "："))) or _is_label(content)
        yield Unit(start=block.start, end=block.end, words=words, path=path, leads=leads, joins_next=announces)
        return
    header = _header(content) if block.kind == "table" else ""
    for number, (start, end) in enumerate(_parts(text, block)):
        yield Unit(
            start=start, end=end, words=words_of(text[start:end]), path=path,
            leads=leads if number == 0 else (), header=header if number else "",
        )  # fmt: skip


def _is_label(content: str) -> bool:
    """`**Note**` on a line of its own is the heading of what follows."""
    return content.startswith("**") and content.endswith("**") and "\n" not in content


def _header(table: str) -> str:
    cells = [cell.strip() for cell in table.split("\n", 1)[0].strip().strip("|").split("|")]
    return " | ".join(filter(None, cells))


def _parts(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Yield the items, rows, lines or sentences of a block that is too long; nothing but white space lies between."""
    for start, end in _between(text, block.start, block.end, block.cuts):
        if words_of(text[start:end]) <= WHOLE:
            yield start, end
        else:
            yield from _sentences(text, start, end)


def _sentences(text: str, start: int, end: int, tier: int = 0) -> Iterator[tuple[int, int]]:
    if tier == len(_BORDERS):
        yield from _between(text, start, end, list(_forced_cuts(text, start, end)))
        return
    for first, last in _between(text, start, end, list(_cuts(text, start, end, tier))):
        if words_of(text[first:last]) <= WHOLE:
            yield first, last
        else:
            yield from _sentences(text, first, last, tier + 1)


def _cuts(text: str, start: int, end: int, tier: int) -> Iterator[int]:
    for border in _BORDERS[tier].finditer(text, start, end):
        if not _ABBREVIATION.search(text, max(start, border.start() - 6), border.start() + 1):
            yield border.end()


def _forced_cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Words without a full stop for pages: cut at white space, and a word without end anywhere."""
    while end - start > _FORCED:
        space = max(
            text.rfind(" ", start + _FORCED // 2, start + _FORCED),
            text.rfind("\n", start + _FORCED // 2, start + _FORCED),
        )
        start = space + 1 if space > 0 else start + _FORCED
        yield start


def _between(text: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
    for first, last in zip((start, *cuts), (*cuts, end), strict=True):
        piece = text[first:last]
        if piece.strip():
            yield first, first + len(piece.rstrip())


def words_of(text: str) -> int:
    """Words, addresses left out, at least 1; a text without spaces weighs by its length."""
    text = _TARGET_OF_LINK.sub("]", text) if "](" in text else text
    return max(len(text.split()) - text.count("|"), len(text) // 12, 1)
