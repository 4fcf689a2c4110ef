"""Personal values on the pages: hidden until somebody who may asks, and the audit log says who did."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from starlette.requests import Request

from service.access.callers import Caller, Scope
from service.api.rules import NEEDS
from service.assembly import Services
from service.domain import LoggedReply, Message, Reason, ReasonCode, Sender
from service.reply_log.erasures import Selection
from service.web.shown.personal import Personal
from service.web.view import View
from tests.web.conftest import Log
from tests.web.parts import one

VALUES = {"[NAME_1]": "Wilhelmine", "[EMAIL_1]": "w@example.org", "/variables/iban": '"FR14"'}
ASKED = "Je suis [NAME_1], écrivez à [EMAIL_1] ; [NAME_7] n’est personne."
LOW = (Reason(code=ReasonCode.LOW_ANSWERABILITY, detail=""),)


@pytest.fixture
def hidden(log_again: Log) -> LoggedReply:
    """A logged reply whose ticket names its customer."""
    message = Message(sender=Sender.CUSTOMER, text=ASKED)
    return log_again(
        ticket={"messages": (message,), "subject": "De [NAME_1]", "customer": None},
        logged={"personal": VALUES},
        reasons=LOW,
    )


def _reveal(client: TestClient, address: str, **fields: str) -> BeautifulSoup:
    answer = client.post(f"{address}/reveal", data={"do": "draft", **fields})
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def _seen(services: Services, call: Callable[..., Any], reply_id: str) -> list[str]:
    changes = call(services.audit.page)
    return [each.who for each in changes if each.action == "reply.revealed" and each.target == reply_id]


def test_a_value_is_a_token_until_it_is_revealed(
    client: TestClient, read: Callable[..., BeautifulSoup], hidden: LoggedReply, services: Services,
    call: Callable[..., Any],
) -> None:  # fmt: skip
    """The page names each hidden value; after Reveal it shows them to this visitor, once, and the log says so."""
    address = f"/replies/{hidden.reply.id}"
    page = read(address)
    assert [token.text for token in page.select("h1 .token, .said .token")] == ["[NAME_1]", "[NAME_1]", "[EMAIL_1]"]
    assert one(page, ".said .token")["title"] == "Name, hidden"
    assert "Wilhelmine" not in str(page)
    assert _seen(services, call, hidden.reply.id) == []
    shown = _reveal(client, address, note="Typed before", correction=hidden.reply.text.replace("\n", "\r\n"))
    assert "Je suis Wilhelmine, écrivez à w@example.org ; [NAME_7] n’est personne." in shown.text
    assert one(shown, "h1").text == "De Wilhelmine"
    assert "Wilhelmine" not in one(shown, "title").text
    assert "Typed before" in shown.text
    assert not shown.select("#correcting[open]")
    assert _seen(services, call, hidden.reply.id) == ["local"]
    assert "Wilhelmine" not in str(read(address))


def test_the_audit_log_never_holds_a_value(
    client: TestClient, hidden: LoggedReply, services: Services, call: Callable[..., Any]
) -> None:
    """Who saw which reply's values, and when; not what they were."""
    values = client.post(f"/v1/replies/{hidden.reply.id}/reveal").json()
    assert values == {"reply": hidden.reply.id, "values": {"[NAME_1]": "Wilhelmine", "[EMAIL_1]": "w@example.org"}}
    told = json.dumps([str(change) for change in call(services.audit.page)])
    assert hidden.reply.id in told
    assert not any(value in told for value in ("Wilhelmine", "w@example.org", "FR14"))


def test_an_erased_reply_says_that_its_values_are_gone(
    client: TestClient, read: Callable[..., BeautifulSoup], services: Services, call: Callable[..., Any], log_again: Log
) -> None:  # fmt: skip
    """After erasure the page says so, and there is nothing to reveal, from an old page neither."""
    erased = log_again(ticket={"id": "gone-1"}, logged={"personal": VALUES})
    assert call(services.eraser.erase, Selection(ticket_id="gone-1"), "request") == (erased.reply.id,)
    address = f"/replies/{erased.reply.id}"
    page = read(address)
    assert "were erased for good" in page.text
    assert not page.select("#personal")
    assert "were erased for good" in _reveal(client, address).text
    assert client.post(f"/v1{address}/reveal").status_code == 404
    assert _seen(services, call, erased.reply.id) == []


def test_a_reviewer_reveals_without_losing_what_was_typed(
    client: TestClient, hidden: LoggedReply, services: Services, call: Callable[..., Any]
) -> None:
    """In a queue the same button shows the values and keeps note and reasons; the blind second reading has none."""
    client.cookies.clear()
    page = BeautifulSoup(client.get("/review/low_confidence").text, "html.parser")
    while hidden.reply.id not in str(page.select_one("#judging")):
        client.post(str(one(page, "#judging")["action"]), data={"do": "skip"})
        page = BeautifulSoup(client.get("/review/low_confidence").text, "html.parser")
    button = page.select_one("#personal button")
    assert button is not None
    assert button["formaction"] == f"/review/low_confidence/{hidden.reply.id}/reveal"
    shown = _reveal(client, f"/review/low_confidence/{hidden.reply.id}", note="Half a thought", reason="tone")
    assert "Wilhelmine" in shown.text
    assert one(shown, "#note").text.strip() == "Half a thought"
    assert shown.select("input[value=tone][checked]")
    assert len(_seen(services, call, hidden.reply.id)) == 1
    assert "Half a thought" in client.get(f"/review/low_confidence/{hidden.reply.id}").text
    assert client.post(f"/review/double/{hidden.reply.id}/reveal", data={}).status_code == 404


def test_tokens_leave_text_as_it_is(hidden: LoggedReply) -> None:
    """Tokens only wrap: what a ticket says stays letter for letter, and hostile text around them is escaped."""
    view = View.of(_request())
    told = Personal.of(hidden).told(view, "<b>[NAME_1]</b> & [NAME_9]")
    assert BeautifulSoup(told, "html.parser").text == "<b>[NAME_1]</b> & [NAME_9]"
    opened = Personal.of(hidden, hide="/x")
    assert BeautifulSoup(opened.told(view, "[NAME_1]"), "html.parser").text == "Wilhelmine"
    assert "Wilhelmine" not in opened.said(view, "https://shop.example/[NAME_1]")
    assert opened.told(view, {"amount": "12.50", "currency": "EUR"}) == "12.50 EUR"
    assert opened.told(view, ["a", True]) == "a, true"


def _request() -> Request:
    return Request({"type": "http", "headers": [], "query_string": b"", "path": "/", "method": "GET"})


def test_revealing_needs_its_own_scope() -> None:
    """Who may read or judge replies may not see the values behind them unless the key says so."""
    reader = Caller(name="reader", scopes=frozenset(Scope) - {Scope.ADMIN, Scope.PERSONAL_READ})
    revealing = [need for route, need in NEEDS.items() if route.endswith("/reveal")]
    assert len(revealing) == 3
    assert not any(reader.may(need or frozenset()) for need in revealing)
