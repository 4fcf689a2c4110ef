"""The reply log: every reply is a row from before the chat model is called; each method is one short transaction."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, Executable, Select, bindparam, literal, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import Decision, LoggedReply, ReplyState
from service.errors import NotFoundError, ReplyLogError, RequestRunningError
from service.reply_log.citations import cited
from service.reply_log.line import Line, NoRowError, Write
from service.reply_log.once import RequestKey, claim
from service.reply_log.receipts import receipt_of
from service.reply_log.rows import from_row, replies, to_row
from service.reply_log.seals.ledger import REPLY, ledger
from service.reply_log.spending import spent_more

MAX_PAGE = 200

_INSERT = replies.insert()
_UPDATE = (
    update(replies)
    .where(replies.c.id == bindparam("begun"), replies.c.state == ReplyState.PENDING.value)
    .values({column.name: bindparam(column.name) for column in replies.c if column.name != "id"})
)
_ENTER = ledger.insert()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFilter:
    """Which replies a page shows; None does not filter."""

    q: str | None = None
    """Each of its words stands in the subject, question or reply, or is the reply's or the ticket's id."""
    brand: str | None = None
    state: ReplyState | None = None
    decision: Decision | None = None
    language: str | None = None
    ticket_id: str | None = None
    tone: str | None = None
    version: str | None = None
    """Any of those that it names, with spaces between them."""
    reason: str | None = None
    """The code of one of the decision's reasons."""
    since: date | None = None
    until: date | None = None
    """Both days (UTC) belong to it."""


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """Replies, newest first."""

    replies: tuple[LoggedReply, ...]
    next_cursor: str | None
    """The id to continue after; None on the last page."""


class _NotPendingError(ReplyLogError):
    """Somebody else has said what became of the reply."""

    next_step = ""


class ReplyLog:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._line = Line(engine)
        self._brands: frozenset[str] | None = None
        self._owed: dict[str, LoggedReply] = {}
        """What became of replies and could not be committed, by id."""
        self._begun: set[str] = set()
        """The ids of replies whose end this log has not been told."""

    def only(self, brands: frozenset[str]) -> Self:
        """Return the same log as who sees these brands only: replies of the others do not exist."""
        seen = copy(self)
        seen._brands = brands  # noqa: SLF001 - a copy of our own kind
        return seen

    async def begin(self, logged: LoggedReply, key: RequestKey | None = None) -> LoggedReply:
        """
        Commit a new reply with its *key*; what is not `pending` any more gets its receipt and its ledger entry.

        Raises:
            RequestRunningError: Another process took the key in this very moment.
            ReplyLogError: It was not possible. In both cases nothing was written.
        """
        row = with_receipt(logged)
        claims = [claim(key, row["id"], row["created_at"])] if key else []
        # A crash of the machine may lose what nobody was told yet; the final commit makes both durable.
        try:
            await self._write(*claims, (_INSERT, row), *_ends(row, logged), durable=bool(row["receipt"]))
        except _NotPendingError as exc:
            raise RequestRunningError("This reply is being written; ask again in a moment.") from exc
        if not row["receipt"]:
            self._begun.add(row["id"])
        return _received(logged, row)

    async def finish(self, logged: LoggedReply) -> LoggedReply:
        """
        Commit what became of a reply that is `pending` and what it cost, and return it with its receipt.

        Raises:
            ReplyLogError: It was not possible, and `finish_owed` will try again; or it is not `pending` any more.
        """
        row = with_receipt(logged)
        self._begun.discard(row["id"])
        try:
            await self._write((_UPDATE, {**row, "begun": row["id"]}), *_ends(row, logged), *self._cost(logged))
        except _NotPendingError:
            raise
        except ReplyLogError:
            self._owed[row["id"]] = logged
            raise
        return _received(logged, row)

    async def finish_owed(self) -> int:
        """Commit what `finish` could not, and return how much of it; ReplyLogError when it still is not possible."""
        owed = tuple(self._owed.values())
        for logged in owed:
            del self._owed[logged.reply.id]
            # Already there when only the database's answer was lost.
            with suppress(_NotPendingError):
                await self.finish(logged)
        return len(owed)

    async def get(self, reply_id: str) -> LoggedReply:
        """Return the reply; NotFoundError when there is none of this id."""
        rows = await self._read(self._seen(select(replies).where(replies.c.id == reply_id)))
        if not rows:
            raise NotFoundError("There is no reply of this id.")
        return from_row(rows[0])

    async def page(
        self, wanted: ReplyFilter, after: str | None = None, limit: int = 50, *, among: Select[Any] | None = None
    ) -> ReplyPage:
        """
        Return up to *limit* (at most 200) replies that are older than the reply *after*, newest first.

        *among* is a query of the ids that may be shown.
        """
        limit = min(limit, MAX_PAGE)
        query = self._chosen(select(replies), wanted, among).order_by(replies.c.id.desc()).limit(limit + 1)
        if after is not None:
            query = query.where(replies.c.id < after)
        rows = await self._read(query)
        more = len(rows) > limit
        return ReplyPage(tuple(map(from_row, rows[:limit])), rows[limit - 1]["id"] if more else None)

    def chosen(self, wanted: ReplyFilter, *, among: Select[Any] | None = None) -> Select[Any]:
        """Return a query of the ids of all replies that `page` would show, page by page."""
        return self._chosen(select(replies.c.id), wanted, among)

    async def interrupt_stale(self, older_than: timedelta = timedelta()) -> int:
        """
        Mark replies that have been `pending` for so long as `interrupted`, and return how many.

        Those that this log began and waits for are never *older_than* anything: only the clock may have been set.
        """
        begun = replies.c.created_at <= datetime.now(UTC) - older_than
        stale = await self._read(select(replies).where(replies.c.state == ReplyState.PENDING.value, begun))
        if older_than:
            stale = [row for row in stale if row["id"] not in self._begun]
        for row in stale:
            # Its writer may have come to an end just now.
            with suppress(_NotPendingError):
                await self.finish(interrupted(row))
        return len(stale)

    def _chosen(self, query: Select[Any], wanted: ReplyFilter, among: Select[Any] | None) -> Select[Any]:
        chosen = self._seen(query).where(*conditions(wanted))
        return chosen if among is None else chosen.where(replies.c.id.in_(among))

    def _seen(self, query: Select[Any]) -> Select[Any]:
        return query if self._brands is None else query.where(replies.c.brand.in_(sorted(self._brands)))

    def _cost(self, logged: LoggedReply) -> list[Write]:
        reply = logged.reply
        if not reply.usage.cost_usd:
            return []
        return [spent_more(self._engine.dialect.name, reply.brand, reply.created_at.date(), reply.usage.cost_usd)]

    async def _write(self, *writes: Write, durable: bool = True) -> None:
        try:
            await self._line.commit(*writes, durable=durable)
        except NoRowError as exc:
            raise _NotPendingError("The reply was taken for interrupted before its end: ask for it again.") from exc
        except IntegrityError as exc:
            raise RequestRunningError("This reply is being written; ask again in a moment.") from exc
        except SQLAlchemyError as exc:
            raise ReplyLogError("The reply could not be written to the log.") from exc

    async def _read(self, statement: Executable) -> Sequence[Any]:
        try:
            async with self._engine.connect() as connection:
                return (await connection.execute(statement)).mappings().all()
        except SQLAlchemyError as exc:
            raise ReplyLogError("The reply log could not be read.") from exc


