"""The reviews: saved, superseded by a later one of the same reviewer, and taken back."""

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, Update, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain import new_id
from service.errors import NotFoundError, ReservationLostError
from service.reply_log.rows import replies
from service.review.queues import RESERVED, Draft, draft_columns
from service.review.tables import review_items, reviews
from service.review.transactions import Transactions
from service.review.verdicts import Judgement, Queue, Review, Verdict

UNDO_DEPTH = 10
_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """What one reader may see of a reply's reviews, oldest first."""

    reviews: tuple[Review, ...]
    hidden: int
    """Others' reviews that the reader sees after judging the reply."""


class Reviews:
    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._brands: frozenset[str] | None = None

    def only(self, brands: frozenset[str]) -> Self:
        """Return the same reviews as who sees these brands only: nothing else is taken back or counted."""
        seen = copy(self)
        seen._brands = brands  # noqa: SLF001 - a copy of our own kind
        return seen

    async def save(self, reply_id: str, reviewer: str, judgement: Judgement, queue: Queue = Queue.REPLY) -> Review:
        """
        Save a judgement; the reviewer's earlier one in the same queue is superseded, and stays in the table.

        One given outside of a queue takes the place, and the weight, of the reviewer's newest one.

        Raises:
            ReservationLostError: The reply is in other hands; nothing was saved.
            ReviewsError: It was not possible; nothing was saved.
        """
        row = _row(reply_id, reviewer, judgement, queue)
        async with self._transactions.writing() as connection:
            previous = (await connection.execute(_previous(reply_id, reviewer, queue))).mappings().first()
            if queue is Queue.REPLY and previous:
                row |= {key: previous[key] for key in ("queue", "stratum", "inclusion_probability")}
            elif queue is not Queue.REPLY:
                row |= await _finish(connection, row)
            await connection.execute(reviews.insert().values(row))
            if previous:
                await connection.execute(_supersede(previous["id"], row))
                await connection.execute(_point(reply_id, previous["id"], row["id"]))
        return _review(row)

    async def undo(self, reviewer: str) -> Review:
        """
        Take back the reviewer's newest review and return it: the one before it counts again, or the reply is open.

        Of the ten newest reviews all can be taken back.

        Raises:
            NotFoundError: There is nothing to take back.
        """
        own = self._seen(select(reviews).where(reviews.c.reviewer == reviewer))
        newest = own.order_by(reviews.c.id.desc()).limit(UNDO_DEPTH)
        async with self._transactions.writing() as connection:
            rows = (await connection.execute(newest)).mappings().all()
            row = next((each for each in rows if not each["undone_at"] and not each["superseded_at"]), None)
            if row is None:
                raise NotFoundError("There is no review to take back.")
            await connection.execute(
                update(reviews).where(reviews.c.id == row["id"]).values(undone_at=datetime.now(UTC))
            )
            await self._reopen(connection, row)
        return _review(row)

    async def of_reply(self, reply_id: str, reader: str | None = None) -> Seen:
        """
        Return the reviews that count, oldest first; others' are hidden until *reader* has judged the reply.

        Without a reader they are hidden while the reply waits in a queue: somebody may be judging it.
        """
        found = await self._transactions.rows(
            select(reviews).where(reviews.c.reply_id == reply_id, *_counts()).order_by(reviews.c.id)
        )
        all_ = tuple(_review(row) for row in found)
        own = tuple(review for review in all_ if review.reviewer == reader)
        if own or not (reader or await self._waits(reply_id)):
            return Seen(all_, 0)
        return Seen((), len(all_))

    async def of_item(self, review_id: str) -> Review:
        """Return one review; NotFoundError when there is none of this id."""
        rows = await self._transactions.rows(select(reviews).where(reviews.c.id == review_id))
        if not rows:
            raise NotFoundError("There is no review of this id.")
        return _review(rows[0])

    async def newest(self, reviewer: str, queue: Queue, limit: int = 500) -> tuple[Review, ...]:
        """Return the reviewer's reviews of a queue that count, newest first."""
        query = select(reviews).where(reviews.c.reviewer == reviewer, reviews.c.queue == queue.value, *_counts())
        rows = await self._transactions.rows(self._seen(query).order_by(reviews.c.id.desc()).limit(limit))
        return tuple(_review(row) for row in rows)

    async def beside_others(self, reviewer: str) -> tuple[tuple[Verdict, Verdict], ...]:
        """Return the reviewer's verdict and the first other one on each reply that both judged; 500 replies at most."""
        own, other = reviews.alias("own"), reviews.alias("other")
        counting = [
            condition
            for each in (own, other)
            for condition in (
                each.c.superseded_at.is_(None),
                each.c.undone_at.is_(None),
                each.c.verdict != Verdict.CANNOT_JUDGE.value,
            )
        ]
        query = (
            select(own.c.reply_id, own.c.verdict, other.c.verdict.label("others"))
            .join(other, other.c.reply_id == own.c.reply_id)
            .where(own.c.reviewer == reviewer, other.c.reviewer != reviewer, *counting)
            .order_by(own.c.id.desc(), other.c.id.desc())
            .limit(_COMPARED)
        )
        rows = await self._transactions.rows(self._seen(query, own.c.reply_id))
        found = {row["reply_id"]: (Verdict(row["verdict"]), Verdict(row["others"])) for row in rows}
        return tuple(found.values())

    def _seen(self, query: Select[Any], reply_id: ColumnElement[str] = reviews.c.reply_id) -> Select[Any]:
        if self._brands is None:
            return query
        return query.where(reply_id.in_(select(replies.c.id).where(replies.c.brand.in_(sorted(self._brands)))))

    async def _waits(self, reply_id: str) -> bool:
        open_ = select(review_items.c.id).where(
            review_items.c.reply_id == reply_id, review_items.c.done_at.is_(None), review_items.c.reviewer.is_not(None)
        )
        return bool(await self._transactions.rows(open_.limit(1)))

    async def _reopen(self, connection: AsyncConnection, row: Any) -> None:  # noqa: ANN401 - a row's mapping
        restored = (
            update(reviews)
            .where(reviews.c.superseded_by == row["id"])
            .values(superseded_at=None, superseded_by=None)
            .returning(reviews.c.id)
        )
        before = (await connection.execute(restored)).scalar()
        if before:
            await connection.execute(_point(row["reply_id"], row["id"], before))
            return
        draft = Draft(reasons=tuple(row["reasons"].split()), note=row["note"] or "", correction=row["correction"] or "")
        open_ = {"done_at": None, "review_id": None, "reserved_until": datetime.now(UTC) + RESERVED}
        await connection.execute(
            update(review_items)
            .where(review_items.c.reply_id == row["reply_id"], review_items.c.review_id == row["id"])
            .values(reviewer=row["reviewer"], **open_, **draft_columns(draft))
        )


