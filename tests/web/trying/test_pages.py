"""Trying a ticket on the first page."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.assembly import Services
from service.errors import Pointer, VariableError
from service.prompting.variables.declared import EXPIRED
from service.web.trying.examples import _EXAMPLES
from service.web.trying.form import problems_of
from tests.web.parts import BRAND, MESSAGE, one

Read = Callable[..., BeautifulSoup]


def test_a_ticket_leads_to_the_page_of_its_reply(client: TestClient) -> None:
    """Sending the form writes a reply and goes to its own page, so that reloading sends nothing twice."""
    sent = client.post("/", data={"brand": BRAND, "message": MESSAGE}, follow_redirects=False)
    assert sent.status_code == 303
    assert client.get(sent.headers["location"]).status_code == 200


def test_a_wrong_brand_keeps_what_was_typed(client: TestClient) -> None:
    """A brand that does not exist is said in words, and the customer's text still stands in the form."""
    answer = client.post("/", data={"brand": "nobody", "message": MESSAGE, "subject": "Colis", "name": "Ana"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 404
    assert "There is no brand of this name" in one(page, "[role=alert]").text
    assert one(page, "textarea").text.strip() == MESSAGE
    assert [one(page, f"#{name}")["value"] for name in ("subject", "name")] == ["Colis", "Ana"]


def test_a_wrong_variable_is_marked_at_its_field(client: TestClient) -> None:
    """A date that is no date is said beside its field, with an example of one, and everything typed is kept."""
    answer = client.post("/", data={"brand": BRAND, "message": MESSAGE, "variable.delivery_date": "tomorrow"})
    field = one(BeautifulSoup(answer.text, "html.parser"), "[id='variable.delivery_date']")
    assert answer.status_code == 422
    assert field["value"] == "tomorrow"
    assert field["aria-invalid"] == "true"
    assert "Write a date, such as 2026-11-24." in answer.text


@pytest.mark.parametrize(
    ("message", "words"), [("", "Please write something here."), ("x" * 20_001, "This is too long.")]
)
def test_a_message_that_cannot_be_answered_is_refused_in_words(client: TestClient, message: str, words: str) -> None:
    """An empty message and one beyond the limit come back with a sentence, never with an error page."""
    answer = client.post("/", data={"brand": BRAND, "message": message})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_body_beyond_the_limit_is_refused(client: TestClient) -> None:
    """Two megabytes are not even read; the form itself stops typing long before."""
    assert client.post("/", data={"brand": BRAND, "message": "x" * 2_000_000}).status_code == 413


def test_windows_line_ends_become_plain_ones(client: TestClient, try_ticket: Callable[..., str]) -> None:
    """A browser's line ends are kept as simple ones in the log."""
    shown = client.get(try_ticket(message=f"Bonjour,\r\n\r\n{MESSAGE}")).text
    assert "\r" not in shown
    assert f"Bonjour,\n\n{MESSAGE}" in shown


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_of_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    """A page elsewhere cannot make a visitor's browser write replies here."""
    site = client.headers.pop("Sec-Fetch-Site")
    try:
        answer = client.post("/", data={"brand": BRAND, "message": MESSAGE}, headers=headers, follow_redirects=False)
    finally:
        client.headers["Sec-Fetch-Site"] = site
    assert answer.status_code == 403
    assert "sent from another site" in answer.text


def test_an_old_browser_is_known_by_its_origin(client: TestClient) -> None:
    """A browser that does not say where a form comes from is believed when its origin is our own address."""
    site = client.headers.pop("Sec-Fetch-Site")
    try:
        own = {"Origin": "http://127.0.0.1"}
        answer = client.post("/", data={"brand": BRAND, "message": MESSAGE}, headers=own, follow_redirects=False)
    finally:
        client.headers["Sec-Fetch-Site"] = site
    assert answer.status_code == 303


@pytest.mark.parametrize(("brand", "key"), [(brand, each.key) for brand, all_ in _EXAMPLES.items() for each in all_])
def test_an_example_fills_the_form_and_can_be_sent(client: TestClient, read: Read, brand: str, key: str) -> None:
    """Each example ticket fills the form with one click, and sending it as it stands gives a reply."""
    page = read(f"/?brand={brand}&example={key}")
    form = page.select_one("#ticket")
    assert form is not None
    fields = {str(field["name"]): str(field.get("value", "")) for field in form.select("input")}
    fields |= {str(field["name"]): field.text.strip("\n") for field in form.select("textarea")}
    chosen = {str(field["name"]): field.select_one("option[selected]") for field in form.select("select")}
    fields |= {name: str(option.get("value", option.text)) for name, option in chosen.items() if option}
    assert fields["message"]
    assert client.post("/", data=fields, follow_redirects=False).status_code == 303


def test_another_brand_shows_its_own_variables(read: Read) -> None:
    """Choosing a brand reloads the form with what that brand declares, its samples as hints."""
    page = read("/?brand=larkline")
    assert one(page, "select#brand option[selected]").text == "Larkline"
    assert [option.text.strip() for option in page.select('[id="variable.plan"] option')][1] == "Nest 300"
    assert one(page, "[id='variable.account_id']")["placeholder"] == "e.g. LK-558201"
    assert page.find(id="variable.order_id") is None


def test_no_key_is_said_on_every_page(read: Read) -> None:
    """Without a model key each page says that replies are extracts, and what to set."""
    for address in ("/", "/replies"):
        assert "No model key: replies are extracts from your articles." in read(address).text


def test_an_expired_value_is_told_as_such(services: Services) -> None:
    """A variable that is past its day says that it has expired, beside its field."""
    error = VariableError("", (Pointer("/variables/order_id", EXPIRED),))
    (problem,) = problems_of(error, services.prompt_files.brand(BRAND).variables)
    assert (problem.key, problem.field) == ("wrong.expired", "variable.order_id")
