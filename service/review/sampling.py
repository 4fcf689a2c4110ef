"""Draws the sample: uniform within prompt version and language, with the probability that each reply had."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import prod
from typing import Any, Self

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain import ReplyState, new_id
from service.reply_log.rows import replies
from service.review.allocation import Stratum, allocate
from service.review.tables import review_items, reviews, samples
from service.review.transactions import Transactions
from service.review.verdicts import Queue

PERIOD = timedelta(days=30)
"""How far back a draw reaches."""
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    drawn: int
    """Replies that came into the sample queue; 0 when every reply of the period is in it already."""
    strata: int


class Sampler:
    def __init__(self, transactions: Transactions, chance: random.Random | None = None) -> None:
        self._transactions = transactions
        self._chance = chance or random.SystemRandom()
        self._brands: frozenset[str] | None = None

    def only(self, brands: frozenset[str]) -> Self:
        """Return the same as who sees these brands only; a stratum is one brand's, so each draw stays whole."""
        seen = copy(self)
        seen._brands = brands  # noqa: SLF001 - a copy of our own kind
        return seen

    async def draw(self, size: int, *, since: datetime | None = None) -> Draw:
        """
        Put about *size* replies of the last 30 days, or *since*, into the sample queue, in random order.

        A stratum is a prompt version in a language; each version comes to 30 or to all that it wrote. A draw takes
        uniformly from the replies that no draw took before, so that the probability with which a reply is in the
        sample is 1 less the product of the shares that every draw in its time left behind. It is stored with the
        item and its review, and grows with a later draw.
        """
        now = datetime.now(UTC)
        since = since or now - PERIOD
        async with self._transactions.writing() as connection:
            waiting = await self._waiting(connection, since)
            numbers = allocate({each: len(rows) for each, rows in waiting.items()}, await _drawn(connection), size)
            draw_id = new_id("smp_")
            for stratum, number in numbers.items():
                rows, taken = waiting[stratum], self._chance.sample(waiting[stratum], number)
                earlier = await connection.execute(select(samples).where(samples.c.stratum == str(stratum)))
                drawn = {
                    "id": draw_id, "stratum": str(stratum), "drawn_at": now, "drawn_from": since,
                    "population": len(rows), "drawn": number,
                }  # fmt: skip
                draws = [*earlier.mappings().all(), drawn]
                await _raise(connection, drawn)
                await connection.execute(samples.insert().values(drawn))
                await self._put(connection, taken, draws)
        return Draw(drawn=sum(numbers.values()), strata=len(numbers))

    async def _waiting(self, connection: AsyncConnection, since: datetime) -> dict[Stratum, list[Any]]:
        taken = select(review_items.c.reply_id).where(review_items.c.queue == Queue.SAMPLE.value)
        query = select(
            replies.c.id, replies.c.brand, replies.c.created_at, replies.c.prompt_version, replies.c.language
        ).where(
            replies.c.created_at >= since,
            replies.c.state == ReplyState.FINISHED.value,
            replies.c.erased_at.is_(None),
            replies.c.id.not_in(taken),
        )
        if self._brands is not None:
            query = query.where(replies.c.brand.in_(sorted(self._brands)))
        found: dict[Stratum, list[Any]] = defaultdict(list)
        for row in (await connection.execute(query.order_by(replies.c.id))).mappings():
            found[Stratum(row["prompt_version"], row["language"])].append(row)
        return found

    async def _put(self, connection: AsyncConnection, taken: Sequence[Any], draws: Sequence[Any]) -> None:
        rows = [
            {
                "id": new_id("itm_"),
                "queue": Queue.SAMPLE.value,
                "reply_id": each["id"],
                "brand": each["brand"],
                "position": self._chance.random(),
                "stratum": draws[-1]["stratum"],
                "inclusion_probability": inclusion_probability(each["created_at"], draws),
            }
            for each in taken
        ]
        for start in range(0, len(rows), _PAGE):
            await connection.execute(review_items.insert(), rows[start : start + _PAGE])


def inclusion_probability(created_at: datetime, draws: Iterable[Any]) -> float:
    """Return the probability in (0, 1] that one of its stratum's *draws* took a reply of this moment."""
    left: list[float] = [
        1 - draw["drawn"] / draw["population"] for draw in draws if draw["drawn_from"] <= created_at <= draw["drawn_at"]
    ]
    return 1 - prod(left)


async def _raise(connection: AsyncConnection, draw: dict[str, Any]) -> None:
    """Give the replies that earlier draws took the chance that this one would have given them."""
    left = 1 - draw["drawn"] / draw["population"]
    for table, of_draw in ((review_items, review_items.c.stratum), (reviews, reviews.c.stratum)):
        in_time = exists().where(
            replies.c.id == table.c.reply_id,
            replies.c.created_at >= draw["drawn_from"],
            replies.c.created_at <= draw["drawn_at"],
        )
        raised = 1 - (1 - table.c.inclusion_probability) * left
        await connection.execute(
            update(table).where(of_draw == draw["stratum"], in_time).values(inclusion_probability=raised)
        )


async def _drawn(connection: AsyncConnection) -> dict[Stratum, int]:
    query = select(samples.c.stratum, func.sum(samples.c.drawn).label("n")).group_by(samples.c.stratum)
    rows = (await connection.execute(query)).mappings()
    return {Stratum(*row["stratum"].split("/", 1)): int(row["n"]) for row in rows}
