"""The better texts that reviewers wrote: what exports of preference pairs and fine-tuning take."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import ReplyLogError
from service.review.tables import reviews


class CorrectionsOf:
    """Finds corrections by reply."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def __call__(self, reply_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the newest correction that stands of each reply that has one."""
        columns = (reviews.c.reply_id, reviews.c.correction)
        query = select(*columns).where(
            reviews.c.reply_id.in_(reply_ids),
            reviews.c.correction.is_not(None),
            reviews.c.superseded_at.is_(None),
            reviews.c.undone_at.is_(None),
        )
        try:
            async with self._engine.connect() as connection:
                found = await connection.execute(query.order_by(reviews.c.created_at, reviews.c.id))
                return {row.reply_id: row.correction for row in found}
        except SQLAlchemyError as exc:
            raise ReplyLogError("The reviews could not be read.") from exc
