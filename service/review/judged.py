"""Which replies were judged how: what the log's page and the statistics' links filter by."""

from typing import Any

from sqlalchemy import Select, literal, select

from service.reply_log.citations import citations
from service.review.tables import reviews
from service.review.verdicts import Queue, Verdict


def judged(
    verdict: Verdict | None, reason: str | None, queue: Queue | None = None, *, article: str | None = None
) -> Select[Any] | None:
    """Return a query of the ids of replies with such a review that counts, citing *article*; None without a wish."""
    citing = None if article is None else select(citations.c.reply_id).where(citations.c.article == article)
    if verdict is None and reason is None and queue is None:
        return citing
    query = select(reviews.c.reply_id).where(reviews.c.superseded_at.is_(None), reviews.c.undone_at.is_(None))
    if citing is not None:
        query = query.where(reviews.c.reply_id.in_(citing))
    if verdict is not None:
        query = query.where(reviews.c.verdict == verdict.value)
    if queue is not None:
        query = query.where(reviews.c.queue == queue.value)
    if reason is not None:
        codes = literal(" ") + reviews.c.reasons + literal(" ")
        query = query.where(codes.contains(f" {reason} ", autoescape=True))
    return query
