"""The queues: which reply a reviewer reads next, reserved so that no other reads it at the same time."""

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, Update, and_, case, exists, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import ReservationLostError
from service.reply_log.rows import replies
from service.review.candidates import FILLED, candidates, insert_items, unhappy
from service.review.tables import review_items
from service.review.transactions import Transactions
from service.review.verdicts import Queue

RESERVED = timedelta(minutes=15)
_BATCH = 25
"""Replies that enter a queue at once when it has run dry."""
_LATER = 1e10
"""Added to a skipped item's position: behind every other."""
_COUNTED = 1_000
_CHOSEN = (Queue.SAMPLE, Queue.UNHAPPY, Queue.PICKED)
"""Queues with an end: what a person or a customer put there. The others fill themselves from all of the log."""
MOST_WAITING = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed and not saved yet."""

    reasons: tuple[str, ...] = ()
    note: str = ""
    correction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A reply in a queue, and in one reviewer's hands."""

    queue: Queue
    reply_id: str
    reserved_until: datetime | None
    """None once it was judged."""
    review_id: str | None
    """The review that it got; None while it is open."""
    draft: Draft


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    """Judged by anybody."""
    open: int
    """Still to judge, by the one who asks; counted up to a thousand."""


class ReviewQueues:
    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._brands: frozenset[str] | None = None

    def only(self, brands: frozenset[str]) -> Self:
        """Return the same queues as who sees these brands only."""
        seen = copy(self)
        seen._brands = brands  # noqa: SLF001 - a copy of our own kind
        return seen

    async def next(self, queue: Queue, reviewer: str) -> Item | None:
        """
        Reserve the next reply of *queue*; None when the queue is finished.

        The one that the reviewer holds already comes first. A reply is in one pair of hands at a time.
        """
        claim = _claim(queue, reviewer, self._brands, datetime.now(UTC))
        async with self._transactions.writing() as connection:
            row = await _one(connection, claim)
            if row is None and queue not in FILLED:
                found = (
                    (await connection.execute(candidates(queue, reviewer, self._brands).limit(_BATCH))).mappings().all()
                )
                if found:
                    await connection.execute(insert_items(self._transactions.dialect, queue, found))
                    row = await _one(connection, claim)
        return _item(row) if row else None

    async def item(self, queue: Queue, reply_id: str, reviewer: str) -> Item:
        """
        Return a reply that the reviewer holds, or has judged.

        Raises:
            ReservationLostError: It is, or was, in other hands.
        """
        mine = self._mine(queue, reply_id, reviewer)
        rows = await self._transactions.rows(select(review_items).where(*mine))
        if not rows:
            raise ReservationLostError("Another reviewer has this reply now.")
        return _item(rows[0])

    async def keep(self, queue: Queue, reply_id: str, reviewer: str, draft: Draft | None = None) -> datetime:
        """
        Renew the reservation and, if given, save what was typed; return until when it holds.

        Raises:
            ReservationLostError: Another reviewer has it, or it was judged already.
        """
        values: dict[str, Any] = {"reserved_until": datetime.now(UTC) + RESERVED}
        if draft is not None:
            values |= draft_columns(draft)
        renewed = update(review_items).where(*self._mine(queue, reply_id, reviewer), review_items.c.done_at.is_(None))
        async with self._transactions.writing() as connection:
            row = await _one(connection, renewed.values(values).returning(review_items))
        if row is None:
            raise ReservationLostError("Another reviewer has this reply now.")
        return _item(row).reserved_until or datetime.now(UTC)

    async def skip(self, queue: Queue, reply_id: str, reviewer: str) -> None:
        """Give the reply back, behind all others of its queue; nothing happens when it is in other hands."""
        given_back = {"reserved_until": None, "position": review_items.c.position + _LATER}
        async with self._transactions.writing() as connection:
            open_ = (*self._mine(queue, reply_id, reviewer), review_items.c.done_at.is_(None))
            await connection.execute(update(review_items).where(*open_).values(given_back))

    async def progress(self, queue: Queue, reviewer: str) -> Progress:
        """Return how far the queue is."""
        of_queue = [review_items.c.queue == queue.value, *_of_brands(self._brands)]
        done = select(func.count().label("n")).where(*of_queue, review_items.c.done_at.is_not(None))
        open_ = select(func.count().label("n")).where(
            *of_queue, review_items.c.done_at.is_(None), _for(reviewer), _is_there()
        )
        counts = [(await self._transactions.rows(query))[0]["n"] for query in (done, open_)]
        if queue not in FILLED:
            more = candidates(queue, reviewer, self._brands).limit(_COUNTED).subquery()
            counts[1] += (await self._transactions.rows(select(func.count().label("n")).select_from(more)))[0]["n"]
        return Progress(counts[0], min(counts[1], _COUNTED))

    async def waiting(self) -> int:
        """Return how many replies wait in the sample, for unhappy customers and by hand: up to one over the most."""
        here = (
            select(review_items.c.id)
            .where(
                review_items.c.queue.in_([queue.value for queue in _CHOSEN]),
                review_items.c.done_at.is_(None),
                _is_there(),
                *_of_brands(self._brands),
            )
            .limit(MOST_WAITING + 1)
        )
        new = unhappy(self._brands).limit(MOST_WAITING + 1)
        counts = [select(func.count()).select_from(each.subquery()).scalar_subquery() for each in (here, new)]
        [row] = await self._transactions.rows(select((counts[0] + counts[1]).label("n")))
        return min(int(row["n"]), MOST_WAITING + 1)

    async def neighbours(self, item: Item, reviewer: str) -> tuple[str | None, str | None]:
        """Return the replies that the reviewer judged before and after this one in its queue; None where none is."""
        judged = select(review_items.c.reply_id).where(
            review_items.c.queue == item.queue.value,
            review_items.c.reviewer == reviewer,
            review_items.c.done_at.is_not(None),
            *_of_brands(self._brands),
        )
        review = review_items.c.review_id
        before = judged.order_by(review.desc()).limit(1)
        after = judged.order_by(review).limit(1)
        if item.review_id is None:
            return await self._first(before), None
        return await self._first(before.where(review < item.review_id)), await self._first(
            after.where(review > item.review_id)
        )

    def _mine(self, queue: Queue, reply_id: str, reviewer: str) -> tuple[ColumnElement[bool], ...]:
        return (
            review_items.c.queue == queue.value,
            review_items.c.reply_id == reply_id,
            review_items.c.reviewer == reviewer,
            *_of_brands(self._brands),
        )

    async def _first(self, query: Any) -> str | None:  # noqa: ANN401 - SQLAlchemy's select of one column
        rows = await self._transactions.rows(query)
        return str(rows[0]["reply_id"]) if rows else None


