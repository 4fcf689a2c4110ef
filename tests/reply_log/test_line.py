import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.reply_log.line import Line, Write
from service.reply_log.seals.ledger import ledger

pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


def entry(position: int) -> Write:
    return ledger.insert(), {"position": position, "kind": "reply", "subject": f"rep_{position}", "digest": "d"}


async def count(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(ledger)) or 0)


async def test_whatever_stands_in_the_line_is_committed(engine: AsyncEngine) -> None:
    """Two hundred at once are all there, durable ones and others."""
    line = Line(engine)

    await asyncio.gather(*(line.commit(entry(place), durable=place % 2 == 0) for place in range(1, 201)))

    assert await count(engine) == 200


async def test_a_commit_that_fails_fails_alone(engine: AsyncEngine) -> None:
    """One that breaks a key takes nobody along, and writes nothing itself."""
    line = Line(engine)
    await line.commit(entry(3))

    done = await asyncio.gather(
        line.commit(entry(1)),
        line.commit(entry(2), entry(3)),
        line.commit(entry(4)),
        return_exceptions=True,
    )

    assert [type(each) for each in done] == [type(None), IntegrityError, type(None)]
    assert await count(engine) == 3


async def test_who_goes_away_has_still_committed(engine: AsyncEngine) -> None:
    """A cancelled caller does not take back what stands in the line."""
    line = Line(engine)
    asked = asyncio.create_task(line.commit(entry(1)))
    await asyncio.sleep(0)
    asked.cancel()
    await line.commit(entry(2))

    assert await count(engine) == 2
