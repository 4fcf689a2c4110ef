"""Short transactions on the reviews' tables; on SQLite, which has one writer, those who write wait in a line."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.errors import ReviewsError


class Transactions:
    """The stores of reviews share one, so that they stand in one line."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._line = asyncio.Lock()
        self.dialect = engine.dialect.name

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Commit what the block does, all or nothing; ReviewsError when that was not possible."""
        try:
            async with self._line, self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as exc:
            raise ReviewsError("The reviews could not be written.") from exc

    async def rows(self, query: Executable) -> Sequence[Any]:
        """Return the rows as mappings; ReviewsError when they could not be read."""
        try:
            async with self._engine.connect() as connection:
                return (await connection.execute(query)).mappings().all()
        except SQLAlchemyError as exc:
            raise ReviewsError("The reviews could not be read.") from exc
