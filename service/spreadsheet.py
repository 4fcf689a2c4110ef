"""Lines of CSV (RFC 4180) for spreadsheets, in which nothing is computed."""

import csv
import io
from collections.abc import Iterable

Cell = str | int | float | None

_COMPUTED = tuple("=+-@\t\r\n＝＋－＠")
"""What a text begins with that a spreadsheet takes for a formula (OWASP, CSV Injection)."""


def csv_line(cells: Iterable[Cell]) -> str:
    """Return a line, every cell quoted, None as an empty one; a text that would be computed begins with `'`."""
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow([_kept_text(cell) for cell in cells])
    return written.getvalue()


def _kept_text(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMPUTED) else cell
