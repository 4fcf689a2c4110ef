"""How replies were decided, counted by prompt version."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import Decision, ReplyState
from service.errors import ReplyLogError
from service.reply_log.rows import replies

_WRITTEN = (ReplyState.FINISHED.value, ReplyState.INCOMPLETE.value)


@dataclass(frozen=True, slots=True)
class Count:
    brand: str
    version: str
    decision: Decision | None
    """None for replies that failed, were cut off or interrupted, or are under way."""
    replies: int


async def count_by_version(engine: AsyncEngine) -> tuple[Count, ...]:
    """Return a count for each brand, prompt version and decision that occurs; ReplyLogError when the log is gone."""
    columns = (replies.c.brand, replies.c.prompt_version, replies.c.decision, replies.c.state)
    query = select(*columns, func.count().label("count")).group_by(*columns).order_by(*columns)
    try:
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
    except SQLAlchemyError as exc:
        raise ReplyLogError("The replies could not be counted.") from exc
    return tuple(
        Count(
            row["brand"],
            row["prompt_version"],
            Decision(row["decision"]) if row["state"] in _WRITTEN else None,
            row["count"],
        )
        for row in rows
    )
