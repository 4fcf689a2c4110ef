"""Connections to PostgreSQL that give up on a server which accepts and then says nothing, or keeps a lock for ever."""

import math
from collections.abc import Generator
from typing import Any, Self, TypeVar

import psycopg
from sqlalchemy import URL

_T = TypeVar("_T")

_TICK_S = 0.1
"""How often a connection looks whether something came."""
_WAIT = "connect_timeout"
"""What libpq calls it, in whole seconds and at least two; its own is no end at all."""


class NoAnswerError(psycopg.OperationalError):
    """The server took the connection and has said nothing for too long."""


class _Patience:
    """How long a connection may hear nothing; it is closed then, for whatever comes late belongs to nobody."""

    wait_s = math.inf

    def heard(self, gen: Generator[Any, Any, _T]) -> Generator[Any, Any, _T]:
        """
        Drive the library's *gen* on, and raise NoAnswerError once the socket was silent for too long.

        Silence is counted in ticks, not by the clock: a process that was stopped for a while heard nothing itself.
        """
        silent = 0
        try:
            waits_for = next(gen)
            while True:
                ready = yield waits_for
                silent = 0 if ready else silent + 1
                if silent * _TICK_S > self.wait_s:
                    raise NoAnswerError(f"the server has said nothing for {self.wait_s:g} seconds")
                waits_for = gen.send(ready)
        except StopIteration as end:
            result: _T = end.value
            return result


class Connection(_Patience, psycopg.Connection[Any]):
    @classmethod
    def connect(cls, *args: Any, **named: Any) -> Self:  # noqa: ANN401 - the library's own
        connection = super().connect(*args, **named)
        connection.wait_s = float(named[_WAIT])
        try:
            connection.execute(_lock_timeout(connection.wait_s))
            connection.commit()
        except BaseException:
            connection.pgconn.finish()
            raise
        return connection

    def wait(self, gen: Any, interval: float = _TICK_S, timeout: float | None = None) -> Any:  # noqa: ANN401 - the library's own
        try:
            return super().wait(self.heard(gen), interval, timeout)
        except NoAnswerError:
            self.pgconn.finish()
            raise


class AsyncConnection(_Patience, psycopg.AsyncConnection[Any]):
    @classmethod
    async def connect(cls, *args: Any, **named: Any) -> Self:  # noqa: ANN401 - the library's own
        connection = await super().connect(*args, **named)
        connection.wait_s = float(named[_WAIT])
        try:
            await connection.execute(_lock_timeout(connection.wait_s))
            await connection.commit()
        except BaseException:
            connection.pgconn.finish()
            raise
        return connection

    async def wait(self, gen: Any, interval: float = _TICK_S, timeout: float | None = None) -> Any:  # noqa: ANN401, ASYNC109 - the library's own
        try:
            return await super().wait(self.heard(gen), interval, timeout)
        except NoAnswerError:
            self.pgconn.finish()
            raise


def with_wait(url: URL, wait_s: float) -> URL:
    """Return *url* with the longest wait for the server, unless its operator wrote one into it."""
    given = str(url.query.get(_WAIT, ""))
    return url if given.isdecimal() and int(given) else url.update_query_dict({_WAIT: str(math.ceil(wait_s))})


def wait_of(url: URL) -> float:
    """Return the seconds that *url* says."""
    return float(str(url.query[_WAIT]))


def _lock_timeout(wait_s: float) -> str:
    return f"SET lock_timeout = '{wait_s:g}s'"
