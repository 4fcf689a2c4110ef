"""Prompts over HTTP, on the shared demo service: `production` is left following the files."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings

BRAND = "maison-lune"
TICKET = {
    "messages": [{"text": "Sous combien de jours serai-je remboursée ?", "at": "2026-11-20T14:00:00Z"}],
    "customer": {"name": "Ana"},
}


def brand_of(client: TestClient, brand: str = BRAND) -> dict[str, Any]:
    (seen,) = client.get("/v1/prompts", params={"brand": brand}).json()["prompts"]
    return dict(seen)


def preview(client: TestClient, status: int = 200, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    sent = {"brand": BRAND, "ticket": TICKET, **body}
    answer = client.post("/v1/prompts/preview", json={key: value for key, value in sent.items() if value is not None})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


@pytest.fixture
def other(client: TestClient) -> Iterator[str]:
    """A version other than production's, made by another tone; the label `candidate` is taken away afterwards."""
    yield preview(client, tone="friendly", write=False, against=None)["tried"]["prompt"]["version"]
    client.put("/v1/prompts/labels/candidate", json={"brand": BRAND, "version": None})


def test_the_list_says_what_writes_now(client: TestClient) -> None:
    """Each brand has its files' version, which production follows, and the versions that were kept."""
    seen = brand_of(client)
    assert seen["production"] == seen["files_version"]
    assert (seen["is_pinned"], seen["files_fault"]) == (False, None)
    newest = next(each for each in seen["versions"] if each["version"] == seen["production"])
    assert newest["labels"] == ["production", "files"]
    assert {each["brand"] for each in client.get("/v1/prompts").json()["prompts"]} == {"larkline", BRAND}


def test_a_version_has_its_full_text_and_a_diff_by_word(client: TestClient, other: str) -> None:
    """A version is readable for good, and two versions are compared file by file."""
    production = brand_of(client)["production"]
    text = client.get(f"/v1/prompts/{other}").json()
    assert (text["tone"], text["brand"]) == ("friendly", BRAND)
    assert "Maison Lune" in text["brand_text"]
    compared = client.get(f"/v1/prompts/{other}/diff", params={"with": production}).json()
    assert [piece["change"] for piece in compared["template"]] == ["equal"]
    kinds = {piece["change"] for piece in compared["tone"]}
    assert {"deleted", "inserted"} <= kinds
    assert "".join(each["text"] for each in compared["tone"] if each["change"] != "deleted") == text["tone_text"]


