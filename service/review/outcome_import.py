"""Reads outcomes from a helpdesk's CSV export, row by row, and says of each what is wrong with it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.errors import InvalidInputError
from service.review.outcomes import Outcome

COLUMNS = ("reply_id", "sent_text", "edited", "csat", "reopened", "resolved")
_YES = frozenset({"1", "true", "yes", "y", "oui", "o", "vrai"})
_NO = frozenset({"0", "false", "no", "n", "non", "faux"})
_MAX_CSAT = 5


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    line: int
    """In the file; the header is line 1."""
    reply_id: str
    outcome: Outcome | None
    fault: str
    """What is wrong with the row, for its owner; empty when nothing is."""


def read_outcomes(path: Path) -> Iterator[OutcomeRow]:
    """
    Yield the rows of a CSV with a header, comma or semicolon, UTF-8; an empty cell is not known.

    Raises:
        InvalidInputError: The file is no such CSV; the message says what it lacks.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if head.count(";") > head.count(",") else ",")
            if "reply_id" not in (rows.fieldnames or ()):
                raise InvalidInputError(f"The first line must name the columns, of {', '.join(COLUMNS)}.")
            for row in rows:
                yield _read(rows.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS})
    except (UnicodeDecodeError, csv.Error) as exc:
        raise InvalidInputError("The file is no CSV in UTF-8: save it as one.") from exc


def _read(line: int, row: dict[str, str]) -> OutcomeRow:
    try:
        outcome = Outcome(
            sent_text=row["sent_text"] or None,
            edited=_flag(row, "edited"),
            csat=_rating(row["csat"]),
            reopened=_flag(row, "reopened"),
            resolved=_flag(row, "resolved"),
        )
    except ValueError as exc:
        return OutcomeRow(line, row["reply_id"], None, str(exc))
    return OutcomeRow(line, row["reply_id"], outcome, "" if row["reply_id"] else "reply_id is empty")


def _flag(row: dict[str, str], name: str) -> bool | None:
    said = row[name].casefold()
    if said and said not in _YES | _NO:
        raise ValueError(f"{name} is neither yes nor no")
    return said in _YES if said else None


def _rating(said: str) -> int | None:
    if said and not (said.isdecimal() and 1 <= int(said) <= _MAX_CSAT):
        raise ValueError("csat is not a whole number from 1 to 5")
    return int(said) if said else None
