import json
import shutil
from pathlib import Path

import pytest

from tests.cli.invoking import invoke
from tests.prompting.lint.edits import PROMPTS


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    monkeypatch.setenv("APLOMB_PROMPTS_DIR", str(tmp_path / "prompts"))
    monkeypatch.setenv("APLOMB_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "prompts"


def test_clean_prompts_exit_with_0_and_an_error_with_1(prompts: Path) -> None:
    """A script can rely on the exit code, and a person reads file, line, why and what to do."""
    assert invoke("prompts", "lint").exit_code == 0
    tone = prompts / "tones" / "attentive.md"
    tone.write_text(tone.read_text("utf-8").replace("Merci pour votre message.", "Vous serez remboursé."), "utf-8")
    shown = invoke("prompts", "lint", "--language", "fr")
    assert shown.exit_code == 1
    assert "tones/attentive.md:4 error bare_promise" in shown.output
    assert "promet" in shown.output
    found = json.loads(invoke("prompts", "lint", "maison-lune", "--json").output)
    assert [(each["code"], each["line"]) for each in found["findings"] if each["severity"] == "error"] == [
        ("bare_promise", 4)
    ]


def test_an_unknown_brand_exits_with_2(prompts: Path) -> None:
    """A misspelt brand is the caller's to mend."""
    assert prompts.is_dir()
    assert invoke("prompts", "lint", "nobody").exit_code == 2
