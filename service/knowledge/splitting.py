"""
Splits an article into passages: slices of its text that one could quote, each under its headings.

Sections stay together, lists, code and tables whole where they fit, and no sentence is cut that need not be.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain import Article, Passage
from service.knowledge.reading.blocks import Block, blocks_of
from service.knowledge.reading.markdown import plain

TARGET = 150
"""Words a passage aims at when a section must be divided."""
WHOLE = 200
"""Words up to which a section is one passage, and a list or a piece of code is never cut."""
WHOLE_TABLE = 400
TINY = 40
"""Words below which a section joins a neighbour, as long as the two stay below MERGED."""
MERGED = 120
HEADINGS = " › "

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


Piece = list[Unit]


def split(article: Article) -> tuple[Passage, ...]:
    """Return the passages in the order of the text; empty for an article without text."""
    units = list(_units(article))
    if not any(unit.is_text for unit in units):
        return ()
    seen: Counter[tuple[str, str]] = Counter()
    passages = []
    for position, piece in enumerate(_pieces(units)):
        start, heading = _frame(piece)
        text = article.text[start : piece[-1].end]
        passages.append(_passage(article, position, start, heading, text, seen[heading, text]))
        seen[heading, text] += 1
    return tuple(passages)


def _passage(article: Article, position: int, start: int, heading: str, text: str, occurrence: int) -> Passage:  # noqa: PLR0913, PLR0917
    return Passage(
        id=Passage.make_id(article.brand, article.source, heading, text, occurrence),
        brand=article.brand,
        article=article.source,
        title=article.title,
        heading=heading,
        text=text,
        position=position,
        start=start,
        language=article.language,
        url=article.url,
        audience=article.audience,
    )


def _frame(piece: Piece) -> tuple[int, str]:
    """Return where the passage begins and the headings over it: those that all of its units share stand outside."""
    shared = _shared(piece[0].path, piece[-1].path, *(unit.path for unit in piece[1:-1]))
    inside = len(piece[0].path) - shared
    leads = piece[0].leads[-inside:] if inside else ()
    heading = [*piece[0].path[:shared], *filter(None, [piece[0].header])]
    return (leads[0] if leads else piece[0].start), HEADINGS.join(heading)


def _shared(*paths: tuple[str, ...]) -> int:
    return next(
        (depth for depth, names in enumerate(zip(*paths, strict=False)) if len(set(names)) > 1), min(map(len, paths))
    )


def _units(article: Article) -> Iterator[Unit]:
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
        stack.pop()
        if leads:
            leads.pop()
    name = _name(article, block)
    # The title stands over every passage anyway.
    is_title = name.casefold() == article.title.casefold()
    stack.append((block.level, "" if is_title else name))
    if not is_title:
        leads.append(block.start)


def _name(article: Article, block: Block) -> str:
    return plain(article.text[block.start : block.end].strip().strip("#=-\n").strip())


def _lone_heading(article: Article, block: Block, stack: list[tuple[int, str]], leads: list[int]) -> Iterator[Unit]:
    """A heading over nothing is a line of text, so that its words are not lost."""
    path = tuple(name for _, name in stack[:-1] if name)
    words = _words(article.text[block.start : block.end])
    yield Unit(start=block.start, end=block.end, words=words, path=path, leads=tuple(leads[:-1]), is_text=False)
    leads.clear()


def _divide(text: str, block: Block, path: tuple[str, ...], leads: tuple[int, ...]) -> Iterator[Unit]:
    content = text[block.start : block.end]
    words, limit = _words(content), WHOLE_TABLE if block.kind == "table" else WHOLE
    if words <= limit:
        announces = block.kind == "text" and content.rstrip("*_ ").endswith((":", "：")) or _is_label(content)
        yield Unit(start=block.start, end=block.end, words=words, path=path, leads=leads, joins_next=announces)
        return
    header = _header(content) if block.kind == "table" else ""
    for number, (start, end) in enumerate(_parts(text, block)):
        yield Unit(
            start=start, end=end, words=_words(text[start:end]), path=path,
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
        if _words(text[start:end]) <= WHOLE:
            yield start, end
        else:
            yield from _sentences(text, start, end)


def _sentences(text: str, start: int, end: int, tier: int = 0) -> Iterator[tuple[int, int]]:
    if tier == len(_BORDERS):
        yield from _between(text, start, end, list(_forced_cuts(text, start, end)))
        return
    for first, last in _between(text, start, end, list(_cuts(text, start, end, tier))):
        if _words(text[first:last]) <= WHOLE:
            yield first, last
        else:
            yield from _sentences(text, first, last, tier + 1)


def _cuts(text: str, start: int, end: int, tier: int) -> Iterator[int]:
    for border in _BORDERS[tier].finditer(text, start, end):
        if not _ABBREVIATION.search(text, max(start, border.start() - 6), border.start() + 1):
            yield border.end()


def _forced_cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Words without a full stop for pages: cut at white space, and a word without end anywhere."""
    step = TARGET * 6
    while end - start > step:
        space = max(text.rfind(" ", start + step // 2, start + step), text.rfind("\n", start + step // 2, start + step))
        start = space + 1 if space > 0 else start + step
        yield start


def _between(text: str, start: int, end: int, cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
    for first, last in zip((start, *cuts), (*cuts, end), strict=True):
        piece = text[first:last]
        if piece.strip():
            yield first, first + len(piece.rstrip())


def _words(text: str) -> int:
    """Words, addresses left out; a text without spaces weighs by its length."""
    text = _TARGET_OF_LINK.sub("]", text) if "](" in text else text
    return max(len(text.split()) - text.count("|"), len(text) // 12)


def _pieces(units: Sequence[Unit]) -> list[Piece]:
    if sum(unit.words for unit in units) <= TARGET:
        return [list(units)]
    packed = [piece for section in _sections(units) for piece in _pack(section)]
    return _merge_tiny(packed)


def _sections(units: Sequence[Unit]) -> Iterator[Piece]:
    section: Piece = []
    for unit in units:
        if section and (unit.path != section[-1].path or unit.leads):
            yield section
            section = []
        section.append(unit)
    yield section


def _pack(section: Piece) -> Iterator[Piece]:
    """Divide a long section into passages of about equal length, at the borders of its blocks."""
    total = sum(unit.words for unit in section)
    if total <= WHOLE:
        yield section
        return
    goal = total / math.ceil(total / TARGET)
    piece: Piece = []
    for clump in _clumps(section):
        size, more = _size(piece), _size(clump)
        if piece and (size + more > WHOLE or size + more / 2 > goal):
            yield piece
            piece = []
        piece = piece + clump
    yield piece


def _clumps(section: Piece) -> Iterator[Piece]:
    clump: Piece = []
    for unit in section:
        clump.append(unit)
        if not unit.joins_next or _size(clump) > TINY:
            yield clump
            clump = []
    if clump:
        yield clump


def _merge_tiny(pieces: Sequence[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    waiting: Piece = []
    for number, current in enumerate(pieces):
        piece = waiting + current
        waiting = []
        following = pieces[number + 1] if number + 1 < len(pieces) else None
        if _size(piece) >= TINY:
            merged.append(piece)
        elif following and _fits(piece, following) and (not merged or _nearer(piece, following, merged[-1])):
            waiting = piece
        elif merged and _fits(merged[-1], piece):
            merged[-1] = merged[-1] + piece
        else:
            merged.append(piece)
    return merged


def _fits(first: Piece, second: Piece) -> bool:
    smaller, total = min(_size(first), _size(second)), _size(first) + _size(second)
    return total <= MERGED or (smaller < TINY // 2 and total <= WHOLE)


def _nearer(piece: Piece, following: Piece, before: Piece) -> bool:
    """Whether *piece* has more headings in common with what follows than with what comes before."""
    after = _shared(piece[-1].path, following[0].path)
    return after > _shared(before[-1].path, piece[0].path) or not _fits(before, piece)


def _size(piece: Piece) -> int:
    return sum(unit.words for unit in piece)
