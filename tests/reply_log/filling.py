"""Fills every table that is declared with rows that fit it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Float, Integer, LargeBinary, Table
from sqlalchemy.ext.asyncio import AsyncEngine

import service.cli.database  # noqa: F401 - declares every table
from service.database import UtcDateTime, metadata
from service.reply_log.seals.sealing import Sealer
from service.reply_log.store import ReplyLog
from tests.reply_log.conftest import make_logged

ROWS = 2
_BY_ITSELF = frozenset({"replies", "ledger", "seals"})
"""Written by the log itself: migrations read what is in them."""


async def fill_every_table(engine: AsyncEngine) -> list[str]:
    """Write replies by the log, and two rows into each other table that hold the replies' ids; return these ids."""
    log = ReplyLog(engine)
    ids = [(await log.begin(make_logged("« L’été » 🙂", customer="c1", asked="Où ?"))).reply.id for _ in range(ROWS)]
    await Sealer(engine, every_s=1, every_entries=1).seal_all()
    async with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name not in _BY_ITSELF:
                rows = [_row(table, number, reply_id) for number, reply_id in enumerate(ids)]
                await connection.execute(table.insert(), rows)
    return ids


def _row(table: Table, number: int, reply_id: str) -> dict[str, Any]:
    return {column.name: _value(column.name, column.type, number, reply_id) for column in table.c}


def _value(name: str, type_: Any, number: int, reply_id: str) -> Any:  # noqa: ANN401, PLR0911 - a column's type and value
    match type_:
        case Boolean():
            return bool(number)
        case Integer() | Float():
            return number + 1
        case UtcDateTime():
            return datetime.now(UTC)
        case Date():
            return date(2026, 11, 23 + number)
        case JSON():
            return []
        case LargeBinary():
            return b"personal words"
        case _:
            return reply_id if name == "reply_id" else f"w{number}"
