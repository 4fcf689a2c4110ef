"""Reads the log for an export: oldest first, page by page, so that nothing holds the database or the memory."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import ReplyLogError
from service.reply_log.rows import replies
from service.reply_log.store import ReplyFilter, conditions

_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which replies are exported; None does not filter."""

    filter: ReplyFilter = field(default_factory=ReplyFilter)
    among: Select[Any] | None = None
    """A query of the ids that may be exported."""
    brands: frozenset[str] | None = None
    """The only brands that whoever asks may see; None sees all."""
    after: str | None = None
    """The id of the last reply that an export which broke off has written."""
    last: str | None = None
    """The id of the last reply that is exported."""

    @property
    def everything(self) -> bool:
        return self.filter == ReplyFilter() and not (self.after or self.last or self.brands) and self.among is None

    def query(self, *columns: Any) -> Select[Any]:  # noqa: ANN401 - SQLAlchemy's columns, or a table
        """Return the query for *columns* of the replies, oldest first."""
        query = select(*columns).where(*conditions(self.filter)).order_by(replies.c.id)
        query = query if self.among is None else query.where(replies.c.id.in_(self.among))
        query = query if self.brands is None else query.where(replies.c.brand.in_(sorted(self.brands)))
        query = query if self.last is None else query.where(replies.c.id <= self.last)
        return query if self.after is None else query.where(replies.c.id > self.after)


async def rows(engine: AsyncEngine, wanted: Wanted) -> AsyncGenerator[list[Mapping[str, Any]]]:
    """Yield pages of rows of `replies`, oldest first; ReplyLogError when they cannot be read."""
    while True:
        page = await _read(engine, wanted.query(replies).limit(_PAGE))
        if not page:
            return
        yield page
        wanted = replace(wanted, after=page[-1]["id"])


async def part(engine: AsyncEngine, wanted: Wanted, limit: int | None) -> tuple[Wanted, bool]:
    """
    Return *wanted* up to the reply that is the newest now, or the *limit*-th; and whether there are more behind.

    Raises:
        ReplyLogError: The log cannot be read.
    """
    newest = wanted.query(replies.c.id).order_by(None).order_by(replies.c.id.desc()).limit(1)
    found = await _read(engine, newest)
    if not found:
        return replace(wanted, last=wanted.after or ""), False
    last = found[0]["id"]
    if limit is None:
        return replace(wanted, last=last), False
    at_limit = await _read(engine, wanted.query(replies.c.id).offset(limit - 1).limit(1))
    cut = at_limit[0]["id"] if at_limit else last
    return replace(wanted, last=cut), cut != last


async def _read(engine: AsyncEngine, query: Select[Any]) -> list[Mapping[str, Any]]:
    try:
        async with engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]
    except SQLAlchemyError as exc:
        raise ReplyLogError("The reply log could not be read.") from exc
