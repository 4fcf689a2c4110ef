"""Backup: the whole log as lines of JSON, and the same log again from them, seals and receipts included."""

import base64
import json
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Date, LargeBinary, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.database import UtcDateTime, metadata, snapshot
from service.errors import InvalidInputError, ReplyLogError
from service.reply_log.erasures import erasures
from service.reply_log.rows import replies
from service.reply_log.seals.ledger import ledger, seals

FORMAT = "aplomb-log-1"
_BESIDE = frozenset({
    "replies", "ledger", "seals", "erasures", "prompt_versions", "prompt_moves", "spending", "samples",
    "comparisons", "comparison_choices",
})  # fmt: skip
_PAGE = 500


def backed_up() -> list[Table]:
    """Return the tables of a backup: the log, what belongs to a reply, and the prompts; knowledge is ingested anew."""
    return [table for table in metadata.sorted_tables if table.name in _BESIDE or "reply_id" in table.c]


async def backup(engine: AsyncEngine) -> AsyncGenerator[bytes]:
    """
    Yield the lines of a backup: its format, every row of one moment, and how many rows there were.

    Raises:
        ReplyLogError: The database cannot be read; what was yielded is no backup.
    """
    yield json.dumps({"format": FORMAT}).encode() + b"\n"
    counts = {}
    try:
        async with snapshot(engine) as connection:
            for table in backed_up():
                counts[table.name] = 0
                found = await connection.stream(select(table).order_by(*table.primary_key))
                async for row in found.mappings():
                    counts[table.name] += 1
                    yield _line(table, row)
    except SQLAlchemyError as exc:
        raise ReplyLogError("The reply log could not be read.") from exc
    yield json.dumps({"rows": counts}).encode() + b"\n"


async def restore(engine: AsyncEngine, lines: Iterable[bytes]) -> dict[str, int]:
    """
    Write a backup into an empty log, all of it or nothing; return the number of rows by table.

    Raises:
        InvalidInputError: It is no whole backup, or the log holds replies.
        ReplyLogError: The database cannot be written.
    """
    rest = iter(lines)
    _check_head(next(rest, b""))
    try:
        async with engine.begin() as connection:
            # Two logs cannot be one: each has its own first entry, and its own chain.
            for table in (replies, ledger, seals, erasures):
                if await connection.scalar(select(func.count()).select_from(table)):
                    raise InvalidInputError("The log is not empty: a backup goes into an empty one.")
            counts = dict.fromkeys((table.name for table in backed_up()), 0)
            for table, rows in _pages(rest):
                counts[table.name] += len(rows)
                await _insert(connection, table, rows)
            await _go_on_after(connection)
            return counts
    except SQLAlchemyError as exc:
        raise ReplyLogError("The backup could not be written.") from exc


def _line(table: Table, row: Mapping[Any, Any]) -> bytes:
    """Return *row* of *table* as a line of JSON: days and moments in ISO 8601, bytes in base64."""
    said = {column.name: _said(row[column.name]) for column in table.c}
    return json.dumps({"table": table.name, "row": said}, ensure_ascii=False).encode() + b"\n"


def _said(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _read(table: Table, said: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(said)
    for column in table.c:
        value = row.get(column.name)
        if value is not None and isinstance(column.type, UtcDateTime):
            row[column.name] = datetime.fromisoformat(value)
        elif value is not None and isinstance(column.type, Date):
            row[column.name] = date.fromisoformat(value)
        elif value is not None and isinstance(column.type, LargeBinary):
            row[column.name] = base64.b64decode(value, validate=True)
    return row


def _check_head(first: bytes) -> None:
    told = _parsed(first)
    if told.get("format") != FORMAT:
        raise InvalidInputError("This is no backup: make one with `aplomb log export -o backup.jsonl`.")


def _pages(lines: Iterator[bytes]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows by table in pages; InvalidInputError when the count at the end is missing or another one."""
    known, counts, told = {table.name: table for table in backed_up()}, dict[str, int](), dict[str, Any]()
    parsed = map(_parsed, lines)
    for name, group in groupby(parsed, key=lambda said: said.get("table")):
        if name is None:
            told = next(group)
            continue
        if name not in known:
            raise InvalidInputError(f"This backup is of another release: it has a table {str(name)[:40]}.")
        while page := list(islice(group, _PAGE)):
            counts[name] = counts.get(name, 0) + len(page)
            yield known[name], [_page_row(known[name], said) for said in page]
    if {name: count for name, count in told.get("rows", {}).items() if count} != counts or "rows" not in told:
        raise InvalidInputError("This backup is cut off, or rows are missing.")


def _page_row(table: Table, said: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _read(table, said["row"])
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise InvalidInputError(f"A row of {table.name} in this backup cannot be read.") from exc


def _parsed(written: bytes) -> dict[str, Any]:
    try:
        said = json.loads(written)
    except ValueError as exc:
        raise InvalidInputError("A line of this backup is no JSON.") from exc
    return said if isinstance(said, dict) else {}


async def _insert(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert; a prompt version that the files made already is the same one."""
    if connection.dialect.name == "sqlite":
        await connection.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)
    else:
        await connection.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)


async def _go_on_after(connection: AsyncConnection) -> None:
    """Let PostgreSQL number the ledger's next entry after the last one; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        newest = select(func.max(ledger.c.position)).scalar_subquery()
        place = func.pg_get_serial_sequence("ledger", "position")
        await connection.execute(select(func.setval(place, func.coalesce(newest, 1), newest.is_not(None))))
