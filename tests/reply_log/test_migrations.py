"""The database goes up and down with its data in it, on both databases."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, func, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncEngine

import service.database
from service.database import downgrade, metadata, migrate, open_engine
from service.domain import Citation, Sentence, Support
from service.reply_log.citations import citations
from service.reply_log.seals.verification import verify
from service.reply_log.store import ReplyFilter, ReplyLog
from tests.reply_log.conftest import Make
from tests.reply_log.filling import ROWS, fill_every_table

REVISIONS = sorted(
    re.match(r"\d+", path.name)[0]  # type: ignore[index]  # each begins with its number
    for path in (Path(service.database.__file__).parent / "reply_log/migrations/versions").glob("[0-9]*.py")
)

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


def columns(connection: Connection) -> dict[str, set[str]]:
    seen = inspect(connection)
    names = (name for name in seen.get_table_names() if name != "alembic_version")
    return {name: {each["name"] for each in seen.get_columns(name)} for name in names}


async def counts(engine: AsyncEngine) -> dict[str, int]:
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda plain: inspect(plain).get_table_names())
        return {
            name: int(await connection.scalar(select(func.count()).select_from(table(name))) or 0)
            for name in names
            if name != "alembic_version"
        }


async def test_every_table_takes_every_step_down_and_up_with_rows_in_it(database_url: str) -> None:
    """Step by step down to nothing and up again, no step fails for rows, and a table that stays keeps its rows."""
    migrate(database_url)
    engine = open_engine(database_url)
    await fill_every_table(engine)
    full = await counts(engine)
    assert set(full) == set(metadata.tables)
    assert min(full.values()) >= 1
    assert full["replies"] == full["reviews"] == full["comparison_pairs"] == ROWS
    await engine.dispose()

    for revision in reversed(REVISIONS[:-1]):
        downgrade(database_url, revision)
        engine = open_engine(database_url)
        left = await counts(engine)
        await engine.dispose()
        assert left == {name: full[name] for name in left}, revision
    migrate(database_url)

    engine = open_engine(database_url)
    again = await counts(engine)
    assert set(again) == set(full)
    assert again["replies"] == ROWS
    async with engine.connect() as connection:
        there = await connection.run_sync(columns)
    assert there == {name: set(declared.c.keys()) for name, declared in metadata.tables.items()}
    await engine.dispose()


async def test_citations_of_older_replies_are_read_from_their_records(database_url: str, make: Make) -> None:
    """After an upgrade the articles that earlier replies cite are counted as if they had been noted at once."""
    migrate(database_url)
    engine = open_engine(database_url)
    citation = Citation(passage="psg_1", article="fr/délais.md", title="T", url=None, quote="q", start=0, end=1)
    sentence = Sentence(text="Bonjour.", before="", support=Support.QUOTED, citations=(citation, citation))
    logged = make("« L’été »")
    await ReplyLog(engine).begin(replace(logged, reply=replace(logged.reply, sentences=(sentence,))))
    async with engine.connect() as connection:
        noted = (await connection.execute(select(citations))).all()
    await engine.dispose()

    downgrade(database_url, "0013")
    migrate(database_url)

    engine = open_engine(database_url)
    async with engine.connect() as connection:
        assert (await connection.execute(select(citations))).all() == noted
    assert [row.article for row in noted] == ["fr/délais.md"]
    await engine.dispose()
