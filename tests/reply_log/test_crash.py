"""The service is killed while it answers: what a customer was given is in the log exactly once."""

import asyncio
import json
import os
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
from service.reply_log.seals.verification import verify
from service.settings import Settings
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(7200),
    pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True),
]

KILLS = int(os.environ.get("APLOMB_KILLS", "20"))
"""BENCHMARKS.md has the figures of two hundred."""


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


async def test_what_was_given_is_in_the_log_exactly_once(settings: Settings) -> None:
    """After each kill: every reply that left is there once, nothing is half, and no key is stuck."""
    desks = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.reply_log.desk_that_dies", str(KILLS),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, failed = await desks.communicate()
    assert desks.returncode == 0, failed.decode()[-6000:]
    given: dict[str, str] = json.loads(said)

    async with assemble(settings) as services:
        await services.reply_log.interrupt_stale()
        async with services.engine.connect() as connection:
            rows = {row.id: row for row in await connection.execute(select(replies))}
            keys = {row.key: row.reply_id for row in await connection.execute(select(request_keys))}
        found = await verify(services.engine)

    states = Counter(row.state for row in rows.values())
    sys.stdout.write(f"{KILLS} kills, {len(given)} replies given, {dict(states)} in the log\n")
    assert len(given) > KILLS
    assert all(rows[reply].state == ReplyState.FINISHED.value for reply in given.values())
    assert {key: keys[key] for key in given} == given
    finished = Counter(row.customer_id for row in rows.values() if row.state == ReplyState.FINISHED.value)
    assert set(finished.values()) == {1}
    assert states.keys() <= {ReplyState.FINISHED.value, ReplyState.INTERRUPTED.value}
    assert found.findings == ()
