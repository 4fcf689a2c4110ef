"""Short transactions on the knowledge base's tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.errors import KnowledgeError, StoreError


class Transactions:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def reading(self, what: str) -> AsyncIterator[AsyncConnection]:
        """Lend a connection; KnowledgeError, which names *what*, when the database fails."""
        try:
            async with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as exc:
            raise KnowledgeError(f"Reading {what} failed.{StoreError.next_step}") from exc

    @asynccontextmanager
    async def writing(self, what: str) -> AsyncIterator[AsyncConnection]:
        """Commit what the block does, all or nothing; KnowledgeError, which names *what*, when the database fails."""
        try:
            async with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as exc:
            raise KnowledgeError(f"Writing {what} failed.{StoreError.next_step}") from exc


async def add(connection: AsyncConnection, table: Table, new: list[dict[str, Any]]) -> None:
    """Insert what is not there yet; content that is there is equal, since its key is its hash."""
    if new:
        await connection.execute(_insert(connection, table).on_conflict_do_nothing(), new)


async def put(connection: AsyncConnection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Write the one row of *key*, in place of the one before."""
    new = _insert(connection, table).values(key | values)
    await connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=values))


def _insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
