import json
import shutil
from pathlib import Path

import pytest

from tests.cli.invoking import invoke
from tests.prompting.lint.edits import PROMPTS

FOREIGN = """
tests:
  - description: Parcel
    vars: {question: "Où est mon colis ?"}
    assert: [{type: icontains, value: colis}]
"""


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    shutil.rmtree(tmp_path / "prompts" / "scenarios", ignore_errors=True)
    monkeypatch.setenv("APLOMB_PROMPTS_DIR", str(tmp_path / "prompts"))
    monkeypatch.setenv("APLOMB_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "foreign.yaml").write_text(FOREIGN, "utf-8")
    return tmp_path / "prompts"


def test_a_plan_writes_nothing_and_an_import_comes_back_from_its_export(prompts: Path, tmp_path: Path) -> None:
    """One sees what an import would do, does it, and takes it to promptfoo and back."""
    command = ["prompts", "import", str(tmp_path / "foreign.yaml"), "--as", "scenario", "--brand", "maison-lune"]
    shown = json.loads(invoke(*command, "--plan", "--json").output)
    assert (list(shown["files"]), shown["written"]) == (["scenarios/parcel.yaml"], False)
    assert not (prompts / "scenarios").exists()
    assert invoke(*command).exit_code == 0
    written = (prompts / "scenarios" / "parcel.yaml").read_text("utf-8")
    assert invoke(*command).exit_code == 2
    assert invoke("prompts", "export", "--to", "promptfoo", str(tmp_path / "out")).exit_code == 0
    chat = json.loads((tmp_path / "out" / "prompts" / "maison-lune.fr.json").read_text("utf-8"))
    assert [each["role"] for each in chat] == ["system", "user"]
    assert "{{ conversation }}" in chat[1]["content"]
    again = ["prompts", "import", str(tmp_path / "out" / "promptfooconfig.yaml"), "--as", "scenario", "--overwrite"]
    assert invoke(*again).exit_code == 0
    assert (prompts / "scenarios" / "parcel.yaml").read_text("utf-8") == written


def test_an_exported_prompt_can_be_imported_as_a_tone_or_template(prompts: Path, tmp_path: Path) -> None:
    """A refused import names each reason, and a live template is replaced only when asked."""
    source = tmp_path / "prompt.json"
    source.write_text(json.dumps({"name": "calm", "type": "text", "prompt": "Be calm. Read {{blob}}."}), "utf-8")
    before = (prompts / "reply.md").read_text("utf-8")
    refused = invoke("prompts", "import", str(source), "--as", "template", "--json")
    assert refused.exit_code == 2
    assert "--map blob=" in json.loads(refused.output)["errors"][0]["detail"]
    mapped = ["prompts", "import", str(source), "--as", "template", "--map", "blob=passages"]
    assert invoke(*mapped).exit_code == 2
    assert (prompts / "reply.md").read_text("utf-8") == before
    assert invoke(*mapped, "--overwrite").exit_code == 0
    assert invoke("prompts", "lint").exit_code == 0
    assert invoke("prompts", "import", str(source), "--as", "template", "--map", "blob=nonsense").exit_code == 2


def test_a_scenario_that_is_no_utf8_is_named_by_the_export(prompts: Path, tmp_path: Path) -> None:
    """A file that an old editor saved ends in a sentence that names it."""
    (prompts / "scenarios").mkdir()
    (prompts / "scenarios" / "old.yaml").write_bytes("brand: été".encode("latin-1"))
    told = invoke("prompts", "export", "--to", "promptfoo", str(tmp_path / "out"), "--json")
    assert told.exit_code == 1
    assert "scenarios/old.yaml" in json.loads(told.output)["detail"]
