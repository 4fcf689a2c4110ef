"""Reads the log for an export: oldest first, page by page, so that nothing holds the database or the memory."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import ReplyLogError
from service.reply_log.rows import replies

_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which replies are exported; None does not filter."""

    brand: str | None = None
    state: str | None = None
    decision: str | None = None
    language: str | None = None
    since: datetime | None = None
    after: str | None = None
    """The id of the last reply that an export which broke off has written."""

    @property
    def everything(self) -> bool:
        return self == Wanted()


async def rows(engine: AsyncEngine, wanted: Wanted) -> AsyncGenerator[list[Mapping[str, Any]]]:
    """Yield pages of rows of `replies`, oldest first; ReplyLogError when they cannot be read."""
    last = wanted.after or ""
    conditions = [
        replies.c[column] == value
        for column in ("brand", "state", "decision", "language")
        if (value := getattr(wanted, column)) is not None
    ]
    conditions += [replies.c.created_at >= wanted.since] if wanted.since else []
    query = select(replies).where(*conditions).order_by(replies.c.id).limit(_PAGE)
    while True:
        try:
            async with engine.connect() as connection:
                page = [dict(row) for row in (await connection.execute(query.where(replies.c.id > last))).mappings()]
        except SQLAlchemyError as exc:
            raise ReplyLogError("The reply log could not be read.") from exc
        if not page:
            return
        yield page  # type: ignore[misc]  # a dict of a row is a mapping of strings
        last = page[-1]["id"]
