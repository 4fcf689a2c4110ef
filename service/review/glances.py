"""What a list says of its replies: how people judged them, and how much was changed before they were sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Executable, Row, Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import ReviewsError
from service.review.tables import outcomes, reviews
from service.review.verdicts import Verdict

MOST = 10_000
"""Replies that are counted; of more the list says that there are as many at least."""
_COUNTS = (reviews.c.superseded_at.is_(None), reviews.c.undone_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What is told of a reply in a line."""

    judged: bool = False
    verdict: Verdict | None = None
    """The newest that counts; None while the reader has not judged the reply."""
    edit_distance: float | None = None
    """Of the text that was sent, in [0, 1]; None when it is not known."""


@dataclass(frozen=True, slots=True)
class Tally:
    replies: int
    """At most `MOST`."""
    by_verdict: Mapping[Verdict, int]
    """Replies with such a verdict, judged twice differently: in both."""


class Glances:
    """Methods raise ReviewsError when the database does not answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def of(self, reply_ids: Sequence[str], reader: str) -> Mapping[str, Glance]:
        """Return what may be told to *reader* of each reply of which there is anything to tell."""
        said = select(reviews.c.reply_id, reviews.c.reviewer, reviews.c.verdict).where(*_COUNTS)
        sent = select(outcomes.c.reply_id, outcomes.c.edit_distance).where(outcomes.c.reply_id.in_(reply_ids))
        found: dict[str, Glance] = {}
        rows = await self._rows(said.where(reviews.c.reply_id.in_(reply_ids)).order_by(reviews.c.id))
        own = {row.reply_id for row in rows if row.reviewer == reader}
        for row in rows:
            found[row.reply_id] = Glance(judged=True, verdict=Verdict(row.verdict) if row.reply_id in own else None)
        for row in await self._rows(sent):
            found[row.reply_id] = replace(found.get(row.reply_id, Glance()), edit_distance=row.edit_distance)
        return found

    async def tally(self, chosen: Select[Any]) -> Tally:
        """Return how many replies *chosen*, a query of ids, holds, and how people judged them."""
        counted = select(func.count().label("n")).select_from(chosen.limit(MOST).subquery())
        judged = select(reviews.c.verdict, func.count(reviews.c.reply_id.distinct()).label("n"))
        judged = judged.where(*_COUNTS, reviews.c.reply_id.in_(chosen)).group_by(reviews.c.verdict)
        by = Counter({Verdict(row.verdict): row.n for row in await self._rows(judged)})
        return Tally((await self._rows(counted))[0].n, by)

    async def _rows(self, query: Executable) -> Sequence[Row[Any]]:
        try:
            async with self._engine.connect() as connection:
                return (await connection.execute(query)).all()
        except SQLAlchemyError as exc:
            raise ReviewsError("The reviews could not be read.") from exc
