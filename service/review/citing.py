"""How often each article is cited, and how often in a reply that people rejected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import ReviewsError
from service.reply_log.citations import citations
from service.review.tables import reviews
from service.review.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Cited:
    replies: int = 0
    rejected: int = 0
    """Those of them that a review that counts rejects."""


async def citing(engine: AsyncEngine, brand: str, since: datetime) -> Mapping[str, Cited]:
    """Return by source each article that the brand's replies cite *since*; ReviewsError when it cannot be read."""
    rejected = (
        select(reviews.c.reply_id)
        .where(
            reviews.c.verdict == Verdict.REJECT.value,
            reviews.c.superseded_at.is_(None),
            reviews.c.undone_at.is_(None),
        )
        .distinct()
        .subquery()
    )
    query = (
        select(citations.c.article, func.count().label("replies"), func.count(rejected.c.reply_id).label("rejected"))
        .outerjoin(rejected, rejected.c.reply_id == citations.c.reply_id)
        .where(citations.c.brand == brand, citations.c.at >= since)
        .group_by(citations.c.article)
    )
    try:
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
    except SQLAlchemyError as exc:
        raise ReviewsError("How often articles are cited could not be read.") from exc
    return {row.article: Cited(row.replies, row.rejected) for row in rows}
