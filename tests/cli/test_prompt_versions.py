import json
import shutil
from pathlib import Path

import pytest

from service.settings import Settings
from tests.cli.test_commands import aplomb

BRAND = "maison-lune"


@pytest.fixture
def settings(tmp_path: Path, demo_settings: Settings) -> Settings:
    return demo_settings.model_copy(update={"data_dir": tmp_path / "data", "embeddings": "hashed"})


@pytest.mark.slow
def test_versions_and_labels_from_a_terminal(settings: Settings) -> None:
    """A version is listed, promoted with a note, found in the history, and the promotion is undone."""
    (seen,) = json.loads(aplomb("prompts", "list", BRAND, "--json", settings=settings).stdout)["prompts"]
    version = seen["production"]
    promoted = aplomb(
        "prompts", "promote", version, "--brand", BRAND, "--note", "calm", "--author", "Lea", settings=settings
    )
    assert promoted.returncode == 0
    assert f"{BRAND} production → {version} “calm” (Lea)" in promoted.stdout
    undone = aplomb("prompts", "rollback", "--brand", BRAND, "--json", settings=settings)
    assert json.loads(undone.stdout)["version"] is None
    again = aplomb("prompts", "rollback", "--brand", BRAND, settings=settings)
    assert (again.returncode, "every move is undone" in again.stderr) == (2, True)


def test_a_ticket_shows_what_the_chat_model_would_be_sent(settings: Settings) -> None:
    """The exact messages and the tokens of each part are printed, without a word to any chat model."""
    shown = aplomb("prompts", "show", "files", "--ticket", "Où est mon colis ?", settings=settings)
    assert shown.returncode == 0, shown.stderr
    assert "You write support replies for Maison Lune." in shown.stdout
    assert "Où est mon colis ?" in shown.stdout
    assert "instructions" in shown.stdout
    unknown = aplomb("prompts", "show", "staging", "--ticket", "x", "--json", settings=settings)
    assert (unknown.returncode, "no prompt label" in json.loads(unknown.stdout)["detail"]) == (2, True)


def test_a_ticket_is_tried_beside_production_and_kept(settings: Settings, tmp_path: Path) -> None:
    """A ticket from a file, with variables and parameters, shows both replies, what changes, and becomes a scenario."""
    prompts = tmp_path / "prompts"
    shutil.copytree(settings.prompts_dir, prompts)
    own = settings.model_copy(update={"prompts_dir": prompts})
    ticket = tmp_path / "ticket.json"
    ticket.write_text(
        '{"messages": [{"text": "Hello, how do I cancel my order?"}], "customer": {"name": "Ana"}}', "utf-8"
    )
    asked = ("prompts", "show", "files", "--ticket", f"@{ticket}", "--write", "--against", "production")
    chosen = ("--var", "order_id=20417", "--set", "temperature=0.9", "--language", "fr", "--save-as", "cancel-an-order")
    shown = aplomb(*asked, *chosen, settings=own)
    assert shown.returncode == 0, shown.stderr
    said = "Une personne de notre équipe doit le lire"
    assert shown.stdout.count(said) == 2, "without articles both versions hand off, in the language that was asked for"
    assert {"# reply", "# beside it", "nothing changes in the reply"} <= {
        line.split(" (")[0] for line in shown.stdout.splitlines()
    }
    assert "scenario saved: scenarios/cancel-an-order.yaml" in shown.stdout
    assert "order_id: '20417'" in (prompts / "scenarios" / "cancel-an-order.yaml").read_text("utf-8")
    wrong = aplomb("prompts", "show", "files", "--ticket", "x", "--set", "temperature", settings=own)
    assert (wrong.returncode, "write name=value" in wrong.stderr) == (2, True)
