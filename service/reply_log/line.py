"""The line before the database: what waits to be committed goes together, in one thread and one transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable, Update, exc
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.database import open_twin

_MOST = 64
"""Commits that go together: more would make the first one wait."""


Write: TypeAlias = tuple[Executable, Mapping[str, Any]]
"""A statement, made once, and its parameters."""


class NoRowError(SQLAlchemyError):
    """An update found no row: what it would have changed is not as its writer believes."""


@dataclass(frozen=True, slots=True)
class _Commit:
    writes: Sequence[Write]
    durable: bool
    done: asyncio.Future[None]


class Line:
    """
    Commits in the order of asking.

    SQLite has one writer and syncs the disk at each commit: those who wait for its lock by polling starve each other,
    and those who wait here share a sync. A commit that fails fails alone.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = open_twin(engine)
        self._thread = ThreadPoolExecutor(1, "reply-log")
        self._waiting: list[_Commit] = []
        self._running: asyncio.Task[None] | None = None

    async def commit(self, *writes: Write, durable: bool = True) -> None:
        """
        Make *writes* in one transaction; each update changes a row, or nothing is written.

        What is not *durable* survives the end of this process and, on SQLite, perhaps not the machine's. Raises what
        went wrong. Nothing was written then, unless the database was lost in the moment of its answer.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Commit(writes, durable, done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        # A caller that goes away does not take back what stands in the line.
        await asyncio.shield(done)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            together, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            failures = await loop.run_in_executor(self._thread, self._commit_all, together)
            if all(map(_is_gone, failures)):
                # Those who stand behind wait for the same database: each would wait in vain for as long.
                failures += [failures[0]] * len(self._waiting)
                together, self._waiting = [*together, *self._waiting], []
            for commit, failure in zip(together, failures, strict=True):
                _settle(commit.done, failure)

    def _commit_all(self, together: Sequence[_Commit]) -> list[Exception | None]:
        failure = self._try(together)
        if failure is None or len(together) == 1 or _is_gone(failure):
            return [failure] * len(together)
        return [self._try([commit]) for commit in together]

    def _try(self, together: Sequence[_Commit]) -> Exception | None:
        try:
            with self._engine.begin() as connection:
                _sync_disk(connection, always=any(commit.durable for commit in together))
                for commit in together:
                    for statement, parameters in commit.writes:
                        _write(connection, statement, parameters)
        except Exception as failure:  # noqa: BLE001 - it is raised where somebody waits, who would wait for ever
            return failure
        return None


def _write(connection: Connection, statement: Executable, parameters: Mapping[str, Any]) -> None:
    written = connection.execute(statement, parameters)
    if isinstance(statement, Update) and not written.rowcount:
        raise NoRowError


def _settle(done: asyncio.Future[None], failure: Exception | None) -> None:
    if done.done():
        return
    if failure is None:
        done.set_result(None)
    else:
        done.set_exception(failure)


def _sync_disk(connection: Connection, *, always: bool) -> None:
    """Let SQLite sync the disk at the next commit, or not before one that follows."""
    if connection.dialect.name == "sqlite":
        # The driver begins the transaction with the first insert or update, not here.
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if always else 'NORMAL'}")


def _is_gone(failure: Exception | None) -> bool:
    """Whether the database itself could not be reached: then nobody's commit is to blame, and trying each is vain."""
    if isinstance(failure, DBAPIError):
        return failure.connection_invalidated or failure.statement is None
    return isinstance(failure, exc.TimeoutError)
