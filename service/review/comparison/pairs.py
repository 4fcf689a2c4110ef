"""The pairs of a comparison: one reviewer at a time reads one, chooses, and can take the choice back."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Update, and_, case, or_, select, update

from service.domain import new_id
from service.errors import NotFoundError, ReservationLostError
from service.reply_log.records import unpack
from service.reply_log.rows import replies
from service.review.comparison.sides import Choice, Comparison, Pair, PairState, Preferred, Said
from service.review.comparison.tables import comparison_choices, comparison_pairs
from service.review.queues import RESERVED
from service.review.reviews import UNDO_DEPTH
from service.review.transactions import Transactions


class Pairs:
    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def next(self, comparison: Comparison, reviewer: str) -> Pair | None:
        """
        Reserve the next pair to read; None when none is left, none is written yet, or the comparison was stopped.

        The one that the reviewer holds already comes first. A pair is in one pair of hands at a time.
        """
        if comparison.stopped_at:
            return None
        async with self._transactions.writing() as connection:
            row = (await connection.execute(_claim(comparison.id, reviewer))).mappings().first()
        return _pair(row, await self._taken_back(row["id"], reviewer)) if row else None

    async def read(self, comparison: Comparison, pair_id: str) -> Pair:
        """Return a pair that was judged, with its choice; NotFoundError while it is open: it is read blind."""
        row = await self._row(comparison, pair_id)
        if row["done_at"] is None or row["candidate"] is None:
            raise NotFoundError("There is no judged pair of this id.")
        query = select(comparison_choices).where(comparison_choices.c.id == row["choice_id"])
        made = await self._transactions.rows(query)
        return _pair(row, made[0] if made else None)

    async def keep(self, comparison: Comparison, pair_id: str, reviewer: str) -> datetime:
        """Renew the reservation and return until when it holds; ReservationLostError when it is in other hands."""
        until = datetime.now(UTC) + RESERVED
        async with self._transactions.writing() as connection:
            kept = await connection.execute(_held(comparison.id, pair_id, reviewer).values(reserved_until=until))
        if not kept.rowcount:
            raise ReservationLostError("Another reviewer has this pair now.")
        return until

    async def choose(self, comparison: Comparison, pair_id: str, reviewer: str, said: Said) -> str:
        """
        Save what a reviewer chose and return the choice's id.

        Raises:
            NotFoundError: There is no such pair.
            ReservationLostError: The pair is in other hands, or judged; nothing was saved.
        """
        row = await self._row(comparison, pair_id)
        now = datetime.now(UTC)
        choice = {
            "id": new_id("cho_"),
            "comparison_id": comparison.id,
            "pair_id": pair_id,
            "reviewer": reviewer,
            "preferred": said.choice.preferred(is_swapped=row["is_swapped"]).value,
            "reasons": " ".join(said.reasons),
            "seconds": said.seconds,
            "created_at": now,
        }
        closed = {"done_at": now, "choice_id": choice["id"], "reserved_until": None}
        async with self._transactions.writing() as connection:
            done = await connection.execute(_held(comparison.id, pair_id, reviewer).values(closed))
            if not done.rowcount:
                raise ReservationLostError("Another reviewer has this pair now: nothing was saved.")
            await connection.execute(comparison_choices.insert().values(choice))
        return str(choice["id"])

    async def undo(self, comparison: Comparison, reviewer: str) -> str:
        """
        Take back the reviewer's newest choice and return its pair's id: the pair is the reviewer's again.

        Of the ten newest choices all can be taken back.

        Raises:
            NotFoundError: There is nothing to take back.
        """
        mine = (comparison_choices.c.comparison_id == comparison.id, comparison_choices.c.reviewer == reviewer)
        newest = select(comparison_choices).where(*mine).order_by(comparison_choices.c.id.desc()).limit(UNDO_DEPTH)
        now = datetime.now(UTC)
        async with self._transactions.writing() as connection:
            rows = (await connection.execute(newest)).mappings().all()
            row = next((each for each in rows if not each["undone_at"]), None)
            if row is None:
                raise NotFoundError("There is no choice to take back.")
            chosen, pairs = comparison_choices.c, comparison_pairs.c
            await connection.execute(update(comparison_choices).where(chosen.id == row["id"]).values(undone_at=now))
            reopened = {"done_at": None, "choice_id": None, "reviewer": reviewer, "reserved_until": now + RESERVED}
            await connection.execute(update(comparison_pairs).where(pairs.choice_id == row["id"]).values(reopened))
        return str(row["pair_id"])

    async def _row(self, comparison: Comparison, pair_id: str) -> Any:  # noqa: ANN401 - a row's mapping
        pairs = comparison_pairs.c
        query = select(comparison_pairs).where(pairs.comparison_id == comparison.id, pairs.id == pair_id)
        rows = await self._transactions.rows(query)
        if not rows:
            raise NotFoundError("There is no pair of this id in this comparison.")
        return rows[0]

    async def _taken_back(self, pair_id: str, reviewer: str) -> Any:  # noqa: ANN401 - a row's mapping
        """Return the reviewer's newest choice of an open pair, which can only be one that was taken back."""
        chosen = comparison_choices.c
        query = select(comparison_choices).where(chosen.pair_id == pair_id, chosen.reviewer == reviewer)
        rows = await self._transactions.rows(query.order_by(chosen.id.desc()).limit(1))
        return rows[0] if rows else None


