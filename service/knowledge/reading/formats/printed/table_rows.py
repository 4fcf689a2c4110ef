"""Finds the rows of a table that a PDF holds only as words at positions on the page."""

import re
from collections.abc import Iterator, Sequence

_GAP = re.compile(r" {3,}")
_CELL = re.compile(r"\S+(?: {1,2}\S+)*")
_SHORT_LINES = 12
_SHORT_WORDS = 3
_LEAST_ROWS = 3
_LEAST_COLUMNS = 3


def looks_exploded(lines: Sequence[str]) -> bool:
    """Tell whether many lines in a row are no more than a cell: the order of a table's words without its rows."""
    run = longest = 0
    for line in lines:
        if line.strip():
            run = run + 1 if len(line.split()) <= _SHORT_WORDS else 0
            longest = max(longest, run)
    return longest >= _SHORT_LINES


def as_table_lines(layout: Sequence[str]) -> list[str]:
    """Return the lines of a page as it was laid out, with the rows of its tables as Markdown."""
    lines: list[str] = []
    rows: list[str] = []
    for line in [*layout, "end"]:
        if _is_row(line, rows):
            rows.append(line)
        elif line.strip():
            lines += _table(rows) if len(rows) >= _LEAST_ROWS else [" ".join(row.split()) for row in rows]
            lines.append(line.strip())
            rows = []
    return lines[:-1]


def _is_row(line: str, rows: Sequence[str]) -> bool:
    """Tell whether *line* has a row's wide gaps, or is within a table a single cell away from the margin."""
    if not line.strip():
        return False
    gaps = len(_GAP.findall(line.strip()))
    return gaps >= _LEAST_COLUMNS - 1 or bool(rows and (gaps or line.startswith("   ")))


def _table(rows: Sequence[str]) -> Iterator[str]:
    starts = [cell.start() for cell in _CELL.finditer(rows[0])]
    yield ""
    for number, row in enumerate(rows):
        cells = [""] * len(starts)
        for cell in _CELL.finditer(row):
            column = min(range(len(starts)), key=lambda index: abs(starts[index] - cell.start()))
            cells[column] = f"{cells[column]} {cell[0]}".strip().replace("|", "\\|")
        yield "| " + " | ".join(cells) + " |"
        if number == 0:
            yield "|" + " --- |" * len(starts)
    yield ""
