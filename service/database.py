"""The SQL database: one engine, one metadata and one UTC type, on SQLite (WAL) embedded or on PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from service.errors import DatabaseError

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the service is declared on it; the migrations stand in reply_log/migrations."""

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


def open_engine(url: str) -> AsyncEngine:
    """Open *url*; SQLite gets WAL, foreign keys, a five-second wait for a lock, and overwrites what is deleted."""
    engine = create_async_engine(_with_driver(url), pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", set_pragmas)
    return engine


def migrate(url: str) -> None:
    """Bring the database at *url* to the newest schema; repeating it does nothing. DatabaseError when it is away."""
    _alembic(url, lambda config: command.upgrade(config, "head"))


def downgrade(url: str, revision: str) -> None:
    """Take the database at *url* back to *revision* (`base` for an empty one)."""
    _alembic(url, lambda config: command.downgrade(config, revision))


def _alembic(url: str, run: Callable[[Config], None]) -> None:
    parsed = make_url(_with_driver(url))
    if parsed.get_backend_name() == "sqlite":
        parsed = parsed.set(drivername="sqlite")
    engine = create_engine(parsed)
    if engine.dialect.name == "sqlite":
        _make_schema_changes_whole(engine)
    try:
        with engine.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            run(config)
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

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


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
