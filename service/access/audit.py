"""The audit log: who changed what, in words that hold no secret and nothing of a customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Column, String, Table, Text, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.callers import LOCAL, Caller
from service.database import UtcDateTime, metadata
from service.domain import new_id
from service.errors import AccessError

audit = Table(
    "audit",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(100), nullable=False),
    Column("action", String(40), nullable=False),
    Column("brand", String(100)),
    Column("target", String(600), nullable=False),
    Column("detail", Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry."""

    id: str
    at: datetime
    who: str
    """A key's name, or `local`."""
    action: str
    """`noun.verb_past`."""
    brand: str | None
    """None when it concerns all of them."""
    target: str
    detail: str


class AuditLog:
    """All methods raise AccessError when the database does not answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def note(self, action: str, target: str, *, who: Caller = LOCAL, brand: str | None = None,
                   detail: str = "") -> None:  # fmt: skip
        """Add an entry once the change is made."""
        row = {"id": new_id("aud_"), "at": datetime.now(UTC), "who": who.name}
        row |= {"action": action, "brand": brand, "target": target[:600], "detail": detail}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(audit.insert().values(row))
        except SQLAlchemyError as exc:
            raise AccessError("It was done, but the audit log could not be written.") from exc

    async def page(
        self,
        after: str | None = None,
        limit: int = 100,
        brands: Iterable[str] | None = None,
        *,
        action: str | None = None,
        who: str | None = None,
    ) -> tuple[Change, ...]:
        """
        Return up to *limit* entries older than the entry *after*, newest first.

        Only of *brands*, of this *action* and of this name (*who*), where these are given.
        """
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        query = query if after is None else query.where(audit.c.id < after)
        query = query if brands is None else query.where(audit.c.brand.in_(list(brands)))
        query = query if action is None else query.where(audit.c.action == action)
        query = query if who is None else query.where(audit.c.who == who)
        try:
            async with self._engine.connect() as connection:
                return tuple(Change(**row) for row in (await connection.execute(query)).mappings().all())
        except SQLAlchemyError as exc:
            raise AccessError("The audit log could not be read.") from exc

    async def actions(self, brands: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return what was ever done, in alphabetical order; only to *brands* when given."""
        query = select(audit.c.action).distinct().order_by(audit.c.action)
        query = query if brands is None else query.where(audit.c.brand.in_(list(brands)))
        try:
            async with self._engine.connect() as connection:
                return tuple((await connection.execute(query)).scalars())
        except SQLAlchemyError as exc:
            raise AccessError("The audit log could not be read.") from exc
