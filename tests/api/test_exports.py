"""The log in the formats of spreadsheets and trainers, over HTTP."""

import asyncio
import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from starlette.types import ASGIApp, Message

from service.assembly import Services
from service.domain import Decision, new_id

BRAND = "exported"
COUNT = 130


@pytest.fixture(scope="module")
def ids(client: TestClient) -> list[str]:
    """The log holds so many replies of a brand of its own, every fifth of them handed off."""
    ticket = {"messages": [{"text": "Sous combien de jours suis-je remboursée ? Camille Exemple"}],
              "customer": {"id": "c_1", "name": "Camille Exemple"}, "subject": "=1+1"}  # fmt: skip
    written = client.post("/v1/replies", json={"brand": "maison-lune", "ticket": ticket}).json()
    services: Services = client.app.state.services  # type: ignore[attr-defined]  # FastAPI's state is untyped
    assert client.portal is not None
    original = client.portal.call(services.reply_log.get, written["id"])
    made = []
    for number in range(COUNT):
        decision = Decision.HANDOFF if number % 5 == 0 else Decision.REVIEW
        reply = replace(original.reply, id=new_id("rep_"), brand=BRAND, decision=decision, question="=2+5")
        client.portal.call(services.reply_log.begin, replace(original, reply=reply))
        made.append(reply.id)
    return made


def export(client: TestClient, **query: Any) -> Any:  # noqa: ANN401 - a response
    answer = client.get("/v1/replies/export", params={"brand": BRAND, **query})
    assert answer.status_code == 200, answer.text
    return answer


def test_every_reply_is_exported_once_oldest_first(client: TestClient, ids: list[str]) -> None:
    """JSON holds whole replies with placeholders for the customer's values; the table the same ids."""
    answer = export(client)
    told = [json.loads(line) for line in answer.text.splitlines()]
    table = list(csv.DictReader(io.StringIO(export(client, format="csv").text, newline="")))

    assert [each["id"] for each in told] == [row["id"] for row in table] == ids
    assert told[0]["ticket"]["messages"][0]["text"].rpartition(" ")[2].startswith("[NAME_")
    assert {"sentences", "passages", "chat_messages", "reasons"} <= set(told[0])
    assert "Camille" not in answer.text
    assert {row["question"] for row in table} == {"'=2+5"}
    assert answer.headers["content-disposition"] == 'attachment; filename="replies.jsonl"'


def test_a_workbook_and_examples_come_too(client: TestClient, ids: list[str], tmp_path: Path) -> None:
    """Each format is one that its programs read."""
    (tmp_path / "replies.xlsx").write_bytes(export(client, format="xlsx").content)
    rows = CalamineWorkbook.from_path(tmp_path / "replies.xlsx").get_sheet_by_name("replies").to_python()
    tuned = [json.loads(line) for line in export(client, format="finetune").text.splitlines()]

    assert [row[0] for row in rows[1:]] == ids
    assert len(tuned) == COUNT
    assert tuned[0]["messages"][-1]["role"] == "assistant"
    assert json.loads(export(client, format="promptfoo").text.splitlines()[0])["assert"]
    assert export(client, format="preference").text == ""


def test_the_lists_filters_filter_the_export(client: TestClient, ids: list[str]) -> None:
    """Decision, days and ratings narrow it as they narrow the list."""
    handed = [json.loads(line)["id"] for line in export(client, decision="handoff").text.splitlines()]

    assert handed == ids[::5]
    assert export(client, until="2020-01-01").text == ""
    assert export(client, verdict="approve").text == ""
    assert client.get("/v1/replies/export", params={"format": "backup"}).status_code == 422


def test_parts_put_together_are_the_whole(client: TestClient, ids: list[str]) -> None:
    """Following the links gives what one request gives; so does going on after the last reply that arrived."""
    whole = export(client, format="csv").text
    address, got = f"/v1/replies/export?format=csv&limit=50&brand={BRAND}", ""
    while address:
        answer = client.get(address)
        got += answer.text
        address = answer.links.get("next", {}).get("url", "")

    assert got == whole
    assert whole.endswith(export(client, format="csv", after=ids[99]).text)
    assert export(client, after=ids[-1]).text == ""


def test_a_client_that_goes_away_ends_the_work(client: TestClient, ids: list[str]) -> None:
    """After the hang-up hardly anything more is read and sent, and the answer has no proper end."""
    assert client.portal is not None
    whole = len(export(client).content)
    assert ids

    sent = client.portal.call(_leave_early, client.app)

    assert 0 < sum(len(message["body"]) for message in sent) < whole / 2
    assert all(message["more_body"] for message in sent)


async def _leave_early(app: ASGIApp) -> list[Message]:
    """Ask for the export, hang up at its first piece, and return the pieces that were sent anyway."""
    hung_up = asyncio.Event()
    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if asked:
            return asked.pop()
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            sent.append(message)
            hung_up.set()

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": "/v1/replies/export", "raw_path": b"/v1/replies/export", "root_path": "",
        "query_string": f"brand={BRAND}".encode(), "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await asyncio.wait_for(app(scope, receive, send), 60)
    return sent
