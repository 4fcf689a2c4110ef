"""
Splits an article into passages: slices of its text that one could quote, each under its headings.

A section that is short is one passage, a long one several of about equal length, and a tiny one joins a neighbour.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from service.domain import Article, Passage
from service.knowledge.splitting.units import WHOLE, Unit, units_of

TARGET = 150
"""Words a passage aims at when a section must be divided."""
TINY = 40
"""Words below which a section joins a neighbour, as long as the two stay below MERGED."""
MERGED = 120
HEADINGS = " › "

Piece = list[Unit]


def split(article: Article) -> tuple[Passage, ...]:
    """Return the passages in the order of the text; empty for an article without text."""
    units = list(units_of(article))
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
    shared = shared_depth(piece[0].path, piece[-1].path, *(unit.path for unit in piece[1:-1]))
    inside = len(piece[0].path) - shared
    leads = piece[0].leads[-inside:] if inside else ()
    heading = [*piece[0].path[:shared], *filter(None, [piece[0].header])]
    return (leads[0] if leads else piece[0].start), HEADINGS.join(heading)


def shared_depth(*paths: Sequence[str]) -> int:
    """Return how many headings, outermost first, all *paths* have in common."""
    return next(
        (depth for depth, names in enumerate(zip(*paths, strict=False)) if len(set(names)) > 1), min(map(len, paths))
    )


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
        piece += clump
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
    after = shared_depth(piece[-1].path, following[0].path)
    return after > shared_depth(before[-1].path, piece[0].path) or not _fits(before, piece)


def _size(piece: Piece) -> int:
    return sum(unit.words for unit in piece)
