"""The service is killed while it answers: what a customer was given is in the log exactly once."""

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select

from service.assembly import assemble
from service.cli.ingesting import Wanted, ingest_into
from service.domain import ReplyState
from service.reply_log.once import request_keys
from service.reply_log.rows import replies
from service.reply_log.verification import verify
from service.settings import Settings
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True),
]

KILLS = int(os.environ.get("APLOMB_KILLS", "6"))
"""Two hundred take half an hour; BENCHMARKS.md has their figures."""


@pytest.fixture
async def settings(data_dir: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    articles = tmp_path / "articles"
    articles.mkdir()
    source = ROOT / "knowledge" / "maison-lune" / "fr" / "remboursements.md"
    (articles / source.name).write_bytes(source.read_bytes())
    monkeypatch.setenv("APLOMB_DATA_DIR", str(data_dir))
    monkeypatch.setenv("APLOMB_EMBEDDINGS", "hashed")
    monkeypatch.setenv("APLOMB_PROMPTS_DIR", str(ROOT / "prompts"))
    if not database_url.startswith("sqlite"):
        monkeypatch.setenv("DATABASE_URL", database_url)
    settings = Settings()
    async with assemble(settings) as services:
        await ingest_into(services, Wanted(articles, "maison-lune"), Console(quiet=True))
    return settings


async def answer_until_killed(again: list[str], dice: random.Random) -> tuple[set[str], dict[str, str]]:
    """Return the keys that were asked for, and the replies that were given, of a desk that is killed at some point."""
    script = Path(__file__).with_name("desk_that_dies.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), json.dumps(again), cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    asked, given, left = set[str](), dict[str, str](), dice.randrange(5, 60)
    while left and (line := await asyncio.wait_for(process.stdout.readline(), 60)):
        said = line.decode().split()
        if said[0] == "asks":
            asked.add(said[1])
        else:
            given[said[1]], left = said[2], left - 1
    await asyncio.sleep(dice.uniform(0, 0.05))
    assert process.stderr is not None
    assert process.returncode is None, (await process.stderr.read()).decode()[-2000:]
    process.send_signal(signal.SIGKILL)
    rest = await process.stdout.read()
    for said in (line.split() for line in rest.decode().splitlines() if line.count(" ")):
        if said[0] == "has" and len(said) == 3:
            given[said[1]] = said[2]
    await process.wait()
    return asked, given


async def test_what_was_given_is_in_the_log_exactly_once(settings: Settings) -> None:
    """After each kill: every reply that left is there once, nothing is half, and no key is stuck."""
    dice = random.Random(7)  # noqa: S311 - no secret
    given: dict[str, str] = {}
    open_keys: list[str] = []
    for _ in range(KILLS):
        asked, got = await answer_until_killed(open_keys, dice)
        given |= got
        open_keys = sorted((asked | set(open_keys)) - set(given))

    async with assemble(settings) as services:
        await services.reply_log.interrupt_stale()
        async with services.engine.connect() as connection:
            rows = {row.id: row for row in await connection.execute(select(replies))}
            keys = {row.key: row.reply_id for row in await connection.execute(select(request_keys))}
        found = await verify(services.engine)

    assert len(given) > KILLS
    assert all(rows[reply].state == ReplyState.FINISHED.value for reply in given.values())
    assert {key: keys[key] for key in given} == given
    finished = Counter(row.customer_id for row in rows.values() if row.state == ReplyState.FINISHED.value)
    assert set(finished.values()) == {1}
    assert {row.state for row in rows.values()} <= {ReplyState.FINISHED.value, ReplyState.INTERRUPTED.value}
    assert found.findings == ()