def _claim(comparison_id: str, reviewer: str) -> Update:
    """Return the one statement that finds and reserves: whoever comes second sees it reserved, or locked."""
    now, pairs = datetime.now(UTC), comparison_pairs.c
    is_mine = pairs.reviewer == reviewer
    is_free = or_(pairs.reserved_until.is_(None), pairs.reserved_until < now)
    is_held = and_(is_mine, pairs.reserved_until >= now)
    found = (
        select(pairs.id)
        .join(replies, replies.c.id == pairs.reply_id)
        .where(
            pairs.comparison_id == comparison_id,
            pairs.state == PairState.WRITTEN.value,
            pairs.done_at.is_(None),
            pairs.candidate.is_not(None),
            replies.c.erased_at.is_(None),
            or_(is_free, is_mine),
        )
        # Of two that the reviewer holds, the one that was taken back last.
        .order_by(case((is_held, 0), else_=1), case((is_held, pairs.reserved_until)).desc(), pairs.position)
        .limit(1)
        .with_for_update(skip_locked=True, of=comparison_pairs)
    )
    held = {"reviewer": reviewer, "reserved_until": now + RESERVED}
    return update(comparison_pairs).where(pairs.id == found.scalar_subquery()).values(held).returning(comparison_pairs)


def _held(comparison_id: str, pair_id: str, reviewer: str) -> Update:
    pairs = comparison_pairs.c
    return update(comparison_pairs).where(
        pairs.comparison_id == comparison_id,
        pairs.id == pair_id,
        pairs.reviewer == reviewer,
        pairs.state == PairState.WRITTEN.value,
        pairs.done_at.is_(None),
    )


def _pair(row: Any, made: Any) -> Pair:  # noqa: ANN401 - rows' mappings
    baseline, candidate = unpack(row["baseline"]), unpack(row["candidate"])
    first, second = (candidate, baseline) if row["is_swapped"] else (baseline, candidate)
    said = None
    if made:
        choice = Choice.of(Preferred(made["preferred"]), is_swapped=row["is_swapped"])
        said = Said(choice=choice, reasons=tuple(made["reasons"].split()), seconds=made["seconds"])
    return Pair(
        id=row["id"],
        comparison_id=row["comparison_id"],
        position=row["position"],
        reply_id=row["reply_id"],
        is_swapped=row["is_swapped"],
        a=first,
        b=second,
        reserved_until=None if row["done_at"] else row["reserved_until"],
        said=said,
    )
