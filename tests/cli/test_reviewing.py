"""`aplomb review` as a support lead calls it."""

import asyncio
import json
from pathlib import Path

import pytest

from service.database import migrate, open_engine, sqlite_url
from service.reply_log.store import ReplyLog
from tests.cli.invoking import invoke
from tests.reply_log.conftest import make_logged

ROOT = Path(__file__).resolve().parents[2]


async def log_one(url: str) -> str:
    engine = open_engine(url)
    reply_id = (await ReplyLog(engine).begin(make_logged("Bonjour Ana"))).reply.id
    await engine.dispose()
    return reply_id


def test_outcomes_are_imported_and_wrong_lines_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known replies get their outcome, a line that cannot be is told with its number, and the command fails for it."""
    for name, value in {"DATA_DIR": data_dir, "PROMPTS_DIR": ROOT / "prompts"}.items():
        monkeypatch.setenv(f"APLOMB_{name}", str(value))
    migrate(sqlite_url(data_dir))
    reply_id = asyncio.run(log_one(sqlite_url(data_dir)))
    file = data_dir / "outcomes.csv"
    file.write_text(f"reply_id,csat,sent_text\n{reply_id},5,Bonjour Ana\nrep_none,3,\n{reply_id},7,\n")

    result = invoke("review", "import-outcomes", str(file), "--json")

    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["saved"] == 1
    assert [each["line"] for each in report["refused"]] == [3, 4]
