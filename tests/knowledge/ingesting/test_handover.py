"""Handing an ingest to the service that owns the data directory."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeAlias

import pytest

from service.domain import Article, Audience
from service.errors import IngestBusyError, KnowledgeError
from service.knowledge.ingesting.handover import hand_over, order
from service.knowledge.ingesting.progress import Progress
from service.knowledge.reading import Refusal
from service.knowledge.storing.lock import Owner

Serve: TypeAlias = Callable[[int, str], Awaitable[tuple[Owner, list[dict[str, Any]]]]]


async def talk(status: int, answer: str, **body: Any) -> tuple[dict[str, Any], dict[str, Any], list[Progress]]:  # noqa: ANN401
    """Hand over to a loopback peer that answers as told; return the outcome, what it was sent, and the progress."""
    sent: dict[str, Any] = {}
    told: list[Progress] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        sent.update(head=head, body=json.loads(await reader.readexactly(length)))
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{answer}".encode()
        )
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        owner = Owner(pid=1, address=f"http://127.0.0.1:{port}", token="secret")  # noqa: S106
        return await hand_over(owner, body, told.append), sent, told


PROGRESS = {"stage": "embedding", "done": 1, "total": 2, "rate": 1.0, "seconds_left": 1.0}


async def test_the_service_does_the_work() -> None:
    """The articles go over with the owner's token; progress and the report come back."""
    answer = f'event: progress\ndata: {json.dumps(PROGRESS)}\n\nevent: finished\ndata: {{"generation": 3}}\n\n'
    outcome, sent, told = await talk(200, answer, brand="ml", articles=[])
    assert outcome == {"generation": 3}
    assert told == [Progress(**PROGRESS)]  # type: ignore[arg-type]
    assert "post /v1/knowledge/ingests" in sent["head"]
    assert "authorization: bearer secret" in sent["head"]
    assert sent["body"] == {"brand": "ml", "articles": []}


@pytest.mark.parametrize(
    ("status", "answer", "error", "words"),
    [
        (409, '{"status": 409, "detail": "another ingest"}', IngestBusyError, "another ingest"),
        (200, 'event: error\ndata: {"status": 409, "detail": "changed since"}\n\n', IngestBusyError, "changed since"),
        (500, "oops", KnowledgeError, "500"),
        (200, "event: progress\n", KnowledgeError, "ended before"),
    ],
)
async def test_what_goes_wrong_is_said(status: int, answer: str, error: type[KnowledgeError], words: str) -> None:
    """A refusal, a failure half-way and a service that goes away are errors in words."""
    with pytest.raises(error, match=words):
        await talk(status, answer)


async def test_an_owner_without_an_address_takes_no_work() -> None:
    """Another ingest, or a service that is starting, is busy; nobody there at all is a knowledge error."""
    with pytest.raises(IngestBusyError):
        await hand_over(Owner(pid=1, address=None, token=""), {})
    with pytest.raises(KnowledgeError):
        await hand_over(Owner(pid=1, address="http://127.0.0.1:9", token=""), {})


def test_an_order_is_json() -> None:
    """Dates and audiences travel as text, refusals with their reason."""
    article = Article(
        brand="ml", source="a.md", title="A", text="t", audience=Audience.INTERNAL, updated=date(2026, 1, 2)
    )
    body = json.loads(json.dumps(order([article, Refusal(source="b", reason="empty")], "ml", delete_missing=True)))
    assert (
        body["articles"][0] | {"source": "a.md", "updated": "2026-01-02", "audience": "internal"} == body["articles"][0]
    )
    assert "brand" not in body["articles"][0]
    assert (body["refused"], body["delete_missing"]) == ([{"source": "b", "reason": "empty"}], True)
