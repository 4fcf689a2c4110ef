"""The access keys in the database; each method is one short transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Executable, Integer, String, Table, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.callers import LOCAL, Scope
from service.access.keys import AccessKey
from service.database import UtcDateTime, metadata
from service.errors import AccessError, NameTakenError, NotFoundError

access_keys = Table(
    "access_keys",
    metadata,
    Column("prefix", String(8), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("name", String(100), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("brands", JSON(none_as_null=True)),
    Column("per_minute", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
)


class KeyStore:
    """All methods raise AccessError when the database does not answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def all(self) -> tuple[AccessKey, ...]:
        """Return every key there ever was, oldest first: expired and revoked ones too."""
        try:
            async with self._engine.connect() as connection:
                found = await connection.execute(select(access_keys).order_by(access_keys.c.created_at))
                return tuple(map(_from_row, found.mappings().all()))
        except SQLAlchemyError as exc:
            raise AccessError("The access keys could not be read.") from exc

    async def add(self, key: AccessKey) -> None:
        """Keep a new key; NameTakenError when there is one of its name."""
        taken = NameTakenError("There is a key of this name already, perhaps a revoked one; choose another name.")
        if key.name == LOCAL.name:
            raise taken
        try:
            await self._write(access_keys.insert().values(_to_row(key)))
        except IntegrityError as exc:
            raise taken from exc

    async def revoke(self, name_or_prefix: str, now: datetime) -> AccessKey:
        """Make a key useless for good, and return it; NotFoundError when none of this name or prefix holds."""
        for key in await self.all():
            if name_or_prefix in {key.name, key.prefix} and key.revoked_at is None:
                await self._change(key.prefix, revoked_at=now)
                return key
        raise NotFoundError("There is no key of this name or prefix that is not revoked.")

    async def used(self, prefix: str, now: datetime) -> None:
        await self._change(prefix, last_used_at=now)

    async def _change(self, prefix: str, **values: datetime) -> None:
        await self._write(update(access_keys).where(access_keys.c.prefix == prefix).values(**values))

    async def _write(self, statement: Executable) -> None:
        try:
            async with self._engine.begin() as connection:
                await connection.execute(statement)
        except IntegrityError:
            raise
        except SQLAlchemyError as exc:
            raise AccessError("The access keys could not be written.") from exc


def _to_row(key: AccessKey) -> dict[str, Any]:
    row = {name: getattr(key, name) for name in AccessKey.__slots__}
    brands = None if key.brands is None else sorted(key.brands)
    return row | {"scopes": sorted(key.scopes), "brands": brands}


def _from_row(row: Any) -> AccessKey:  # noqa: ANN401 - a row's mapping
    scopes = frozenset(map(Scope, row["scopes"]))
    brands = None if row["brands"] is None else frozenset(row["brands"])
    return AccessKey(**{**row, "scopes": scopes, "brands": brands})
