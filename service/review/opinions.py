"""What people made of replies, for exports: the newest correction, one verdict, and the outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import ReplyLogError
from service.reply_log.exchange.opinion import NO_OPINION, Opinion
from service.review.tables import outcomes, reviews
from service.review.verdicts import Queue


class OpinionsOf:
    """Finds opinions by reply."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def __call__(self, reply_ids: Sequence[str]) -> Mapping[str, Opinion]:
        """Return what stands of each reply that somebody reviewed or sent; ReplyLogError when it cannot be read."""
        found: dict[str, Opinion] = {}
        try:
            async with self._engine.connect() as connection:
                for row in await connection.execute(_standing(reply_ids)):
                    found[row.reply_id] = _reviewed(found.get(row.reply_id, NO_OPINION), row)
                for row in await connection.execute(_sent(reply_ids)):
                    found[row.reply_id] = replace(
                        found.get(row.reply_id, NO_OPINION),
                        edit_distance=row.edit_distance,
                        csat=row.csat,
                        reopened=row.reopened,
                        resolved=row.resolved,
                    )
        except SQLAlchemyError as exc:
            raise ReplyLogError("The reviews could not be read.") from exc
        return found


def _standing(reply_ids: Sequence[str]) -> Select[Any]:
    stands = (reviews.c.superseded_at.is_(None), reviews.c.undone_at.is_(None))
    return (
        select(reviews).where(reviews.c.reply_id.in_(reply_ids), *stands).order_by(reviews.c.created_at, reviews.c.id)
    )


def _sent(reply_ids: Sequence[str]) -> Select[Any]:
    return select(outcomes).where(outcomes.c.reply_id.in_(reply_ids))


def _reviewed(opinion: Opinion, row: Row[Any]) -> Opinion:
    opinion = replace(opinion, better=row.correction or opinion.better)
    if opinion.queue == Queue.SAMPLE.value and row.queue != Queue.SAMPLE.value:
        return opinion
    return replace(
        opinion,
        verdict=row.verdict,
        reject_reasons=tuple(row.reasons.split()),
        queue=row.queue,
        inclusion_probability=row.inclusion_probability,
    )
