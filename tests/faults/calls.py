"""
Counts every call of this process into database, files, network, chat model and vector index; one of them may fail.

It patches the libraries for good: only for processes that are thrown away.
"""

import errno
import os
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import wraps
from pathlib import Path
from typing import Any, Literal, TypeAlias

import chromadb.api.client
import chromadb.errors
import httpx
import httpx2
import psycopg
from chromadb.api.models.Collection import Collection

from service.knowledge.storing import directories

Way: TypeAlias = Literal["raise", "kill"]

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Calls:
    """Every point is before a call, or, for a commit, also after it: then it happened and nobody learns of it."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.struck: str | None = None
        self._strike_at: int | None = None
        self._way: Way = "raise"
        self._counts = False
        self._lock = threading.Lock()

    def begin(self, strike_at: int, way: Way) -> None:
        """Count from now on; at the call of that number (from 1) its error is raised, or the process ends."""
        self.seen.clear()
        self.struck, self._strike_at, self._way, self._counts = None, strike_at, way, True

    def end(self) -> None:
        self._counts = False

    def reached(self, what: str, error: Callable[[], BaseException]) -> None:
        if not self._counts:
            return
        with self._lock:
            self.seen[what] += 1
            strikes = self.seen.total() == self._strike_at
            if strikes:
                self.struck = what
        if strikes and self._way == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if strikes:
            raise error()


calls = Calls()


def watch(place: Path) -> None:
    """Watch this process from now on; of files, only those below *place*."""
    _watch_sqlite()
    _watch_postgres()
    _watch_files(place)
    _watch_network()
    _watch_chroma()


def _broken_disk() -> sqlite3.OperationalError:
    return sqlite3.OperationalError("disk I/O error")


def _full_disk() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _bad_disk() -> OSError:
    return OSError(errno.EIO, os.strerror(errno.EIO))


class _Cursor(sqlite3.Cursor):
    def execute(self, *args: Any) -> "_Cursor":
        calls.reached("sql", _broken_disk)
        return super().execute(*args)

    def executemany(self, *args: Any) -> "_Cursor":
        calls.reached("sql", _broken_disk)
        return super().executemany(*args)


class _Connection(sqlite3.Connection):
    def cursor(self, *_: Any) -> _Cursor:  # type: ignore[override]  # always of our class
        return super().cursor(_Cursor)

    def execute(self, *args: Any) -> _Cursor:
        return self.cursor().execute(*args)

    def commit(self) -> None:
        # SQLAlchemy commits at the end of each transaction, and only what wrote can be half.
        if self.in_transaction:
            calls.reached("commit", _broken_disk)
        wrote = self.in_transaction
        super().commit()
        if wrote:
            calls.reached("committed", _broken_disk)

    def rollback(self) -> None:
        if self.in_transaction:
            calls.reached("rollback", _broken_disk)
        super().rollback()


def _watch_sqlite() -> None:
    connect = sqlite3.connect

    def watched(*args: Any, **named: Any) -> Any:
        calls.reached("connect", _broken_disk)
        return connect(*args, **{**named, "factory": _Connection})

    sqlite3.connect = sqlite3.dbapi2.connect = watched


def _watch_postgres() -> None:
    for kind in (psycopg.Connection, psycopg.AsyncConnection):
        _before(kind, "connect", "connect", _gone)
        for name in ("commit", "rollback"):
            _before(kind, name, name, _gone, cut=True)
    for cursor in (psycopg.Cursor, psycopg.AsyncCursor):
        _before(cursor, "execute", "sql", _gone, cut=True)


def _gone() -> psycopg.OperationalError:
    return psycopg.OperationalError("server closed the connection unexpectedly")


def _before(kind: Any, name: str, what: str, error: Callable[[], BaseException], *, cut: bool = False) -> None:
    """Let *kind*'s method be a call; with *cut* its connection is gone when it fails."""
    method = getattr(kind, name)
    original = getattr(method, "__func__", method) if isinstance(kind.__dict__.get(name), classmethod) else method

    def strike(owner: Any) -> None:
        try:
            calls.reached(what, error)
        except psycopg.OperationalError:
            if cut:
                getattr(owner, "connection", owner).pgconn.finish()
            raise

    if _is_async(method):

        @wraps(original)
        async def watched(self: Any, *args: Any, **named: Any) -> Any:
            strike(self)
            done = await original(self, *args, **named)
            if what == "commit":
                calls.reached("committed", error)
            return done
    else:

        @wraps(original)
        def watched(self: Any, *args: Any, **named: Any) -> Any:
            strike(self)
            done = original(self, *args, **named)
            if what == "commit":
                calls.reached("committed", error)
            return done

    setattr(kind, name, classmethod(watched) if original is not method else watched)


def _is_async(method: Any) -> bool:
    return bool(getattr(method, "__func__", method).__code__.co_flags & 0x80)


def _watch_files(place: Path) -> None:
    root = os.fsencode(str(place.resolve()) + os.sep)

    def audit(event: str, args: tuple[Any, ...]) -> None:
        if event not in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"} or not calls._counts:
            return
        if not isinstance(args[0], str | bytes | os.PathLike) or not os.fsencode(args[0]).startswith(root):
            return
        reads = event == "open" and not (isinstance(args[2], int) and args[2] & WRITING)
        calls.reached("read" if reads else event.removeprefix("os."), _bad_disk if reads else _full_disk)

    sys.addaudithook(audit)

    def half(self: Path, data: Any, *args: Any, **named: Any) -> int:
        with self.open("wb" if isinstance(data, bytes) else "w", *args, **named) as file:
            file.write(data[: len(data) // 2])
            file.flush()
            calls.reached("write", _full_disk)
            file.write(data[len(data) // 2 :])
        return len(data)

    Path.write_bytes = half  # type: ignore[method-assign]
    Path.write_text = lambda self, data, encoding=None, errors=None, newline=None: half(  # type: ignore[method-assign]
        self, data, encoding=encoding, errors=errors, newline=newline
    )


def _watch_network() -> None:
    for library in (httpx, httpx2):
        handle = library.AsyncHTTPTransport.handle_async_request

        async def watched(self: Any, request: Any, _handle: Any = handle, _library: Any = library) -> Any:
            calls.reached("request", lambda: _library.ConnectError("connection refused"))
            response = await _handle(self, request)
            response.stream = _stream(_library, response.stream)
            return response

        library.AsyncHTTPTransport.handle_async_request = watched


def _stream(library: Any, stream: Any) -> Any:
    class Watched(library.AsyncByteStream):  # type: ignore[misc]  # of httpx or httpx2
        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for chunk in stream:
                calls.reached("chunk", lambda: library.ReadError("connection reset"))
                yield chunk

        async def aclose(self) -> None:
            await stream.aclose()

    return Watched()


def _watch_chroma() -> None:
    def failing() -> BaseException:
        return chromadb.errors.InternalError("error executing the plan")

    for kind, names in (
        (Collection, ("query", "upsert", "delete", "get", "modify")),
        (chromadb.api.client.Client, ("get_collection", "get_or_create_collection", "delete_collection")),
    ):
        for name in names:
            _before(kind, name, "chroma", failing)

    async def opens(directory: Path) -> bool:  # noqa: ARG001 - the signature of what it replaces
        # The trial in a process of its own is tested with the directories, and takes seconds.
        calls.reached("process", lambda: OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)))
        return True

    directories._opens = opens
