import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.settings import Settings
from tests.cli.invoking import invoke


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_handbook_tells_what_came_of_a_version(
    client: TestClient, demo_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """Beside a service that runs, the handbook counts its replies by version and decision."""
    ticket = {"messages": [{"text": "Je vais saisir le tribunal."}]}
    written = client.post("/v1/replies", json={"brand": "maison-lune", "ticket": ticket}).json()
    assert written["decision"] == "handoff"
    monkeypatch.setenv("APLOMB_DATA_DIR", str(demo_settings.data_dir))
    command = ["prompts", "handbook", str(tmp_path / "book"), "--language", language, "--json"]
    changed = json.loads(invoke(*command).output)["changed"]
    page = f"versions/{written['prompt']['version']}.md"
    assert page in changed
    row = next(line for line in (tmp_path / "book" / page).read_text("utf-8").splitlines() if "maison-lune |" in line)
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
