"""The pages of prompts."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.assembly import Services
from service.prompting.files import PromptFiles
from tests.web.parts import BRAND, HOSTILE, MESSAGE, one

Read = Callable[..., BeautifulSoup]
Call = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def version(services: Services, call: Call) -> Iterator[str]:
    """The version that writes now; production is left following the files."""
    yield call(services.prompts.resolve, BRAND, None, "production").version
    call(services.prompts.labels.move, BRAND, "production", None)
    call(services.prompts.labels.move, BRAND, "candidate", None)


def tried(client: TestClient, **fields: str) -> BeautifulSoup:
    answer = client.post("/prompts/try", data={"brand": BRAND, "message": MESSAGE, "do": "write", **fields})
    assert answer.status_code == 200, answer.text[:500]
    return BeautifulSoup(answer.text, "html.parser")


def test_the_page_says_which_version_writes(read: Read, version: str) -> None:
    """The list shows the version in production, its labels, and what the lint says, in both languages."""
    page = read(f"/prompts?brand={BRAND}")
    assert one(page, ".writes code").text == version
    assert "production, files" in page.text
    assert page.select(".lint")
    assert "La production suit les fichiers" in read(f"/prompts?brand={BRAND}", "fr").text


def test_a_label_is_moved_and_undone_on_the_page(client: TestClient, read: Read, version: str) -> None:
    """A move with note and author stands in the history; undoing it leads back to following the files."""
    sent = {"brand": BRAND, "label": "production", "version": version, "note": "Calm endings", "author": "Lea"}
    assert client.post("/prompts/labels", data=sent).status_code == 200
    page = read(f"/prompts?brand={BRAND}")
    assert "Production is pinned to" in page.text
    assert "Calm endings" in page.text
    client.post("/prompts/labels", data={**sent, "undo": "yes"})
    assert "Production follows the files" in read(f"/prompts?brand={BRAND}").text


def test_a_broken_file_is_told_and_the_last_good_version_answers(
    read: Read, services: Services, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a file is broken the page names file and key, and the version that answers instead."""
    (tmp_path / "brands").mkdir()
    (tmp_path / "brands" / f"{BRAND}.yaml").write_text("name: Maison Lune", encoding="utf-8")
    monkeypatch.setattr(services.prompts, "_files", PromptFiles(tmp_path))
    alert = read(f"/prompts?brand={BRAND}").select_one(".alert[role=alert]")
    assert alert is not None
    assert f"brands/{BRAND}.yaml, line 1: about: it is missing" in alert.text
    assert version in alert.text


def test_a_version_shows_what_differs_by_word(client: TestClient, read: Read, version: str) -> None:
    """Another tone makes another version, whose page marks the words that differ from production."""
    tried(client, tone="friendly", do="messages")
    link = next(
        str(a["href"]) for a in read(f"/prompts?brand={BRAND}").select(".what a") if version not in str(a["href"])
    )
    page = read(link)
    assert page.select(".diff del")
    assert page.select(".diff ins")
    assert not read(f"/prompts/{version}?with={version}").select(".diff del, .diff ins")


def test_the_playground_shows_reply_messages_and_tokens_side_by_side(client: TestClient) -> None:
    """An edited tone is tried beside production: two replies, their exact messages, tokens by part, and the changes."""
    tone = "---\nopening: {fr: 'Quel plaisir de vous lire.'}\n---\nCheerful.\n"
    page = tried(client, tone_text=tone)
    letters = [letter.text for letter in page.select(".beside .letter")]
    assert len(letters) == 2
    assert "Quel plaisir de vous lire." in letters[0]
    assert "Merci pour votre message." in letters[1]
    assert any("Cheerful." in message.text for message in page.select(".beside details pre"))
    counts = page.select(".beside > div:first-child .parts tbody td:nth-child(2)")
    figures = [int(count.text) for count in counts]
    assert sum(figures[:-1]) == figures[-1] > 100
    assert any("plaisir" in mark.text for mark in page.select("ins"))


def test_the_playground_shows_the_versions_texts_to_change(client: TestClient) -> None:
    """The fields hold the texts of the version, which is tried itself while nobody changes them."""
    page = tried(client, name="Ana")
    fields = {name: one(page, f"#{name}").text for name in ("template", "brand_text", "tone_text")}
    assert "# system" in fields["template"]
    texts_of = str(one(page, "[name=texts_of]")["value"])
    again = tried(client, **fields, texts_of=texts_of, name="Ana")
    assert [each.text for each in again.select(".beside > div .byline code")] == [texts_of]
    fields["tone_text"] = fields["tone_text"].replace("Merci pour votre message.", "Quel plaisir de vous lire.")
    changed = tried(client, **fields, texts_of=texts_of, name="Ana")
    assert len(changed.select(".beside .letter")) == 2
    assert "Quel plaisir" in one(changed, "#tone_text").text
    assert all("Ana," in letter.text for letter in changed.select(".beside .letter"))


