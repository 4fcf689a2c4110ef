"""Cuts Markdown into its outermost blocks, with offsets, and says where a block that is too long may be divided."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_KINDS = {
    "heading_open": "heading", "bullet_list_open": "list", "ordered_list_open": "list", "table_open": "table",
    "fence": "code", "code_block": "code", "hr": "rule",
}  # fmt: skip
_PARTS = {"list": "list_item_open", "table": "tr_open"}
_ITEM_LEVELS = 2
MAX_HEADING = 200
"""A longer heading, in characters, is a paragraph that somebody made large."""

LONG_LINE = 20_000
"""Characters in a line beyond which nothing is a table: looking for its columns would take for ever."""


def _parser(*, tables: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    if tables:
        parser.enable("table")
    # Offsets only: inline parsing is most of the cost; a link definition is text to us, and a tag begins no block.
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.block.ruler.disable(["reference", "html_block"])
    return parser


_markdown, _without_tables = _parser(tables=True), _parser(tables=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    kind: str
    """`heading`, `list`, `table`, `code`, `rule` or `text`."""
    start: int
    end: int
    """Offsets in code points, white space around the block left out."""
    level: int = 0
    """1 to 6 for a heading."""
    cuts: tuple[int, ...] = ()
    """Where the block's items, rows or lines begin, the first left out."""


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the blocks of *text* in order; together they cover all of it but white space."""
    lengths = [len(line) + 1 for line in text.split("\n")]
    lines = list(accumulate(lengths, initial=0))
    tokens = (_markdown if max(lengths) < LONG_LINE else _without_tables).parse(text)
    outer = [index for index, token in enumerate(tokens) if token.level == 0 and token.nesting >= 0 and token.map]
    for index, following in pairwise([*outer, len(tokens)]):
        token = tokens[index]
        first = token.map[0] if token.map and index != outer[0] else 0
        last = tokens[following].map if following < len(tokens) else None
        start, end = _trim(text, lines[first], lines[last[0]] if last else len(text))
        if start < end:
            yield _block(text, start, end, lines, tokens[index:following])


def _block(text: str, start: int, end: int, lines: Sequence[int], tokens: Sequence[Token]) -> Block:
    kind = _KINDS.get(tokens[0].type, "text")
    if kind == "heading" and end - start > MAX_HEADING:
        kind = "text"
    if kind == "code":
        cuts = [start + match.end() for match in re.finditer(r"\n[ \t]*\n|\n", text[start:end])]
    else:
        parts = [token for token in tokens if token.type == _PARTS.get(kind) and token.level <= _ITEM_LEVELS]
        cuts = [lines[token.map[0]] for token in parts if token.map]
    level = int(tokens[0].tag[1]) if kind == "heading" else 0
    return Block(kind=kind, start=start, end=end, level=level, cuts=tuple(cut for cut in cuts if start < cut < end))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Indentation before the first word is part of the block: it tells code and nesting."""
    piece = text[start:end]
    blank = len(piece) - len(piece.lstrip())
    line = piece.rfind("\n", 0, blank) + 1
    return start + line, start + len(piece.rstrip())
