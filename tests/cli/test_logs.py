"""`aplomb log export|import`: tables for people, and a backup that is the log again."""

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from service.database import migrate, open_engine, sqlite_url
from service.reply_log.store import ReplyFilter, ReplyLog
from tests.cli.invoking import invoke
from tests.conftest import ROOT, empty
from tests.reply_log.filling import fill_every_table

both = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


@pytest.fixture
def ids(database_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A database with rows in every table, which the commands find."""
    monkeypatch.setenv("APLOMB_DATA_DIR", str(data_dir))
    monkeypatch.setenv("APLOMB_PROMPTS_DIR", str(ROOT / "prompts"))
    if not database_url.startswith("sqlite"):
        monkeypatch.setenv("DATABASE_URL", database_url)
    migrate(database_url)
    return asyncio.run(_fill(database_url))


async def _fill(database_url: str) -> list[str]:
    engine = open_engine(database_url)
    try:
        return await fill_every_table(engine)
    finally:
        await engine.dispose()


@pytest.fixture
def lose(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lose the database, as a machine that burns does."""

    def burn() -> None:
        if database_url.startswith("sqlite"):
            (tmp_path / "new").mkdir()
            monkeypatch.setenv("APLOMB_DATA_DIR", str(tmp_path / "new"))
        else:
            empty(database_url)

    return burn


@both
def test_a_backup_restores_the_whole_log(ids: list[str], lose: Callable[[], None], tmp_path: Path) -> None:
    """Export, lose the database, import: the same bytes come out again, and a second import is refused."""
    first, again = tmp_path / "backup.jsonl", tmp_path / "again.jsonl"
    assert invoke("log", "export", "-o", str(first)).exit_code == 0
    lose()
    restored = invoke("log", "import", str(first), "--json")
    assert restored.exit_code == 0, restored.output
    counts = json.loads(restored.stdout)["rows"]
    assert min(counts.values()) >= 1
    assert (counts["replies"], counts["reviews"], counts["comparison_pairs"]) == (len(ids),) * 3
    assert invoke("log", "export", "-o", str(again)).exit_code == 0
    assert again.read_bytes() == first.read_bytes()
    assert invoke("log", "import", str(first)).exit_code == 2
    told = [each["action"] for each in json.loads(invoke("keys", "audit", "--json").stdout)]
    assert told == ["replies.exported", "log.restored"]


@both
def test_tables_and_examples_are_written_to_files(ids: list[str], tmp_path: Path) -> None:
    """Each format holds the replies; filters narrow it, and an export that broke off is completed."""
    for form in ("jsonl", "csv", "xlsx", "preference", "finetune", "promptfoo"):
        done = invoke("log", "export", "--format", form, "-o", str(tmp_path / f"log.{form}"))
        assert done.exit_code == 0, done.output
    table = tmp_path / "log.csv"
    with table.open(newline="", encoding="utf-8") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ids
    sheet = CalamineWorkbook.from_path(tmp_path / "log.xlsx").get_sheet_by_name("replies").to_python()
    assert [row[0] for row in sheet[1:]] == ids
    whole = table.read_bytes()
    table.write_bytes(whole[: whole.index(ids[1].encode()) - 1])
    assert invoke("log", "export", "--format", "csv", "--after", ids[0], "-o", str(table)).exit_code == 0
    assert table.read_bytes() == whole
    none = tmp_path / "none.csv"
    assert invoke("log", "export", "--format", "csv", "--brand", "nobody", "-o", str(none)).exit_code == 0
    assert len(none.read_bytes().splitlines()) == 1
    assert invoke("log", "export", "--brand", "b", "-o", str(tmp_path / "part")).exit_code == 2
    assert invoke("log", "export", "--format", "xlsx", "--after", ids[0], "-o", str(none)).exit_code == 2


def test_a_backup_that_is_torn_restores_nothing(ids: list[str], lose: Callable[[], None], tmp_path: Path) -> None:
    """Half a file is refused with a sentence, and the log stays empty."""
    assert ids
    file = tmp_path / "backup.jsonl"
    assert invoke("log", "export", "-o", str(file)).exit_code == 0
    file.write_bytes(file.read_bytes()[:-200])
    lose()
    refused = invoke("log", "import", str(file), "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["detail"]
    assert asyncio.run(_count(sqlite_url(tmp_path / "new"))) == 0


async def _count(url: str) -> int:
    engine = open_engine(url)
    try:
        return len((await ReplyLog(engine).page(ReplyFilter())).replies)
    finally:
        await engine.dispose()