def test_a_label_is_moved_and_rolled_back_over_the_api(client: TestClient, other: str) -> None:
    """A label points where it was put, tells who did it and why, writes replies, and goes back."""
    put = client.put(
        "/v1/prompts/labels/candidate", json={"brand": BRAND, "version": other, "note": "warmer", "author": "Lea"}
    )
    assert put.status_code == 200
    assert brand_of(client)["labels"][0]["note"] == "warmer"
    written = client.post("/v1/replies", json={"brand": BRAND, "ticket": TICKET, "prompt": "candidate"}).json()
    assert (written["prompt"]["version"], written["prompt"]["label"]) == (other, "candidate")
    back = client.post("/v1/prompts/labels/candidate/rollbacks", json={"brand": BRAND}).json()
    assert (back["version"], back["is_rollback"]) == (None, True)
    history = client.get("/v1/prompts/labels/candidate/history", params={"brand": BRAND}).json()
    assert [move["is_rollback"] for move in history][:2] == [True, False]
    gone = client.post("/v1/replies", json={"brand": BRAND, "ticket": TICKET, "prompt": "candidate"})
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/unknown-prompt")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/prompts/0123456789ab", None, 404),
        ("GET", "/v1/prompts?brand=nobody", None, 404),
        ("PUT", "/v1/prompts/labels/candidate", {"brand": BRAND, "version": "0123456789ab"}, 404),
        ("PUT", "/v1/prompts/labels/files", {"brand": BRAND, "version": None}, 422),
        ("PUT", "/v1/prompts/labels/candidate", {"brand": BRAND, "version": "x"}, 422),
        ("POST", "/v1/prompts/labels/never-made/rollbacks", {"brand": BRAND}, 422),
        ("POST", "/v1/prompts/preview", {"brand": BRAND}, 422),
        ("POST", "/v1/prompts/preview", {"reply": "rep_0", "brand": BRAND, "ticket": TICKET}, 422),
        ("POST", "/v1/prompts/preview", {"reply": "rep_0"}, 404),
    ],
)
def test_what_does_not_exist_or_fit_is_a_problem(
    client: TestClient, method: str, path: str, body: dict[str, Any] | None, status: int
) -> None:
    """Unknown versions, brands and replies, and labels that cannot move, are answered as problems."""
    answer = client.request(method, path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_preview_shows_the_very_messages_that_a_reply_is_written_from(client: TestClient) -> None:
    """The same ticket and version make the same messages, byte for byte, and the preview leaves no trace in the log."""
    written = client.post("/v1/replies", json={"brand": BRAND, "ticket": TICKET}).json()
    sent = client.get(f"/v1/replies/{written['id']}").json()["chat_messages"]
    tried = preview(client)["tried"]
    assert tried["messages"] == sent
    assert tried["reply"]["text"] == written["text"]
    assert client.get(f"/v1/replies/{tried['reply']['id']}").status_code == 404
    assert preview(client, brand=None, ticket=None, reply=written["id"])["tried"]["messages"] == sent


def test_a_preview_counts_tokens_by_part(client: TestClient) -> None:
    """Every part of the prompt has its estimate; together they are the whole, and offline they cost nothing."""
    tried = preview(client, variables={"order_id": "20417"}, write=False)["tried"]
    parts = {part["part"]: part for part in tried["parts"]}
    assert set(parts) == {"instructions", "tone", "frame", "passages", "variables", "conversation"}
    assert all(part["tokens"] > 0 for part in parts.values())
    whole = sum(len(message["content"]) for message in tried["messages"])
    assert sum(part["characters"] for part in parts.values()) == whole
    assert (tried["tokens"], tried["cost_usd"]) == (sum(part["tokens"] for part in parts.values()), 0)
    assert tried["reply"] is None


def test_a_preview_stands_beside_production_with_the_differences(client: TestClient) -> None:
    """An edited text is tried before it is saved, and what it changes in prompt and reply is marked by word."""
    tone = "---\nopening: {fr: 'Quel plaisir de vous lire.'}\n---\nCheerful and short.\n"
    seen = preview(client, edited={"tone": tone})
    assert "Quel plaisir de vous lire." in seen["tried"]["reply"]["text"]
    assert "Merci pour votre message." in seen["against"]["reply"]["text"]
    changed = {change: "".join(each["text"] for each in seen["reply_changes"] if each["change"] == change)
               for change in ("deleted", "inserted")}  # fmt: skip
    assert "plaisir" in changed["inserted"]
    assert "Merci" in changed["deleted"]
    assert any("Cheerful" in piece["text"] for piece in seen["message_changes"])
    assert preview(client)["against"] is None


def test_a_broken_edit_is_told_with_its_line(client: TestClient) -> None:
    """An edited text that cannot be used is the sender's to mend, and the answer says where it is wrong."""
    wrong = preview(client, 422, edited={"template": "# user\n\n{{ nothing }}"})
    assert wrong["errors"][0]["pointer"] == "/edited"
    assert "reply.md, line 3" in wrong["detail"]


def test_a_ticket_for_a_person_still_shows_what_would_be_sent(client: TestClient) -> None:
    """The prompt engineer sees the messages even when the chat model would not be called."""
    ticket = {"messages": [{"text": "Je veux parler à un conseiller."}]}
    tried = preview(client, ticket=ticket)["tried"]
    assert tried["reply"]["decision"] == "handoff"
    assert any("conseiller" in message["content"] for message in tried["messages"])


def test_a_scenario_is_saved_once(tmp_path: Path, demo_settings: Settings) -> None:
    """A ticket becomes a file with what a good reply must do; the same name again is refused."""
    prompts = tmp_path / "prompts"
    (prompts / "brands").mkdir(parents=True)
    (prompts / "brands" / f"{BRAND}.yaml").write_text(
        (demo_settings.prompts_dir / "brands" / f"{BRAND}.yaml").read_text("utf-8"), encoding="utf-8"
    )
    settings = Settings(data_dir=tmp_path / "data", prompts_dir=prompts, embeddings="hashed")
    scenario = {"brand": BRAND, "ticket": {"messages": [{"text": "Où est mon colis ?"}]}, "must_contain": ["colis"]}
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        saved = client.post("/v1/prompts/scenarios", json={"name": "ou-est-mon-colis", "scenario": scenario})
        assert saved.status_code == 201
        again = client.post("/v1/prompts/scenarios", json={"name": "ou-est-mon-colis", "scenario": scenario})
        assert (again.status_code, again.json()["type"]) == (409, "/problems/name-taken")
        wrong = client.post("/v1/prompts/scenarios", json={"name": "b", "scenario": {**scenario, "must": 1}})
        assert [each["pointer"] for each in wrong.json()["errors"]] == ["/scenario/must"]
        assert client.post("/v1/prompts/scenarios", json={"name": "../b", "scenario": scenario}).status_code == 422
    text = (prompts / saved.json()["file"]).read_text("utf-8")
    assert text == saved.json()["text"]
    assert text.startswith("# yaml-language-server: $schema=")
    assert yaml.safe_load(text) == scenario | {"ticket": {"messages": [{"text": "Où est mon colis ?"}]}}


@pytest.mark.parametrize(
    "question",
    ["Comment annuler, et sous combien de jours suis-je remboursé ?", "How do I cancel, and is there a fee?"],
)
def test_the_two_brands_sound_different(client: TestClient, question: str) -> None:
    """The same ticket gets visibly different replies from the two demo brands, in both languages, offline too."""
    texts = []
    for brand in (BRAND, "larkline"):
        messages = [{"text": question, "at": "2026-11-20T14:00:00Z"}]
        sent = {"brand": brand, "ticket": {"messages": messages, "customer": {"name": "Ana"}}, "against": None}
        reply = client.post("/v1/prompts/preview", json=sent).json()["tried"]["reply"]
        assert reply["text"], reply["reasons"]
        lines = [line for line in reply["text"].splitlines() if line]
        texts.append((reply["language"], lines[0], lines[1].split(".")[0].split("!")[0], *lines[-3:]))
    assert texts[0][0] == texts[1][0]
    different = [one != other for one, other in zip(texts[0][1:], texts[1][1:], strict=True)]
    assert sum(different) >= len(different) - 1, texts


def test_a_broken_brand_file_is_told_while_the_last_good_version_answers(
    tmp_path: Path, demo_settings: Settings
) -> None:
    """A broken edit leaves the service ready, after a restart too; its readiness says why, and replies go on."""
    prompts = tmp_path / "prompts"
    shutil.copytree(demo_settings.prompts_dir, prompts)
    settings = Settings(data_dir=tmp_path / "data", prompts_dir=prompts, embeddings="hashed", min_answerability=0)
    file = prompts / "brands" / f"{BRAND}.yaml"
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.get("/readyz").json()["checks"]["prompts"] == "ready"
        good = brand_of(client)["production"]
        file.write_text(file.read_text("utf-8").replace("languages: [fr, en]", "langages: [fr, en]"), encoding="utf-8")
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert f"version {good} answers" in ready.json()["checks"]["prompts"]
        for asked in ({"brand": BRAND}, {}):
            told = client.get("/v1/prompts/lint", params={**asked, "language": "fr"}).json()
            assert ("misspelt_key", 4) in {(each["code"], each["line"]) for each in told["findings"]}
        assert client.post("/v1/replies", json={"brand": BRAND, "ticket": TICKET}).json()["prompt"]["version"] == good
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert "brands/maison-lune.yaml, line 4: langages" in client.get("/readyz").json()["checks"]["prompts"]
        assert client.post("/v1/replies", json={"brand": BRAND, "ticket": TICKET}).json()["prompt"]["version"] == good


def test_a_draft_of_a_brand_takes_nothing_from_the_others(demo_settings: Settings, tmp_path: Path) -> None:
    """A new brand's file that is not whole yet is told, and the service stays ready for the brands that answer."""
    prompts = tmp_path / "prompts"
    shutil.copytree(demo_settings.prompts_dir, prompts)
    settings = Settings(data_dir=tmp_path / "data", prompts_dir=prompts, embeddings="hashed", min_answerability=0)
    (prompts / "brands" / "draft.yaml").write_text("name: Draft\n", encoding="utf-8")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert "nothing answers for this brand" in ready.json()["checks"]["prompts"]
        assert client.post("/v1/replies", json={"brand": BRAND, "ticket": TICKET}).status_code == 201
        assert client.post("/v1/replies", json={"brand": "draft", "ticket": TICKET}).status_code >= 400
        for page in ("/prompts?brand=draft", "/prompts", "/settings", "/v1/prompts"):
            assert client.get(page).status_code == 200, page


def test_the_frame_follows_hour_and_channel(client: TestClient) -> None:
    """An evening e-mail is greeted as in the evening and ends with the disclosure; a chat by day does neither."""
    evening = {"messages": [{"text": TICKET["messages"][0]["text"], "at": "2026-11-20T18:30:00Z"}], "channel": "email"}  # type: ignore[index]
    mail = preview(client, ticket={**evening, "customer": {"name": "Ana"}}, against=None)["tried"]["reply"]
    assert mail["text"].startswith("Bonsoir Ana,")
    assert mail["text"].endswith("préparée automatiquement à partir de nos articles d’aide.")
    assert {each["support"] for each in mail["sentences"] if each["text"].startswith(("Bonsoir", "Cette réponse"))} == {
        "courtesy"
    }
    chat = preview(client, ticket={**TICKET, "channel": "chat"}, against=None)["tried"]["reply"]
    assert chat["text"].startswith("Bonjour Ana,")
    assert chat["text"].endswith("L’équipe Maison Lune")


def test_a_preview_is_kept_as_a_scenario_in_one_step(tmp_path: Path, demo_settings: Settings) -> None:
    """What was tried becomes a test case with its decision and citations; a name that is taken is refused."""
    prompts = tmp_path / "prompts"
    shutil.copytree(demo_settings.prompts_dir, prompts)
    settings = Settings(data_dir=tmp_path / "data", prompts_dir=prompts, embeddings="hashed")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        body = {"brand": BRAND, "ticket": TICKET, "write": False, "save_as": "sous-combien-de-jours"}
        answer = client.post("/v1/prompts/preview", json=body)
        assert answer.status_code == 200, answer.text
        saved = answer.json()["scenario"]
        assert client.post("/v1/prompts/preview", json=body).status_code == 409
    assert saved["file"] == "scenarios/sous-combien-de-jours.yaml"
    kept = yaml.safe_load((prompts / saved["file"]).read_text("utf-8"))
    assert kept["ticket"]["messages"][0]["text"] == TICKET["messages"][0]["text"]  # type: ignore[index]
    assert "decision" not in kept, "no reply was written, so none is expected"


def test_a_preview_speaks_as_the_customer_will_read_it(client: TestClient) -> None:
    """The messages hold placeholders, the replies and what changes in them hold the customer's name."""
    ticket = {**TICKET, "customer": {"name": "Ana Duarte"}}
    seen = preview(client, ticket=ticket, sampling={"temperature": 1})
    assert "Duarte" not in seen["tried"]["messages"][1]["content"]
    assert "Ana" in seen["tried"]["reply"]["text"]
    assert any("Ana" in piece["text"] for piece in seen["reply_changes"])
    assert seen["tried"]["reply_cost_usd"] == 0
