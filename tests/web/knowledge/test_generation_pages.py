"""The pages of generations, and the way back."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.assembly import Services
from tests.web.knowledge.conftest import ARTICLES, OURS, article
from tests.web.parts import one

Read = Callable[..., BeautifulSoup]
ADDRESS = f"/knowledge/generations?brand={OURS}"


@pytest.fixture
def before(publish: Callable[..., Any]) -> int:
    """The number of a generation that was left: one article fewer and one more came after it."""
    number = int(publish(*ARTICLES).generation)
    publish(*ARTICLES[1:], article("new.md", "Something new", f"Voicemail is free, and this is what follows {number}."))
    return number


def test_generations_are_listed_newest_first(before: int, read: Read) -> None:
    """The served one is named, each other has its way back."""
    page = read(ADDRESS)
    rows = page.select(".generations tbody tr")
    assert "served" in rows[0].text
    assert not rows[0].select("a")
    assert str(before) in rows[1].text
    assert rows[1].select_one(f'a[href^="/knowledge/generations/{before}?"]')


def test_going_back_is_asked_and_then_done(
    client: TestClient, before: int, read: Read, services: Services, call: Callable[..., Any]
) -> None:
    """The question names what comes back and what goes; the form does it, and the audit log has it."""
    asked = read(f"/knowledge/generations/{before}?brand={OURS}")
    told = " ".join(one(asked, "section.notice").text.split())
    assert "porting.md" in told
    assert "new.md" in told
    form = asked.select_one('form[action="/knowledge/rollbacks"]')
    assert form is not None
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    done = client.post("/knowledge/rollbacks", data=sent, follow_redirects=False)
    assert done.status_code == 303
    assert done.headers["location"] == ADDRESS
    assert f"brings back {before}" in read(ADDRESS).text
    assert {each.source for each in call(services.knowledge.articles, OURS)} == {each.source for each in ARTICLES}
    newest = call(services.audit.page, None, 1)[0]
    assert (newest.action, newest.target, newest.brand) == ("knowledge.rolled_back", str(before), OURS)


def test_going_back_needs_our_own_form(
    client: TestClient, before: int, services: Services, call: Callable[..., Any]
) -> None:
    """Without the form's token, or from another site, nothing is done."""
    held = call(services.knowledge.generation, OURS)
    sent = {"brand": OURS, "generation": str(before)}
    assert client.post("/knowledge/rollbacks", data={**sent, "csrf": "x"}).status_code == 403
    assert client.post("/knowledge/rollbacks", data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert call(services.knowledge.generation, OURS) == held


def test_a_generation_that_never_was_is_said(client: TestClient, before: int) -> None:
    """Neither the question nor the form knows it."""
    assert before
    assert client.get(f"/knowledge/generations/999?brand={OURS}").status_code == 404
    assert client.post("/knowledge/rollbacks", data={"brand": OURS, "generation": "999"}).status_code == 404
    assert client.post("/knowledge/rollbacks", data={"brand": OURS, "generation": "nine"}).status_code == 422
