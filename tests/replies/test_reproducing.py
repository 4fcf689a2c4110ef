"""A logged reply is rebuilt byte for byte, whatever happened to the files since."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.domain import LoggedReply, ReplyState
from service.errors import ChatModelError
from service.replies.events import SentenceWritten
from service.replies.reproducing import Reproducer, Reproduction
from service.settings import Settings
from tests.conftest import ROOT
from tests.replies.desk import Desk, desk, ticket
from tests.replies.openai_server import OpenAiServer, running

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


def test_a_verified_answer_comes_out_again(client: TestClient, ask: Callable[..., dict[str, Any]]) -> None:
    """No chat model was asked, and the text is still rebuilt from the answer and the variables."""
    reply = ask("Où est mon colis ?", variables={"order_id": "20417", "delivery_date": "2026-11-24"})
    made = reproduce(client, reply)

    assert reply["chat_model"]["provider"] == "pinned"
    assert (made["holds"], made["request"]) == (True, None)
    assert made["text"]["holds"]


async def rebuilt(at: Desk) -> tuple[LoggedReply, Reproduction]:
    logged = await at.last()
    return logged, await Reproducer(at.writer._prompts, at.chain, {"min_answerability": 0.3}).reproduce(logged)  # type: ignore[arg-type]


async def test_what_was_sent_for_a_failed_reply_is_kept_and_rebuilt(tmp_path: Path) -> None:
    """A refused request is in the log byte for byte; what came back with the error is not."""
    with running(OpenAiServer([], status=400)) as server:
        async with desk(tmp_path, server.settings) as at:
            with pytest.raises(ChatModelError):
                await at.writer.write(ticket())
            logged, made = await rebuilt(at)
    assert logged.reply.state is ReplyState.FAILED
    assert logged.exchange is not None
    assert json.loads(logged.exchange.request) == server.asked[0]
    assert logged.exchange.response == b""
    assert made.holds
    assert made.request is not None


async def test_a_cut_off_reply_has_the_request_and_what_came_of_the_answer(tmp_path: Path) -> None:
    """A reader who goes away leaves both sides of the exchange, as far as they went."""
    pieces = ["Bonjour [NAME_1],\n\n", *["Le virement demande 10 jours ouvrés. [1] "] * 30]
    with running(OpenAiServer(pieces, pause_s=0.05)) as server:
        async with desk(tmp_path, server.settings, total_s=30.0) as at:
            stream = at.writer.stream(ticket())
            async for event in stream:
                if isinstance(event, SentenceWritten):
                    break
            await stream.aclose()
            await at.writer.drain(20)
            logged, made = await rebuilt(at)
    assert logged.reply.state is ReplyState.CUT_OFF
    assert logged.exchange is not None
    assert b"virement" in logged.exchange.response
    assert (made.holds, made.text) == (True, None)
    assert made.request is not None


async def test_the_messages_of_an_interrupted_reply_are_rebuilt(tmp_path: Path) -> None:
    """When a crash left no request, its messages are compared."""
    with running(OpenAiServer(["Un. "], pause_s=0.5)) as server:
        async with desk(tmp_path, server.settings) as at:
            task = asyncio.create_task(at.writer.write(ticket()))
            await asyncio.to_thread(server.was_asked.wait, 20)
            await at.reply_log.interrupt_stale()
            logged, made = await rebuilt(at)
            await asyncio.gather(task, return_exceptions=True)
    assert (logged.reply.state, logged.exchange) == (ReplyState.INTERRUPTED, None)
    assert made.holds
    assert made.request is not None


def test_a_receipt_lists_the_hash_of_every_part(client: TestClient, ask: Callable[..., dict[str, Any]]) -> None:
    """Template, brand, tone, ticket, passages, request and response are all named."""
    reply = ask()

    receipt = client.get(f"/v1/replies/{reply['id']}/receipt").json()

    assert receipt["receipt"] == reply["receipt"]
    assert set(receipt["prompt"]) == {"version", "template", "brand", "tone"}
    assert list(receipt["passages"]) == [passage["id"] for passage in reply["passages"]]
    assert receipt["request"]
    assert receipt["response"]
    said = json.dumps(receipt["shaped_by"], ensure_ascii=False, sort_keys=True).encode()
    assert receipt["settings"] == hashlib.sha256(said).hexdigest()
    assert receipt["shaped_by"].keys() >= {"min_answerability", "passages_per_reply", "embeddings", "knowledge_code"}
    assert len(receipt["policy"]) == len(receipt["settings"])
    assert receipt["gates"]["decision"] == reply["decision"]
    assert sum(receipt["gates"]["supports"].values()) == len(reply["sentences"])


def test_a_reply_outlives_the_prompt_that_wrote_it(tmp_path: Path, demo_settings: Settings) -> None:
    """After an edit of the brand's file and of a threshold the old reply comes out, and what changed is named."""
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
    stricter = settings.model_copy(update={"min_answerability": 1.0})
    with TestClient(create_app(stricter), base_url="http://127.0.0.1") as client:
        another = client.post("/v1/replies", json=body).json()
        made = reproduce(client, reply)
    assert another["prompt"]["version"] != reply["prompt"]["version"]
    assert another["decision"] == "handoff"
    assert made["holds"]
    assert made["text"]["rebuilt"]
    assert made["changed"] == ["min_answerability"]
