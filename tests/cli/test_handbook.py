import asyncio
import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.database import open_engine, sqlite_url
from service.prompting.versions.labels import PromptLabels
from service.settings import Settings
from tests.cli.invoking import invoke


async def put_label(settings: Settings, version: str) -> None:
    engine = open_engine(sqlite_url(settings.data_dir))
    try:
        labels = PromptLabels(engine)
        await labels.move("maison-lune", "in-the-handbook", version, note="warmer", author="Prompt desk")
    finally:
        await engine.dispose()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_handbook_tells_what_came_of_a_version(
    client: TestClient, served_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Beside a service that runs, the handbook counts its replies by version and decision."""
    ticket = {"messages": [{"text": "Je vais saisir le tribunal."}]}
    written = client.post("/v1/replies", json={"brand": "maison-lune", "ticket": ticket}).json()
    assert written["decision"] == "handoff"
    version = written["prompt"]["version"]
    asyncio.run(put_label(served_settings, version))
    monkeypatch.setenv("APLOMB_DATA_DIR", str(served_settings.data_dir))
    command = ["prompts", "handbook", str(tmp_path / "book"), "--language", language, "--json"]
    changed = json.loads(invoke(*command).output)["changed"]
    page = f"versions/{version}.md"
    assert page in changed
    shown = (tmp_path / "book" / page).read_text("utf-8")
    assert "| in-the-handbook |" in shown
    assert "| Prompt desk | warmer |" in shown
    row = next(line for line in shown.splitlines() if "maison-lune |" in line)
    assert "handoff" not in row
    assert int(row.split(" | ")[8]) >= 1
    assert json.loads(invoke(*command).output)["changed"] == []


def test_a_folder_that_holds_another_page_of_the_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that someone wrote is not overwritten; the exit code says that the caller has to choose."""
    monkeypatch.setenv("APLOMB_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "handbook.md").write_text("mine", "utf-8")
    result = invoke("prompts", "handbook", str(tmp_path))
    assert result.exit_code == 2
    assert (tmp_path / "handbook.md").read_text("utf-8") == "mine"