def _row(reply_id: str, reviewer: str, judgement: Judgement, queue: Queue) -> dict[str, Any]:
    return {
        "id": new_id("rvw_"),
        "reply_id": reply_id,
        "queue": queue.value,
        "reviewer": reviewer,
        "verdict": judgement.verdict.value,
        "reasons": " ".join(judgement.reasons),
        "note": judgement.note or None,
        "correction": judgement.correction or None,
        "stratum": None,
        "inclusion_probability": None,
        "seconds": judgement.seconds,
        "created_at": datetime.now(UTC),
    }


async def _finish(connection: AsyncConnection, row: dict[str, Any]) -> dict[str, Any]:
    """Close the queue's item and return what it knows about the draw."""
    closed = {"done_at": row["created_at"], "review_id": row["id"], "reserved_until": None}
    finished = (
        update(review_items)
        .where(
            review_items.c.queue == row["queue"],
            review_items.c.reply_id == row["reply_id"],
            review_items.c.reviewer == row["reviewer"],
        )
        .values(**closed, **draft_columns(Draft()))
        .returning(review_items.c.stratum, review_items.c.inclusion_probability)
    )
    item = (await connection.execute(finished)).mappings().first()
    if item is None:
        raise ReservationLostError("Another reviewer has this reply now: nothing was saved, and your text is kept.")
    return dict(item)


def _counts() -> tuple[ColumnElement[bool], ...]:
    return reviews.c.superseded_at.is_(None), reviews.c.undone_at.is_(None)


def _previous(reply_id: str, reviewer: str, queue: Queue) -> Select[Any]:
    same = [] if queue is Queue.REPLY else [reviews.c.queue == queue.value]
    query = select(reviews).where(reviews.c.reply_id == reply_id, reviews.c.reviewer == reviewer, *same, *_counts())
    return query.order_by(reviews.c.id.desc()).limit(1)


def _supersede(review_id: str, row: dict[str, Any]) -> Update:
    values = {"superseded_at": row["created_at"], "superseded_by": row["id"]}
    return update(reviews).where(reviews.c.id == review_id).values(values)


def _point(reply_id: str, old: str, new: str) -> Update:
    of_reply = (review_items.c.reply_id == reply_id, review_items.c.review_id == old)
    return update(review_items).where(*of_reply).values(review_id=new)


def _review(row: Any) -> Review:  # noqa: ANN401 - a row's mapping
    return Review(
        id=row["id"],
        reply_id=row["reply_id"],
        queue=Queue(row["queue"]),
        reviewer=row["reviewer"],
        judgement=Judgement(
            verdict=Verdict(row["verdict"]),
            reasons=tuple(row["reasons"].split()),
            note=row["note"] or "",
            correction=row["correction"] or "",
            seconds=row["seconds"],
        ),
        created_at=row["created_at"],
        stratum=row["stratum"],
        inclusion_probability=row["inclusion_probability"],
    )
