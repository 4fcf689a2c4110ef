"""A logged reply is rebuilt byte for byte, whatever happened to the files since."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.conftest import ROOT

QUESTION = "Sous combien de jours ouvrés arrive un remboursement par carte ?"


@pytest.fixture
def ask(client: TestClient) -> Callable[..., dict[str, Any]]:
    def ask(text: str = QUESTION, **more: object) -> dict[str, Any]:
        ticket = {"messages": [{"text": text}], "customer": {"id": "c_9", "name": "Ana"}}
        written = client.post("/v1/replies", json={"brand": "maison-lune", "ticket": ticket, **more})
        assert written.status_code == 201
        reply: dict[str, Any] = written.json()
        return reply

    return ask


def reproduce(client: TestClient, reply: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = client.post(f"/v1/replies/{reply['id']}/reproduce").json()
    return made


def test_an_extract_comes_out_again_byte_for_byte(client: TestClient, ask: Callable[..., dict[str, Any]]) -> None:
    """Request and text hash to what the log holds."""
    made = reproduce(client, ask())

    assert made["holds"]
    assert made["request"]["logged"] == made["request"]["rebuilt"]
    assert made["text"]["logged"] == made["text"]["rebuilt"]


def test_variables_and_language_are_rebuilt_too(client: TestClient, ask: Callable[..., dict[str, Any]]) -> None:
    """A reply with business values in the other language comes out as it was."""
    reply = ask("How many working days does a card refund take?", variables={"delivery_date": "2026-11-24"})

    assert reproduce(client, reply)["holds"]


def test_a_handoff_has_no_request_to_compare(client: TestClient, ask: Callable[..., dict[str, Any]]) -> None:
    """When the chat model was not called there is nothing that could differ."""
    made = reproduce(client, ask("Je veux parler à un conseiller."))

    assert (made["holds"], made["request"], made["text"]) == (True, None, None)


def test_a_receipt_lists_the_hash_of_every_part(client: TestClient, ask: Callable[..., dict[str, Any]]) -> None:
    """Template, brand, tone, ticket, passages, request and response are all named."""
    reply = ask()

    receipt = client.get(f"/v1/replies/{reply['id']}/receipt").json()

    assert receipt["receipt"] == reply["receipt"]
    assert set(receipt["prompt"]) == {"version", "template", "brand", "tone"}
    assert list(receipt["passages"]) == [passage["id"] for passage in reply["passages"]]
    assert receipt["request"]
    assert receipt["response"]


def test_a_reply_outlives_the_prompt_that_wrote_it(tmp_path: Path, demo_settings: Settings) -> None:
    """After an edit of the brand's file and a restart, the old reply still comes out byte for byte."""
    prompts = tmp_path / "prompts"
    for path in (ROOT / "prompts").rglob("*"):
        if path.is_file():
            copy = prompts / path.relative_to(ROOT / "prompts")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    settings = demo_settings.model_copy(update={"data_dir": tmp_path / "data", "prompts_dir": prompts})
    articles = [
        {"source": "r.md", "title": "Remboursements", "text": "Le remboursement par carte arrive sous 5 jours ouvrés."}
    ]
    body = {"brand": "maison-lune", "ticket": {"messages": [{"text": QUESTION}]}}
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        client.post("/v1/knowledge/ingests", json={"brand": "maison-lune", "articles": articles})
        reply = client.post("/v1/replies", json=body).json()
        assert reply["decision"] == "review"
    brand = prompts / "brands" / "maison-lune.yaml"
    brand.write_text(brand.read_text("utf-8").replace("Bien à vous", "Cordialement"), "utf-8")
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.post("/v1/replies", json=body).json()["prompt"]["version"] != reply["prompt"]["version"]
        assert reproduce(client, reply)["holds"]
