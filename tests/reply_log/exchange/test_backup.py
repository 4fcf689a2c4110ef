"""A backup is the log: what is restored from it is what there was, and verifies."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

import service.assembly  # noqa: F401 - declares every table
from service.database import migrate, open_engine, sqlite_url
from service.errors import InvalidInputError
from service.reply_log.erasures import Eraser, Selection
from service.reply_log.exchange.backup import backup, restore
from service.reply_log.exchange.export import Exporter, Format
from service.reply_log.exchange.reading import Wanted
from service.reply_log.rows import replies
from service.reply_log.seals.sealing import Sealer
from service.reply_log.seals.verification import verify
from service.reply_log.store import ReplyFilter, ReplyLog
from tests.reply_log.conftest import Make, make_logged

both = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


async def lines_of(lines: AsyncGenerator[bytes]) -> list[bytes]:
    return [line async for line in lines]


def another(folder: Path) -> AsyncEngine:
    folder.mkdir()
    url = sqlite_url(folder)
    migrate(url)
    return open_engine(url)


async def fill(engine: AsyncEngine, make: Make) -> None:
    log = ReplyLog(engine)
    for number in range(6):
        logged = make(f"Réponse {number} 🙂", customer="c1" if number == 2 else "c2")
        await log.begin(replace(logged, personal={"[EMAIL_1]": "me@example.com"} if number % 2 else {}))
    await Sealer(engine, every_s=1, every_entries=1).seal()
    await log.begin(make("nach dem Siegel"))
    await Eraser(engine).erase(Selection(customer_id="c1"), "customer")


@both
async def test_a_restored_log_is_the_one_that_was_backed_up(engine: AsyncEngine, make: Make, tmp_path: Path) -> None:
    """Rows, receipts, seals and erasures come out again byte for byte, verify, and the log goes on."""
    await fill(engine, make)
    kept = await lines_of(backup(engine))
    restored = another(tmp_path / "restored")
    try:
        counts = await restore(restored, kept)

        assert (counts["replies"], counts["seals"], counts["erasures"]) == (7, 1, 1)
        assert await lines_of(backup(restored)) == kept
        await ReplyLog(restored).begin(make("weiter"))
        checked = await verify(restored)
        assert (checked.findings, checked.seals) == ((), 1)
        assert checked.entries == (await verify(engine)).entries + 1
    finally:
        await restored.dispose()


@both
async def test_a_backup_goes_into_this_database_too(engine: AsyncEngine, make: Make, tmp_path: Path) -> None:
    """What SQLite held is restored here, and the next entry of the ledger gets the next number."""
    other = another(tmp_path / "other")
    try:
        await fill(other, make)
        kept = await lines_of(backup(other))
    finally:
        await other.dispose()

    await restore(engine, kept)
    await ReplyLog(engine).begin(make("weiter"))

    assert (await verify(engine)).findings == ()


async def test_a_backup_does_not_go_into_half_a_log(engine: AsyncEngine, make: Make) -> None:
    """A ledger or an erasure that is there already keeps a backup out, even where no reply is left."""
    await fill(engine, make)
    kept = await lines_of(backup(engine))
    async with engine.begin() as connection:
        await connection.execute(replies.delete())

    with pytest.raises(InvalidInputError, match="not empty"):
        await restore(engine, kept)


async def test_what_is_cut_off_partial_or_foreign_restores_nothing(
    engine: AsyncEngine, make: Make, tmp_path: Path
) -> None:
    """A torn file, a filtered export, another file, and a log with replies are refused, and nothing is written."""
    await fill(engine, make)
    kept = await lines_of(backup(engine))
    part = await lines_of(Exporter(engine).lines(Format.JSONL, Wanted(filter=ReplyFilter(brand="b"))))
    restored = another(tmp_path / "restored")
    try:
        for broken in (
            kept[:-1],
            [*kept[:3], *kept[4:]],
            part,
            [b"hello\n"],
            [b'{"a": 1}\n'],
            [],
            [*kept[:2], b'{"ta'],
        ):
            with pytest.raises(InvalidInputError):
                await restore(restored, broken)
        assert (await restore(restored, kept))["replies"] == 7
        with pytest.raises(InvalidInputError):
            await restore(restored, kept)
    finally:
        await restored.dispose()


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(words, words, st.dictionaries(words, words, max_size=3)), max_size=4))
async def test_whatever_is_said_is_restored(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str, dict[str, str]]]
) -> None:
    """Any characters in texts and values survive the way out and in."""
    folder = tmp_path_factory.mktemp("round")
    first, second = another(folder / "one"), another(folder / "two")
    try:
        for text, asked, personal in texts:
            await ReplyLog(first).begin(replace(make_logged(text, asked=asked), personal=personal))
        kept = await lines_of(backup(first))
        await restore(second, kept)
        assert await lines_of(backup(second)) == kept
        assert (await verify(second)).findings == ()
    finally:
        await first.dispose()
        await second.dispose()