def test_the_playground_takes_any_parameter(client: TestClient) -> None:
    """Penalties, tone and language are tried as well, and stay chosen."""
    page = tried(client, frequency_penalty="1,5", presence_penalty="-1", tone="friendly", language="en")
    assert one(page, "#frequency_penalty")["value"] == "1,5"
    first, second = page.select(".beside .letter")
    assert first["lang"] == second["lang"] == "en"
    assert one(page, "#tone option[selected]").text == "friendly"


def test_the_playground_takes_a_logged_replys_ticket(
    client: TestClient, read: Read, try_ticket: Callable[..., str], services: Services, call: Call
) -> None:
    """The whole conversation of a logged reply is tried; nothing new comes into the log."""
    reply_id = try_ticket().rpartition("/")[2]
    assert MESSAGE in read(f"/prompts/try?reply={reply_id}").text
    page = tried(client, reply=reply_id, message="")
    sent = call(services.reply_log.get, reply_id).chat_messages
    assert [message.text.strip() for message in page.select(".beside details pre")][:2] == [
        text.strip() for _, text in sent
    ]
    newest = str(one(read("/replies"), ".what a")["href"])
    assert newest.endswith(reply_id)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"temperature": "9"}, "out of its range"),
        ({"template": "# user\n{{ nothing }}"}, "reply.md, line 2"),
        ({"variable.delivery_date": "soon"}, "2026-11-24"),
        ({"prompt": "staging"}, "There is no such prompt."),
        ({"message": " "}, "Please write something here."),
    ],
)
def test_what_cannot_be_tried_is_said_and_kept(client: TestClient, fields: dict[str, str], said: str) -> None:
    """A wrong parameter, text, variable, label or message is named, and what was typed stays in its field."""
    answer = client.post("/prompts/try", data={"brand": BRAND, "message": MESSAGE, "subject": "Mon sujet", **fields})
    assert answer.status_code in {404, 422}
    page = BeautifulSoup(answer.text, "html.parser")
    assert said in one(page, "#problems").text
    assert one(page, "#subject")["value"] == "Mon sujet"


def test_a_scenario_is_saved_in_one_step(
    client: TestClient, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was tried becomes a file with the decision and the citations of its reply; a taken name is refused."""
    page = tried(client, name="Ana")
    fields = {str(each["name"]): str(each["value"]) for each in page.select("#trial input[type=hidden]")}
    assert fields["decision"] == "review"
    shutil.copytree(ROOT / "prompts", tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(services.prompt_files, "_folder", tmp_path)
    sent = {**fields, "message": MESSAGE, "name": "Ana", "name_of_scenario": "Délai d’un colis"}
    saved = client.post("/prompts/scenarios", data=sent)
    assert saved.status_code == 201
    text = (tmp_path / "scenarios" / "delai-d-un-colis.yaml").read_text("utf-8")
    assert MESSAGE in re.sub(r"\s+", " ", text)
    assert "decision: review" in text
    assert client.post("/prompts/scenarios", data=sent).status_code == 409
    assert client.post("/prompts/scenarios", data={**sent, "name_of_scenario": "…"}).status_code == 422


@pytest.mark.parametrize("text", HOSTILE[:6])
def test_hostile_text_in_the_playground_stays_text(client: TestClient, text: str) -> None:
    """Markup in a ticket or in an edited text is shown, never run."""
    page = tried(
        client, message=f"{MESSAGE} {text}", subject=text, tone_text=f"Calm. {text.replace('{', '(')}", do="messages"
    )
    assert [str(script["src"]).partition("?")[0] for script in page.select("script")] == [
        "/static/app.js",
        "/static/keys.js",
    ]
    assert not page.select("img:not([src^='/static/']), svg, iframe")


def test_a_foreign_page_moves_no_label(client: TestClient, version: str, services: Services, call: Call) -> None:
    """A form that another site sends changes nothing."""
    sent = {"brand": BRAND, "label": "candidate", "version": version}
    answer = client.post("/prompts/labels", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert call(services.prompts.labels.version, BRAND, "candidate") is None
