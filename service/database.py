"""The SQL database: one engine, one metadata and one UTC type, on SQLite (WAL) embedded or on PostgreSQL."""

import math
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection as SqlAsyncConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from service.errors import DatabaseError
from service.postgres import AsyncConnection, Connection, wait_of, with_wait

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the service is declared on it; the migrations stand in reply_log/migrations."""

WAIT_S = 5.0
"""Beyond it a customer would rather hear that something is wrong."""

_MIGRATED_WITHIN_S = 60.0
_MIGRATIONS = Path(__file__).parent / "reply_log" / "migrations"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases (SQLite would return a naive one)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def sqlite_url(data_dir: Path) -> str:
    """Return the address of the embedded database in *data_dir*."""
    return f"sqlite+aiosqlite:///{data_dir.resolve() / 'aplomb.db'}"


def open_engine(url: str, wait_s: float = WAIT_S) -> AsyncEngine:
    """
    Open *url*; SQLite gets WAL, foreign keys, a five-second wait for a lock, and overwrites what is deleted.

    PostgreSQL is waited for *wait_s* seconds, each time: to connect, for its next word, for a lock, for a connection.
    """
    parsed = make_url(_with_driver(url))
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(parsed)
        event.listen(engine.sync_engine, "connect", set_pragmas)
        return engine
    parsed = with_wait(parsed, wait_s)
    connects = {"async_creator_fn": AsyncConnection.connect}
    return create_async_engine(parsed, pool_pre_ping=True, pool_timeout=wait_of(parsed), connect_args=connects)


def open_twin(engine: AsyncEngine) -> Engine:
    """Return an engine on the same database for a thread of our own; it is closed with *engine*."""
    if engine.dialect.name == "sqlite":
        twin = create_engine(engine.url.set(drivername="sqlite"))
        event.listen(twin, "connect", set_pragmas)
    else:
        twin = create_engine(engine.url, pool_pre_ping=True, pool_timeout=wait_of(engine.url))
        event.listen(twin, "do_connect", lambda _dialect, _record, args, named: Connection.connect(*args, **named))
    event.listen(engine.sync_engine, "engine_disposed", lambda _: twin.dispose())
    return twin


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[SqlAsyncConnection]:
    """Lend a connection that reads everything as of one moment, while others write."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # The driver begins a transaction at the first write only.
            await connection.execute(text("BEGIN"))
        else:
            await connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@asynccontextmanager
async def unhurried(engine: AsyncEngine) -> AsyncIterator[SqlAsyncConnection]:
    """Lend a connection for statements of their own that may take as long as they need, without a transaction."""
    async with engine.connect() as connection:
        free = await connection.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "postgresql":
            await free.execute(text("SET lock_timeout = 0"))
            driver: Any = (await free.get_raw_connection()).driver_connection
            driver.wait_s = math.inf
        try:
            yield free
        finally:
            # The next one to borrow it is in a hurry again.
            await free.invalidate()


def migrate(url: str) -> None:
    """Bring the database at *url* to the newest schema; repeating it does nothing. DatabaseError when it is away."""
    _alembic(url, "upgrade", "head")


def downgrade(url: str, revision: str) -> None:
    """Take the database at *url* back to *revision* (`base` for an empty one)."""
    _alembic(url, "downgrade", revision)


def _alembic(url: str, step: Literal["upgrade", "downgrade"], revision: str) -> None:
    # Alembic takes longer to load than most commands take to run.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    run = command.upgrade if step == "upgrade" else command.downgrade
    parsed = make_url(_with_driver(url))
    is_sqlite = parsed.get_backend_name() == "sqlite"
    parsed = parsed.set(drivername="sqlite") if is_sqlite else with_wait(parsed, WAIT_S)
    # Whoever starts beside us brings it to the newest schema meanwhile.
    engine = create_engine(parsed, connect_args={"timeout": _MIGRATED_WITHIN_S} if is_sqlite else {})
    if is_sqlite:
        _make_schema_changes_whole(engine)
    try:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            run(config, revision)
    except SQLAlchemyError as exc:
        raise DatabaseError(
            "The database cannot be opened, or not be brought to the newest schema. Check its address, that it runs, "
            "and that its disk has room."
        ) from exc
    finally:
        engine.dispose()


def _make_schema_changes_whole(engine: Engine) -> None:
    """Begin each transaction ourselves: SQLite's driver would commit every change of a schema by itself."""

    @event.listens_for(engine, "connect")
    def leave_it_to_us(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
        connection.isolation_level = None
        _write_ahead(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: SqlConnection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """
    Let SQLite write ahead, from now on and for whoever opens the file.

    Before anybody serves: who switches while another one reads or switches is refused, waiting or not.
    """
    give_up = time.monotonic() + _MIGRATED_WITHIN_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _with_driver(url: str) -> str:
    """Name the driver that we ship, whatever form of PostgreSQL address an operator pastes."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    """Set up a new SQLite connection; SQLAlchemy calls it."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
