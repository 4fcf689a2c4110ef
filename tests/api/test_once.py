"""A request that is repeated under its key is answered once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.schemas.reply import ReplyOut
from service.api.schemas.request import ReplyRequest
from service.domain import LoggedReply, ReplyState, new_id
from service.replies.events import ReplyFinished
from service.reply_log.store import ReplyFilter

BODY: dict[str, Any] = {
    "brand": "maison-lune",
    "ticket": {"messages": [{"text": "Sous combien de jours ouvrés arrive un remboursement par carte ?"}]},
}


def post(client: TestClient, key: str | None, body: dict[str, Any] | None = None, accept: str = "*/*") -> Any:  # noqa: ANN401 - httpx's response
    named = {"Idempotency-Key": key} if key else {}
    return client.post("/v1/replies", json=body or BODY, headers={**named, "Accept": accept})


def logged(client: TestClient) -> list[LoggedReply]:
    services: Any = client.app.state.services  # type: ignore[attr-defined]  # FastAPI's state is untyped
    assert client.portal is not None
    page: Any = client.portal.call(services.reply_log.page, ReplyFilter(), None, 200)
    return list(page.replies)


def test_the_same_key_gives_the_same_bytes(client: TestClient) -> None:
    """A repetition is told, costs nothing, and does not differ by a character."""
    before = len(logged(client))
    first, again = post(client, "same"), post(client, "same")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(logged(client)) == before + 1


def test_another_body_under_the_same_key_is_a_mistake(client: TestClient) -> None:
    """Two different requests never share a reply."""
    post(client, "mixed")
    other = post(client, "mixed", {**BODY, "language": "fr"})

    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"


def test_many_at_the_same_instant_are_one_reply(client: TestClient) -> None:
    """Forty simultaneous duplicates: one row, identical bytes."""
    before = len(logged(client))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: post(client, "crowd"), range(40)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(logged(client)) == before + 1


def test_a_repetition_as_a_stream_tells_the_same_events(client: TestClient) -> None:
    """A stream under a used key is the first one's, event by event."""
    first, again = (post(client, "stream", accept="text/event-stream") for _ in range(2))

    assert first.text.split("event: reply.finished")[1] == again.text.split("event: reply.finished")[1]
    assert first.text.count("event: sentence") == again.text.count("event: sentence") > 1
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_key_whose_reply_was_interrupted_is_free_again(client: TestClient) -> None:
    """While another process writes, a repetition waits; once that process is gone, it writes the reply itself."""
    services: Any = client.app.state.services  # type: ignore[attr-defined]  # FastAPI's state is untyped
    assert client.portal is not None
    like: Any = client.portal.call(services.reply_log.get, post(client, None).json()["id"])
    left = replace(like, reply=replace(like.reply, id=new_id("rep_"), state=ReplyState.PENDING, receipt=""))
    key = ReplyRequest.model_validate(BODY).to_key("crash")
    client.portal.call(services.reply_log.begin, left, key)

    waits = post(client, "crash")
    client.portal.call(services.reply_log.interrupt_stale)
    again = post(client, "crash")

    assert (waits.status_code, waits.json()["type"]) == (409, "/problems/request-running")
    assert again.status_code == 201
    assert again.json()["id"] != left.reply.id


def test_one_reply_for_a_message_and_none_for_an_old_one(client: TestClient) -> None:
    """The newest message gets one reply; once the customer wrote again, an old one gets a 409."""
    one = {"text": "Sous combien de jours ouvrés arrive un remboursement par carte ?"}
    two = {"text": "Et par virement ?"}

    def body(*messages: dict[str, str]) -> dict[str, Any]:
        return {"brand": "maison-lune", "ticket": {"id": "T-77", "messages": list(messages)}, "once_per_message": True}

    first, again = post(client, None, body(one)), post(client, None, body(one))
    newer = post(client, None, body(one, two))
    stale = post(client, None, body({"text": "Un remboursement par carte, combien de jours ?"}))

    assert first.json()["id"] == again.json()["id"] != newer.json()["id"]
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/stale-draft")


def test_a_key_that_is_no_key_is_refused(client: TestClient) -> None:
    """White space and endless keys are told apart from keys."""
    assert post(client, "a b").status_code == 422
    assert post(client, "x" * 300).status_code == 422


def test_once_per_message_needs_a_ticket(client: TestClient) -> None:
    """Without the ticket's id nobody knows whose message it is."""
    assert post(client, None, {**BODY, "once_per_message": True}).status_code == 422


@pytest.mark.slow
def test_a_thousand_at_the_same_instant_are_one_reply(client: TestClient) -> None:
    """A thousand concurrent duplicates: one reply, identical bytes."""
    services: Any = client.app.state.services  # type: ignore[attr-defined]  # FastAPI's state is untyped
    before = len(logged(client))
    asked = ReplyRequest.model_validate(BODY)

    async def one() -> str:
        key = asked.to_key("thousand")
        async for event in services.once.events(asked.to_ticket(), key, streamed=False):
            if isinstance(event, ReplyFinished):
                return ReplyOut.of(event.reply).model_dump_json()
        return ""

    async def crowd() -> set[str]:
        return set(await asyncio.gather(*(one() for _ in range(1000))))

    assert client.portal is not None
    assert len(client.portal.call(crowd)) == 1
    assert len(logged(client)) == before + 1
