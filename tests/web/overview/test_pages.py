"""The overview: any of its periods and tones, and a newcomer's first steps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from tests.web.conftest import Log
from tests.web.parts import BRAND, one

Read = Callable[..., BeautifulSoup]


def written(page: BeautifulSoup) -> int:
    """Return the first card's figure: how many replies were written."""
    return int(one(page, ".cards a strong").text.replace(",", ""))


def test_every_figure_follows_the_period_and_the_tone(read: Read, log_again: Log) -> None:
    """A month shows what a week does not; a tone shows its own replies, and each link keeps both."""
    prompt = log_again().reply.prompt
    before = {days: written(read(f"/overview?days={days}")) for days in (7, 30, 90)}
    for ago in (20, 60):
        at = datetime.now(UTC) - timedelta(days=ago)
        log_again(created_at=at, prompt=replace(prompt, tone="overviewed"))
    after = {days: written(read(f"/overview?days={days}")) for days in (7, 30, 90)}
    assert {days: after[days] - before[days] for days in after} == {7: 0, 30: 1, 90: 2}
    page = read("/overview?days=90&tone=overviewed")
    assert written(page) == 2
    assert "90 days" in one(page, ".head p").text
    assert one(page, "#tone option[selected]").text == "overviewed"
    assert one(page, "#days option[selected]")["value"] == "90"
    today = datetime.now(UTC).date()
    for card in page.select(".cards a"):
        query = parse_qs(urlsplit(str(card["href"])).query)
        assert query["tone"] == ["overviewed"]
        assert query["since"] == [(today - timedelta(days=89)).isoformat()]


@pytest.mark.parametrize("query", ["days=8", "days=-1", "days=x&tone=", "tone=%00", "days="])
def test_an_odd_address_shows_the_last_week(read: Read, query: str) -> None:
    """A period that is not offered, or a tone that is none, filters nothing."""
    page = read(f"/overview?{query}", "fr")
    assert "7 derniers jours" in one(page, ".head p").text
    assert not page.select("#tone option[selected]")


def test_a_tone_is_shown_as_text(read: Read) -> None:
    """A hostile tone in the address stays a word of the form."""
    page = read("/overview?tone=%3Cscript%3Ealert(1)%3C/script%3E")
    assert one(page, "#tone option[selected]").text == "<script>alert(1)</script>"
    assert written(page) == 0


def test_the_helpdesk_step_shows_how_to_ask(read: Read, client: TestClient) -> None:
    """Until a key was used the step shows the command; a reply without a key does not tick it."""
    client.post("/v1/replies", json={"brand": BRAND, "ticket": {"messages": [{"text": "Bonjour, un colis ?"}]}})
    step = read("/overview").select(".steps li")[-1]
    assert "Connect the helpdesk" in step.text
    assert "Authorization: Bearer apl_" in one(step, "pre").text
    assert one(step, "a")["href"] == "/settings/keys"
    assert "(done)" not in step.text
