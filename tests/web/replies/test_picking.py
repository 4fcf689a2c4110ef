"""Selecting replies in the log, for the queue of picked ones, without a script."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.assembly import Services
from service.domain import ReplyState
from service.errors import ReviewsError
from service.review.queues import ReviewQueues
from tests.web.conftest import Log
from tests.web.parts import one

Read = Callable[..., BeautifulSoup]


def test_selected_replies_come_into_the_queue(client: TestClient, read: Read, log_again: Log) -> None:
    """Each finished reply has a named box; what is sent with it waits in the queue, and the page says how many."""
    chosen, other = log_again(brand="picking"), log_again(brand="picking")
    unfinished = log_again(brand="picking", state=ReplyState.CUT_OFF)
    page = read("/replies?brand=picking")
    boxes = {str(box["value"]): box for box in page.select("[name=reply]")}
    assert set(boxes) == {chosen.reply.id, other.reply.id}
    assert unfinished.reply.id not in boxes
    assert {str(box["form"]) for box in boxes.values()} == {"picking"}
    assert all(box.parent and box.parent.text.strip().startswith("Select “") for box in boxes.values())
    form = one(page, "#picking")
    sent = {"csrf": str(one(form, "[name=csrf]")["value"]), "reply": [chosen.reply.id]}
    shown = client.post(str(form["action"]), data=sent)
    assert "of picked replies: 1." in shown.text
    assert chosen.reply.id in client.get("/review/picked").text
    assert "In it already, or not finished: 1." in client.post("/review/pick", data=sent).text


def test_nothing_selected_picks_nothing(client: TestClient) -> None:
    """The form without a box says that none came; a reply that there is not is a page that says so."""
    assert "of picked replies: 0." in client.post("/review/pick", data={}).text
    assert client.post("/review/pick", data={"reply": "rep_nowhere"}).status_code == 404


def test_a_foreign_form_picks_nothing(client: TestClient, log_again: Log, services: Services, call: Any) -> None:  # noqa: ANN401 - runs coroutine functions
    """Without the token of our own page nothing is picked."""
    logged = log_again(brand="foreign")
    before = call(services.review_queues.waiting)
    sent = {"csrf": "nope", "reply": logged.reply.id}
    assert client.post("/review/pick", data=sent).status_code == 403
    assert call(services.review_queues.waiting) == before


def test_the_bar_says_how_many_wait(read: Read, client: TestClient, log_again: Log, services: Services) -> None:
    """The number is beside “Review” on every page, in the visitor's language, with a name that can be heard."""
    assert services
    client.post("/v1/review/picked", json={"replies": [log_again().reply.id]})
    for address in ("/overview", "/replies", "/settings"):
        link = one(read(address), '.bar a[href="/review"]')
        number = one(link, ".waits").text
        assert int(number.rstrip("+")) > 0
        assert link["aria-label"] == f"Review, {number} waiting"
    assert str(one(read("/replies", "fr"), '.bar a[href="/review"]')["aria-label"]).endswith(" en attente")


def test_a_number_that_is_unknown_keeps_no_page(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing waits, or nobody can tell, there is no number, and the page is there."""

    async def fails(_: ReviewQueues) -> int:
        raise ReviewsError("The reviews could not be read.")

    monkeypatch.setattr(ReviewQueues, "waiting", fails)
    link = one(read("/settings"), '.bar a[href="/review"]')
    assert not link.select(".waits")
    assert "aria-label" not in link.attrs
