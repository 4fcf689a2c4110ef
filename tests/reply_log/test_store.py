import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.exc import OperationalError

import service.assembly  # noqa: F401 - declares every table
from service.database import downgrade, metadata, migrate, open_engine, sqlite_url
from service.domain import (
    ChatModelRef,
    Decision,
    LoggedReply,
    Message,
    PromptRef,
    Reply,
    ReplyState,
    Sender,
    Ticket,
    Timings,
    Usage,
    new_id,
)
from service.errors import DatabaseError, NotFoundError, ReplyLogError
from service.reply_log.receipts import receipt_of
from service.reply_log.rows import to_row
from service.reply_log.seals.verification import verify
from service.reply_log.store import ReplyFilter, ReplyLog


def logged(text: str = "Bonjour", brand: str = "b") -> LoggedReply:
    reply = Reply(
        id=new_id("rep_"), created_at=datetime.now(UTC), state=ReplyState.FINISHED, brand=brand, language="fr",
        question="?", text=text, sentences=(), passages=(), answerability=0.5, decision=Decision.REVIEW, reasons=(),
        handoff=None, prompt=PromptRef(version="v", label=None, brand=brand, tone="t"),
        chat_model=ChatModelRef(provider="p", name="n"), generation=1, usage=Usage(), timings_ms=Timings(), receipt="",
    )  # fmt: skip
    ticket = Ticket(brand=brand, messages=(Message(sender=Sender.CUSTOMER, text="Où ?"),), variables={"a": [1, "é"]})
    return LoggedReply(
        reply=reply, ticket=ticket, chat_messages=(("user", "x"),), raw_output="y", finished_at=None, error=None
    )


async def test_what_is_written_is_read_back_whole(tmp_path: Path) -> None:
    """A logged reply survives the database to the last character and time zone."""
    url = sqlite_url(tmp_path)
    migrate(url)
    engine = open_engine(url)
    log, kept = ReplyLog(engine), logged("« L’été » à 12 € 🙂")
    written = await log.begin(kept)
    assert await log.get(kept.reply.id) == written
    assert replace(written, reply=replace(written.reply, receipt="")) == kept
    with pytest.raises(NotFoundError):
        await log.get("rep_none")
    await engine.dispose()


async def test_pages_follow_each_other(tmp_path: Path) -> None:
    """Every reply is on exactly one page, newest first, and a filter keeps to its brand."""
    url = sqlite_url(tmp_path)
    migrate(url)
    engine = open_engine(url)
    log = ReplyLog(engine)
    for number in range(7):
        await log.begin(logged(str(number), "odd" if number % 2 else "even"))
    seen, after = [], None
    while True:
        page = await log.page(ReplyFilter(), after, 3)
        seen += [each.reply.text for each in page.replies]
        if page.next_cursor is None:
            break
        after = page.next_cursor
    assert sorted(seen) == [str(number) for number in range(7)]
    odd = await log.page(ReplyFilter(brand="odd"))
    assert {each.reply.text for each in odd.replies} == {"1", "3", "5"}
    await engine.dispose()


async def test_a_database_that_is_gone_is_a_named_error(tmp_path: Path) -> None:
    """Without its table the log says that it is unavailable, and no library's error escapes."""
    engine = open_engine(sqlite_url(tmp_path))
    with pytest.raises(ReplyLogError):
        await ReplyLog(engine).begin(logged())
    with pytest.raises(ReplyLogError):
        await ReplyLog(engine).page(ReplyFilter())
    await engine.dispose()


def test_the_migrations_make_the_declared_tables_and_take_them_away(tmp_path: Path) -> None:
    """The newest schema is what the code declares; down and up again ends at the same place."""
    url = sqlite_url(tmp_path)
    for _ in range(2):
        migrate(url)
        engine = create_engine(f"sqlite:///{tmp_path / 'aplomb.db'}")
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()
        downgrade(url, "base")


@pytest.mark.parametrize("strike", [1, 40, 80])
def test_a_migration_is_done_or_not(tmp_path: Path, strike: int) -> None:
    """Stopped at any statement, it leaves the schema as it was, and the next start makes it whole."""
    statements = count(1)

    def fail(*_: object) -> None:
        if next(statements) == strike:
            raise OperationalError("", (), sqlite3.OperationalError("disk I/O error"))

    url = sqlite_url(tmp_path)
    event.listen(Engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(DatabaseError, match="disk has room"):
            migrate(url)
    finally:
        event.remove(Engine, "before_cursor_execute", fail)
    engine = create_engine(f"sqlite:///{tmp_path / 'aplomb.db'}")
    assert inspect(engine).get_table_names() == []
    migrate(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_a_receipt_changes_with_what_was_said(tmp_path: Path) -> None:
    """One other character in the reply makes another receipt."""
    url = sqlite_url(tmp_path)
    migrate(url)
    engine = open_engine(url)
    kept = logged("Bonjour")
    one = await ReplyLog(engine).begin(kept)
    other = replace(kept, reply=replace(kept.reply, text="Bonsoir"))
    assert one.reply.receipt == receipt_of(to_row(kept))
    assert one.reply.receipt != receipt_of(to_row(other))
    await engine.dispose()


async def test_a_reply_ends_once(tmp_path: Path) -> None:
    """What became of a reply is said once: who comes later, in whichever process, changes nothing."""
    url = sqlite_url(tmp_path)
    migrate(url)
    engine, other = open_engine(url), open_engine(url)
    kept = logged()
    pending = replace(kept, reply=replace(kept.reply, state=ReplyState.PENDING))
    await ReplyLog(engine).begin(pending)

    assert await ReplyLog(other).interrupt_stale(timedelta(minutes=1)) == 0
    assert await ReplyLog(other).interrupt_stale() == 1
    with pytest.raises(ReplyLogError, match="taken for interrupted"):
        await ReplyLog(engine).finish(kept)

    assert (await ReplyLog(engine).get(kept.reply.id)).reply.state is ReplyState.INTERRUPTED
    assert (await verify(engine)).findings == ()
    await engine.dispose()
    await other.dispose()


async def test_a_clock_that_jumps_ends_no_reply_under_way(tmp_path: Path) -> None:
    """What a process writes itself is never stale to it, however old the clock says that it is; to others it is."""
    url = sqlite_url(tmp_path)
    migrate(url)
    engine = open_engine(url)
    log, kept = ReplyLog(engine), logged()
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await log.begin(replace(kept, reply=replace(kept.reply, state=ReplyState.PENDING, created_at=hour_ago)))

    assert await log.interrupt_stale(timedelta(seconds=90)) == 0
    assert await ReplyLog(engine).interrupt_stale(timedelta(seconds=90)) == 1
    await engine.dispose()
