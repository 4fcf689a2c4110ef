"""Which logged replies belong into a targeted queue and are not in it yet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, exists, literal, literal_column, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from service.domain import Decision, ReasonCode, ReplyState, new_id
from service.reply_log.rows import replies
from service.review.tables import outcomes, review_items
from service.review.verdicts import Queue

_LOW = (
    ReasonCode.LOW_ANSWERABILITY,
    ReasonCode.UNSUPPORTED_SENTENCE,
    ReasonCode.UNBACKED_FIGURE,
    ReasonCode.NO_CITATION,
)
FILLED = frozenset({Queue.SAMPLE, Queue.PICKED})
"""Queues that a person fills: by a draw, or by hand."""
_IS_UNHAPPY: ColumnElement[bool] = literal_column("(outcomes.csat <= 2 OR outcomes.reopened)")
"""One of the two lowest ratings of five. Word for word as the index has it: SQLite would not use it otherwise."""


def candidates(queue: Queue, reviewer: str, brands: frozenset[str] | None = None) -> Select[Any]:
    """Return the query for a targeted queue's next replies: the newest first, the sample's own order for `double`."""
    if queue is Queue.DOUBLE:
        return _read_once(reviewer, brands)
    query = select(replies.c.id, replies.c.brand, replies.c.created_at, *unsampled())
    conditions = [replies.c.state == ReplyState.FINISHED.value, replies.c.erased_at.is_(None), _is_new(queue)]
    if queue is Queue.UNHAPPY:
        query = query.join(outcomes, outcomes.c.reply_id == replies.c.id)
        conditions.append(_IS_UNHAPPY)
    elif queue is Queue.HANDED_OFF:
        conditions.append(replies.c.decision == Decision.HANDOFF.value)
    else:
        conditions.append(replies.c.decision == Decision.REVIEW.value)
        conditions.append(or_(*(replies.c.reasons.contains(code.value) for code in _LOW)))
    if brands is not None:
        conditions.append(replies.c.brand.in_(sorted(brands)))
    return query.where(*conditions).order_by(replies.c.id.desc())


def unhappy(brands: frozenset[str] | None) -> Select[Any]:
    """Return the query of the unhappy customers' replies that are not in their queue yet, in no order."""
    seen = [] if brands is None else [replies.c.brand.in_(sorted(brands))]
    is_there = exists().where(
        replies.c.id == outcomes.c.reply_id,
        replies.c.state == ReplyState.FINISHED.value,
        replies.c.erased_at.is_(None),
        *seen,
    )
    is_put = exists().where(review_items.c.queue == Queue.UNHAPPY.value, review_items.c.reply_id == outcomes.c.reply_id)
    # From the few that are unhappy to their replies: a join would let the planner begin with all replies.
    return select(outcomes.c.reply_id).where(_IS_UNHAPPY, ~is_put, is_there)


def insert_items(dialect: str, queue: Queue, found: Sequence[Any]) -> Executable:
    """Return the statement that puts them into the queue and tells the new items; one that is there stays as it is."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    rows = [
        {
            "id": new_id("itm_"),
            "queue": queue.value,
            "reply_id": each["id"],
            "brand": each["brand"],
            "position": each["position"] if queue is Queue.DOUBLE else -each["created_at"].timestamp(),
            "stratum": each["stratum"],
            "inclusion_probability": each["inclusion_probability"],
            "first_reviewer": each["first_reviewer"],
        }
        for each in found
    ]
    put = insert(review_items).values(rows).on_conflict_do_nothing(index_elements=["queue", "reply_id"])
    return put.returning(review_items.c.id)


def _read_once(reviewer: str, brands: frozenset[str] | None) -> Select[Any]:
    """Select the sample's judged replies, in its random order, that somebody else than *reviewer* judged."""
    first = review_items.alias("first")
    query = (
        select(
            replies.c.id, replies.c.brand, replies.c.created_at, first.c.reviewer.label("first_reviewer"),
            first.c.position, first.c.stratum, first.c.inclusion_probability,
        )
        .join(first, first.c.reply_id == replies.c.id)
        .where(
            first.c.queue == Queue.SAMPLE.value, first.c.done_at.is_not(None), first.c.reviewer != reviewer,
            replies.c.erased_at.is_(None), _is_new(Queue.DOUBLE),
        )
    )  # fmt: skip
    if brands is not None:
        query = query.where(replies.c.brand.in_(sorted(brands)))
    return query.order_by(first.c.position)


def unsampled() -> list[ColumnElement[Any]]:
    """Return the columns that say of a queue's item that no draw and nobody's first reading put it there."""
    return [literal(None).label(name) for name in ("first_reviewer", "position", "stratum", "inclusion_probability")]


def _is_new(queue: Queue) -> ColumnElement[bool]:
    return ~exists().where(review_items.c.queue == queue.value, review_items.c.reply_id == replies.c.id)
