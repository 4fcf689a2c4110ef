"""The pages of review without a script: one reply, one decision, nothing lost, nothing shown too early."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from httpx2 import Response

from service.assembly import Services
from service.domain import Reason, ReasonCode
from service.errors import ReviewsError
from service.review.reviews import Reviews
from service.review.verdicts import Judgement, Queue, Verdict
from tests.web.conftest import Log
from tests.web.parts import one

LOW = (Reason(code=ReasonCode.LOW_ANSWERABILITY, detail=""),)
QUEUE = "/review/low_confidence"

Post = Callable[..., Response]


@pytest.fixture
def post(client: TestClient) -> Post:
    """Send a form as its page would, with the token that the page carries."""

    def send(address: str, page: str = "/review", **fields: Any) -> Response:  # noqa: ANN401 - a field or several of a name
        token = BeautifulSoup(client.get(page).text, "html.parser").select_one("input[name=csrf]")
        return client.post(address, data={**({"csrf": token["value"]} if token else {}), **fields})

    return send


@pytest.fixture
def item(client: TestClient, log_again: Log) -> BeautifulSoup:
    """The page of the next reply of the low confidence queue, by a new reviewer."""
    client.cookies.clear()
    log_again(reasons=LOW)
    return BeautifulSoup(client.get(QUEUE).text, "html.parser")


def action(page: BeautifulSoup) -> str:
    form = page.select_one("#judging")
    assert form
    return str(form["action"])


def test_a_verdict_leads_to_the_next_reply(client: TestClient, log_again: Log, item: BeautifulSoup, post: Post) -> None:
    """Approve saves the verdict and shows another reply at once."""
    log_again(reasons=LOW)
    shown = post(action(item), do="approve")
    assert "Saved." in shown.text
    assert action(BeautifulSoup(shown.text, "html.parser")) != action(item)
    saved = client.get(f"/v1/replies/{action(item).rpartition('/')[2]}/reviews").json()["reviews"]
    assert [each["verdict"] for each in saved] == ["approve"]


def test_a_blind_page_does_not_hold_what_it_hides(
    client: TestClient, services: Services, call: Callable[..., Any], item: BeautifulSoup, post: Post
) -> None:
    """Version, model, cost and others' verdicts are not in the HTML of a reply to judge."""
    reply_id = action(item).rpartition("/")[2]
    call(services.reviews.save, reply_id, "grace", Judgement(verdict=Verdict.REJECT, note="grace says no"))
    logged = call(services.reply_log.get, reply_id).reply
    html = client.get(QUEUE).text
    assert reply_id in html
    for hidden in (logged.prompt.version, logged.chat_model.name, "Cost", "grace"):
        assert hidden not in html
    record = client.get(f"/replies/{reply_id}").text
    assert "grace" not in record
    assert "hidden until you have judged" in record
    post(action(item), do="approve")
    assert "grace says no" in client.get(f"/replies/{reply_id}").text


def test_a_draft_and_an_undone_verdict_come_back(item: BeautifulSoup, client: TestClient, post: Post) -> None:
    """A draft is in the form again; after a rejection and Undo reasons, note and correction are all back."""
    address = action(item)
    typed = {"reason": ["tone", "too_long"], "note": "Trop <sec>", "correction": "Bonjour à vous !"}
    assert post(address, do="draft", **typed).status_code == 204
    for page in (client.get(QUEUE), post(address, do="reject", **typed) and post("/review/undo")):
        form = BeautifulSoup(page.text, "html.parser").select_one("#judging")
        assert form
        assert form["action"] == address
        assert [each["value"] for each in form.select("[name=reason][checked]")] == ["tone", "too_long"]
        assert one(form, "#note").text.strip() == "Trop <sec>"
        assert one(form, "#correction").text.strip() == "Bonjour à vous !"


def test_a_lost_reservation_keeps_the_text(
    client: TestClient, services: Services, call: Callable[..., Any], item: BeautifulSoup, post: Post
) -> None:
    """When the reply is in other hands nothing is saved, the page says so, and what was typed is still there."""
    address = action(item)
    client.cookies.clear()
    shown = post(address, do="reject", reason="tone", note="My long note")
    assert shown.status_code == 409
    assert "Another reviewer has this now" in shown.text
    page = BeautifulSoup(shown.text, "html.parser")
    assert one(page, "#note").text.strip() == "My long note"
    assert one(page, ".alert a")["href"] == QUEUE
    assert call(services.reviews.of_reply, address.rpartition("/")[2]).reviews == ()


def test_a_database_that_fails_keeps_the_text(item: BeautifulSoup, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict that cannot be written comes back with its words, in a page that says what to do."""

    async def fails(*_: object, **__: object) -> None:
        raise ReviewsError("The reviews could not be written.")

    monkeypatch.setattr(Reviews, "save", fails)
    shown = post(action(item), do="approve", note="My long note")
    assert shown.status_code == 503
    assert "Your text is kept" in shown.text
    assert "My long note" in shown.text


def test_a_foreign_form_judges_nothing(client: TestClient, item: BeautifulSoup) -> None:
    """A form of another site is refused."""
    refused = client.post(action(item), data={"do": "approve"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403


def test_the_queues_say_how_much_they_hold(client: TestClient, item: BeautifulSoup, post: Post) -> None:
    """The overview names every queue; drawing fills the sample, and an empty queue says what to do."""
    assert item
    drawn = post("/review/draw", size="5")
    page = BeautifulSoup(drawn.text, "html.parser")
    assert len(page.select(".queues > li")) == 6
    assert re.search(r"\d+ replies came into the sample", drawn.text)
    assert "somebody else must judge" in client.get("/review/double").text
    assert client.get("/review/reply").status_code == 404
    assert client.get("/review/nope").status_code == 422


def test_a_verdict_on_the_record_s_own_page(client: TestClient, log_again: Log, post: Post) -> None:
    """A reply can be judged where it is read; the verdict and the corrected words are shown there."""
    client.cookies.clear()
    reply_id = log_again().reply.id
    address = f"/replies/{reply_id}"
    shown = post(f"{address}/review", address, do="reject", reason="tone", correction="Bonjour !").text
    page = BeautifulSoup(shown, "html.parser")
    assert "✗ Rejected" in one(page, ".ratings").text
    assert page.select(".ratings .diff del")
    assert one(page, "#judging [value=reject]")["aria-pressed"] == "true"


def test_reasons_are_the_brand_s(services: Services, call: Callable[..., Any]) -> None:
    """A brand without reasons of its own offers the usual nine."""
    assert len(call(services.desk.reasons, "maison-lune")) == 9
    assert Queue.SAMPLE in Queue


def test_a_finished_queue_says_what_was_done(
    client: TestClient, services: Services, call: Callable[..., Any], log_again: Log, post: Post
) -> None:
    """At the end stand this session's number, pace and reasons, how far one agrees with others, and the way on."""
    client.cookies.clear()
    reply_id = log_again(reasons=LOW).reply.id
    page = BeautifulSoup(client.get(QUEUE).text, "html.parser")
    while (form := page.select_one("#judging")) is not None:
        judged = str(form["action"]).rpartition("/")[2]
        call(services.reviews.save, judged, "grace", Judgement(verdict=Verdict.REJECT))
        page = BeautifulSoup(post(str(form["action"]), do="reject", reason="tone").text, "html.parser")
    assert reply_id
    session = page.select_one(".session")
    assert session
    assert "Tone" in session.text
    assert re.search(r"You agreed with the other reviewer on (\d+) of \1 replies", page.text)
    assert page.select_one('.ends a[href="/statistics?source=targeted"]')
    assert page.select_one("#undoing")
