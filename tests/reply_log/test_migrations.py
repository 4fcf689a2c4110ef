"""The database goes up and down with its data in it, on both databases."""

import pytest
from sqlalchemy import create_engine, text

from service.database import downgrade, migrate, open_engine
from service.reply_log.store import ReplyFilter, ReplyLog
from service.reply_log.verification import verify
from tests.reply_log.conftest import Make

pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


async def test_replies_survive_the_way_down_and_up(database_url: str, make: Make) -> None:
    """Words, variables and decisions are the same after a downgrade to the first shape and an upgrade."""
    migrate(database_url)
    engine = open_engine(database_url)
    written = [await ReplyLog(engine).begin(make(f"« L’été » {number} 🙂", customer="c")) for number in range(3)]
    await engine.dispose()

    downgrade(database_url, "0004")
    migrate(database_url)

    engine = open_engine(database_url)
    again = (await ReplyLog(engine).page(ReplyFilter())).replies[::-1]
    assert [each.reply.text for each in again] == [each.reply.text for each in written]
    assert [each.ticket for each in again] == [each.ticket for each in written]
    assert (await verify(engine)).findings == ()
    await engine.dispose()


def test_going_down_to_nothing_leaves_no_table(database_url: str) -> None:
    """The way to the empty database is whole."""
    migrate(database_url)
    downgrade(database_url, "base")
    engine = create_engine(database_url.replace("+aiosqlite", "").replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        names = connection.dialect.get_table_names(connection)
        assert [name for name in names if name != "alembic_version" and not name.startswith("sqlite_")] == []
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 0
    engine.dispose()