def draft_columns(draft: Draft) -> dict[str, str | None]:
    return {
        "draft_reasons": " ".join(draft.reasons) or None,
        "draft_note": draft.note or None,
        "draft_correction": draft.correction or None,
    }


def _claim(queue: Queue, reviewer: str, brands: frozenset[str] | None, now: datetime) -> Update:
    """Return the one statement that finds and reserves: whoever comes second sees it reserved, or locked."""
    is_mine = review_items.c.reviewer == reviewer
    is_free = or_(review_items.c.reserved_until.is_(None), review_items.c.reserved_until < now)
    is_held = and_(is_mine, review_items.c.reserved_until >= now)
    found = (
        select(review_items.c.id)
        .join(replies, replies.c.id == review_items.c.reply_id)
        .where(
            review_items.c.queue == queue.value,
            review_items.c.done_at.is_(None),
            replies.c.erased_at.is_(None),
            or_(is_free, is_mine),
            _for(reviewer),
            *_of_brands(brands),
        )
        .order_by(case((is_held, 0), else_=1), review_items.c.position, review_items.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=review_items)
    )
    drafts = {
        name: case((is_mine, review_items.c[name]), else_=null())
        for name in ("draft_reasons", "draft_note", "draft_correction")
    }
    return (
        update(review_items)
        .where(review_items.c.id == found.scalar_subquery())
        .values(reviewer=reviewer, reserved_until=now + RESERVED, **drafts)
        .returning(review_items)
    )


def _is_there() -> ColumnElement[bool]:
    """Say of an item that its reply was not erased: what was erased is given out to nobody."""
    return exists().where(replies.c.id == review_items.c.reply_id, replies.c.erased_at.is_(None))


def _for(reviewer: str) -> ColumnElement[bool]:
    return or_(review_items.c.first_reviewer.is_(None), review_items.c.first_reviewer != reviewer)


def _of_brands(brands: frozenset[str] | None) -> list[ColumnElement[bool]]:
    return [] if brands is None else [review_items.c.brand.in_(sorted(brands))]


async def _one(connection: AsyncConnection, statement: Update) -> Any:  # noqa: ANN401 - a row's mapping
    return (await connection.execute(statement)).mappings().first()


def _item(row: Any) -> Item:  # noqa: ANN401 - a row's mapping
    return Item(
        queue=Queue(row["queue"]),
        reply_id=row["reply_id"],
        reserved_until=None if row["done_at"] else row["reserved_until"],
        review_id=row["review_id"],
        draft=Draft(
            reasons=tuple((row["draft_reasons"] or "").split()),
            note=row["draft_note"] or "",
            correction=row["draft_correction"] or "",
        ),
    )