def interrupted(row: Mapping[str, Any]) -> LoggedReply:
    """Return what *row* says, ended now by somebody else than its writer."""
    logged = from_row(row)
    reply = replace(logged.reply, state=ReplyState.INTERRUPTED)
    return replace(logged, reply=reply, finished_at=datetime.now(UTC))


def with_receipt(logged: LoggedReply) -> dict[str, Any]:
    row = to_row(logged)
    return row if logged.reply.state is ReplyState.PENDING else {**row, "receipt": receipt_of(row)}


def _received(logged: LoggedReply, row: dict[str, Any]) -> LoggedReply:
    return replace(logged, reply=replace(logged.reply, receipt=row["receipt"] or ""))


def _ends(row: dict[str, Any], logged: LoggedReply) -> list[Write]:
    """Return what is written beside the row of a reply that is not `pending` any more."""
    if row["receipt"] is None:
        return []
    return [(_ENTER, {"kind": REPLY, "subject": row["id"], "digest": row["receipt"]}), *cited(logged.reply)]


def conditions(wanted: ReplyFilter) -> list[ColumnElement[bool]]:
    """Return what a row of `replies` must fulfil."""
    asked = {
        "brand": wanted.brand,
        "state": wanted.state,
        "decision": wanted.decision,
        "language": wanted.language,
        "ticket_id": wanted.ticket_id,
        "tone": wanted.tone,
    }
    met = [replies.c[column] == str(value) for column, value in asked.items() if value is not None]
    met += [
        or_(replies.c.words.icontains(word, autoescape=True), replies.c.id == word, replies.c.ticket_id == word)
        for word in (wanted.q or "").split()
    ]
    if wanted.version is not None:
        met.append(replies.c.prompt_version.in_(wanted.version.split()))
    if wanted.reason is not None:
        codes = literal(" ") + replies.c.reasons + literal(" ")
        met.append(codes.contains(f" {wanted.reason} ", autoescape=True))
    if wanted.since is not None:
        met.append(replies.c.created_at >= _midnight(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        met.append(replies.c.created_at < _midnight(wanted.until + timedelta(days=1)))
    return met


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
