"""What each brand's chat models cost, by day (UTC); it survives a restart and counts every replica."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Executable, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.database import metadata
from service.errors import ReplyLogError

spending = Table(
    "spending",
    metadata,
    Column("brand", String(100), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("micro_usd", BigInteger, nullable=False),
)

_MICRO = 1_000_000


class SpendingLog:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def spent(self, brand: str, day: date) -> float:
        """Return US dollars, to a millionth."""
        query = select(spending.c.micro_usd).where(spending.c.brand == brand, spending.c.day == day)
        try:
            async with self._engine.connect() as connection:
                return ((await connection.execute(query)).scalar() or 0) / _MICRO
        except SQLAlchemyError as exc:
            raise ReplyLogError("What was spent today could not be read.") from exc

    async def add(self, brand: str, day: date, usd: float) -> None:
        """Add what was spent outside of the reply log."""
        try:
            async with self._engine.begin() as connection:
                await connection.execute(*spent_more(self._engine.dialect.name, brand, day, usd))
        except SQLAlchemyError as exc:
            raise ReplyLogError("What was spent could not be written.") from exc


def spent_more(dialect: str, brand: str, day: date, usd: float) -> tuple[Executable, dict[str, Any]]:
    """Return what adds *usd* to the day's sum, so that no two replicas overwrite each other's: statement and values."""
    return _adding(dialect), {"brand": brand, "day": day, "micro_usd": round(usd * _MICRO)}


@cache
def _adding(dialect: str) -> Executable:
    row = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(spending)
    added = {"micro_usd": spending.c.micro_usd + row.excluded.micro_usd}
    return row.on_conflict_do_update(index_elements=["brand", "day"], set_=added)
