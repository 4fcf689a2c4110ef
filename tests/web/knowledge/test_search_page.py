"""The search tester."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.domain import Article
from tests.web.harmless import assert_harmless
from tests.web.knowledge.conftest import OURS

pytestmark = pytest.mark.usefixtures("published")
Read = Callable[..., BeautifulSoup]
QUESTION = "How long does the porting code take?"


def test_every_candidate_has_the_scores_of_the_api(client: TestClient, read: Read) -> None:
    """The page shows the candidates, scores and order that `explain=true` gives, kept and dropped ones."""
    query: dict[str, str | int] = {"brand": OURS, "q": QUESTION, "limit": 3, "explain": True}
    told = client.get("/v1/knowledge/search", params=query).json()["candidates"]
    page = read(f"/knowledge/search?brand={OURS}&limit=3&q={QUESTION}")
    shown = [[float(str(data["value"])) for data in table.select("data")] for table in page.select("table.stages")]
    assert sorted(shown) == sorted(list(each["scores"].values()) for each in told)
    assert len(page.select(".candidates > li")) == sum(each["dropped"] is None for each in told) == 3
    assert [link.text for link in page.select(".candidates h2 a")]


def test_the_words_of_the_question_are_marked(read: Read) -> None:
    """Words that match are marked in whatever form they stand there; the passage stays letter for letter."""
    page = read(f"/knowledge/search?brand={OURS}&q=porting+codes")
    assert {mark.text for mark in page.select("mark")} >= {"porting", "code"}


def test_it_says_whether_the_question_would_be_answered(read: Read) -> None:
    """The tester says what would become of a ticket with this question, and with which certainty."""
    assert page_says(read(f"/knowledge/search?brand={OURS}&q={QUESTION}"), "Would be answered")
    french = read(f"/knowledge/search?brand={OURS}&q={QUESTION}", "fr")
    assert page_says(french, "Aurait une réponse")


def test_without_a_question_it_says_what_it_is_for(read: Read) -> None:
    """An empty form explains itself, and odd limits or languages are no error."""
    assert page_says(read(f"/knowledge/search?brand={OURS}"), "Search as a reply does")
    assert page_says(read(f"/knowledge/search?brand={OURS}&q=+%00+"), "Search as a reply does")
    assert read(f"/knowledge/search?brand={OURS}&q=code&limit=9999&language=<x>").select(".candidates > li")


def test_hostile_passages_are_text(read: Read, hostile: tuple[Article, ...]) -> None:
    """A search among articles that are nothing but markup shows them as they are written."""
    assert hostile
    page = read(f"/knowledge/search?brand={OURS}&limit=20&q=frobnication")
    assert_harmless(page)
    assert len(page.select(".candidates > li")) > 10
    assert "alert(" in page.text


def page_says(page: BeautifulSoup, words: str) -> bool:
    return words in " ".join(page.text.split())
