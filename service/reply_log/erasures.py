"""Erasure: takes a customer's words out of everything that holds them, and leaves a record that says so."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Column, ColumnElement, Integer, String, Table, Text, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.database import UtcDateTime, metadata, unhurried
from service.domain import ReplyState, new_id
from service.errors import ReplyLogError
from service.reply_log.rows import replies
from service.reply_log.seals.ledger import ERASURE, REPLY, ledger
from service.reply_log.store import interrupted, with_receipt

erasures = Table(
    "erasures",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("count", Integer, nullable=False),
    Column("replies", Text, nullable=False),
)

_PAGE = 500
_EMPTIED = {"ticket_id": None, "customer_id": None, "words": None, "record": None, "personal": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which replies are meant; conditions that are given must all hold, and at least one must be given."""

    customer_id: str | None = None
    ticket_id: str | None = None
    brand: str | None = None
    before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a row must fulfil; ValueError when nothing is selected by."""
        if self.customer_id is None and self.ticket_id is None and self.before is None:
            raise ValueError("an erasure names a customer, a ticket or a date")
        given = [
            replies.c[column] == value
            for column, value in (
                ("customer_id", self.customer_id),
                ("ticket_id", self.ticket_id),
                ("brand", self.brand),
            )
            if value is not None
        ]
        return given + ([replies.c.created_at < self.before] if self.before else [])


class _StillReadError(ReplyLogError):
    """Who reads the database as it was keeps its old bytes."""

    next_step = ""


class Eraser:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._brands: frozenset[str] | None = None

    def only(self, brands: frozenset[str]) -> Self:
        """Return the same as who sees these brands only: replies of the others are never selected."""
        seen = copy(self)
        seen._brands = brands  # noqa: SLF001 - a copy of our own kind
        return seen

    async def selected(self, selection: Selection) -> tuple[str, ...]:
        """Return the ids of the replies that `erase` would empty, oldest first."""
        try:
            async with self._engine.connect() as connection:
                return await self._selected(connection, selection)
        except SQLAlchemyError as exc:
            raise ReplyLogError("The reply log could not be read.") from exc

    async def erase(self, selection: Selection, reason: str) -> tuple[str, ...]:
        """
        Empty the selected replies and all that belongs to them in one transaction; return their ids.

        What is still being written is interrupted: its writer would log the words after all. Receipts stay, and say
        nothing without the salt that goes with the record. Freed pages are overwritten.

        Raises:
            ReplyLogError: It was not possible; then nothing was erased.
        """
        try:
            async with self._engine.begin() as connection:
                await _interrupt(connection, self._conditions(selection))
                erased = await self._selected(connection, selection)
                for start in range(0, len(erased), _PAGE):
                    await _empty(connection, erased[start : start + _PAGE])
                if erased:
                    await _record(connection, erased, reason)
            await self._overwrite(erased)
        except SQLAlchemyError as exc:
            raise ReplyLogError("The words could not be erased.") from exc
        return erased

    async def _selected(self, connection: AsyncConnection, selection: Selection) -> tuple[str, ...]:
        query = select(replies.c.id).where(*self._conditions(selection), replies.c.record.is_not(None))
        return tuple((await connection.execute(query.order_by(replies.c.id))).scalars())

    def _conditions(self, selection: Selection) -> list[ColumnElement[bool]]:
        seen = [] if self._brands is None else [replies.c.brand.in_(sorted(self._brands))]
        return selection.conditions() + seen

    async def _overwrite(self, erased: Sequence[str]) -> None:
        """
        Take the old bytes out of the files too: SQLite's log of changes is emptied, PostgreSQL's tables written anew.

        PostgreSQL drops the tables' old files at its next checkpoint, and recycles its own log of changes in its time.
        """
        async with unhurried(self._engine) as free:
            if self._engine.dialect.name == "sqlite":
                # Also when nothing was left to erase: whoever repeats an erasure may do so for the sake of this.
                busy = (await free.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).scalar()
                if busy:
                    raise _StillReadError(
                        "The words are erased, but an export or a backup reads what was before: "
                        "their bytes are overwritten when you erase again after its end."
                    )
            elif erased:
                for table in (replies, *_personal()):
                    await free.execute(text(f"VACUUM FULL {table.name}"))


def erased_by(row: Mapping[str, Any]) -> list[str]:
    """Return the replies that an erasure's row names."""
    return [str(reply) for reply in json.loads(row["replies"])]


def digest_of(row: Mapping[str, Any]) -> str:
    """Return `sha256:` and the hash of what an erasure's row says."""
    said = f"{row['id']}\x1f{row['created_at'].isoformat()}\x1f{row['reason']}\x1f{row['count']}\x1f{row['replies']}"
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()


async def _interrupt(connection: AsyncConnection, conditions: Sequence[ColumnElement[bool]]) -> None:
    """End what is `pending`, with a receipt as any other end has one."""
    pending = select(replies).where(*conditions, replies.c.state == ReplyState.PENDING.value)
    for found in (await connection.execute(pending)).mappings().all():
        row = with_receipt(interrupted(dict(found)))
        mine = update(replies).where(replies.c.id == row["id"], replies.c.state == ReplyState.PENDING.value)
        if (await connection.execute(mine.values(row))).rowcount:
            await connection.execute(ledger.insert().values(kind=REPLY, subject=row["id"], digest=row["receipt"]))


async def _empty(connection: AsyncConnection, reply_ids: Sequence[str]) -> None:
    emptied = {**_EMPTIED, "erased_at": datetime.now(UTC)}
    await connection.execute(update(replies).where(replies.c.id.in_(reply_ids)).values(emptied))
    for table in _personal():
        belongs = table.c.reply_id.in_(reply_ids)
        if table.info.get("personal"):
            await connection.execute(table.delete().where(belongs))
        else:
            words = [column.name for column in table.c if column.info.get("personal")]
            await connection.execute(update(table).where(belongs).values(dict.fromkeys(words)))


def _personal() -> Iterator[Table]:
    """Yield the tables beside `replies` that hold words of a reply or what belongs to one."""
    for table in metadata.sorted_tables:
        holds = table.info.get("personal") or any(column.info.get("personal") for column in table.c)
        if "reply_id" in table.c and holds:
            yield table


async def _record(connection: AsyncConnection, erased: Sequence[str], reason: str) -> None:
    row = {
        "id": new_id("era_"),
        "created_at": datetime.now(UTC),
        "reason": reason,
        "count": len(erased),
        "replies": json.dumps(list(erased)),
    }
    await connection.execute(erasures.insert().values(row))
    await connection.execute(ledger.insert().values(kind=ERASURE, subject=row["id"], digest=digest_of(row)))
