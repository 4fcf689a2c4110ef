"""Which logged tickets a comparison may take."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from service.domain import ReplyState
from service.reply_log.rows import replies
from service.review.comparison.sides import Tickets
from service.review.sampling import PERIOD
from service.review.tables import review_items, reviews
from service.review.verdicts import Queue, Verdict


def found(brand: str, tickets: Tickets, language: str | None, named: Sequence[str]) -> Select[Any]:
    """Return the query for the ids of a brand's replies whose tickets are meant; those that were erased are none."""
    conditions = [
        replies.c.brand == brand,
        replies.c.state == ReplyState.FINISHED.value,
        replies.c.erased_at.is_(None),
        _meant(tickets, named),
    ]
    if tickets is not Tickets.NAMED:
        conditions.append(replies.c.created_at >= datetime.now(UTC) - PERIOD)
    if language is not None:
        conditions.append(replies.c.language == language)
    return select(replies.c.id).where(*conditions).order_by(replies.c.id)


def _meant(tickets: Tickets, named: Sequence[str]) -> ColumnElement[bool]:
    if tickets is Tickets.SAMPLE:
        return replies.c.id.in_(select(review_items.c.reply_id).where(review_items.c.queue == Queue.SAMPLE.value))
    if tickets is Tickets.REJECTED:
        rejected = select(reviews.c.reply_id).where(
            reviews.c.verdict == Verdict.REJECT.value, reviews.c.superseded_at.is_(None), reviews.c.undone_at.is_(None)
        )
        return replies.c.id.in_(rejected)
    if tickets is Tickets.NAMED:
        return replies.c.id.in_(named)
    return replies.c.id.is_not(None)
