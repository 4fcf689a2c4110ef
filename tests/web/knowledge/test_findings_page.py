"""What the knowledge manager is told to look at."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.assembly import Services
from service.domain import Article
from service.knowledge.reading import Refusal
from service.prompting.answers import parse_answers
from service.prompting.files import PromptFiles
from tests.web.harmless import assert_harmless
from tests.web.knowledge.conftest import ARTICLES, OURS, PUBLIC, article
from tests.web.parts import one

Read = Callable[..., BeautifulSoup]
ADDRESS = f"/knowledge/findings?brand={OURS}"


def _group(page: BeautifulSoup, kind: str) -> str:
    found = page.select_one(f'section[aria-labelledby="{kind}"]')
    return " ".join(found.text.split()) if found else ""


def test_contradictions_are_shown_with_both_quotes(published: TestClient, read: Read) -> None:
    """Two articles that give two figures for one thing stand side by side, each with its sentence and its link."""
    assert published
    page = read(ADDRESS)
    told = _group(page, "contradiction")
    assert "within 2 hours" in told
    assert "within 5 hours" in told
    links = [str(link["href"]) for link in page.select('section[aria-labelledby="contradiction"] figcaption a')]
    assert len(links) == 2
    assert all(read(link).select(".passage") for link in links)


def test_internal_and_expired_articles_are_named(published: TestClient, read: Read) -> None:
    """What is public and reads as internal, and what expired, each has its line and what to do about it."""
    assert published
    page = read(ADDRESS, "fr")
    assert "Retention offers" in _group(page, "internal")
    assert "Il a expiré le 31 déc. 2025." in _group(page, "expired")
    assert page.select_one(".strip .some") is not None


def test_findings_stand_until_their_articles_change(
    published: TestClient, publish: Callable[..., Any], read: Read
) -> None:
    """An ingest that changes something else forgets nothing; correcting an article ends its contradiction."""
    assert published
    publish(*ARTICLES, article("new.md", "Something new", "Voicemail is free of charge at home and abroad."))
    assert "within 5 hours" in _group(read(ADDRESS), "contradiction")
    mended = [each for each in ARTICLES if each.source != "porting-old.md"]
    publish(*mended)
    assert not _group(read(ADDRESS), "contradiction")


def test_refused_files_are_shown_in_the_visitors_words(
    services: Services, call: Callable[..., Any], read: Read
) -> None:
    """Each file that the last ingest refused stands there with its reason, in French too; hostile names are text."""
    refused = [
        Refusal(source="<script>alert(1)</script>.pages", reason="Pages documents are not read; export them as .docx."),
        Refusal(source="x.md", reason="</li><script>alert(2)</script>"),
    ]
    plan = call(lambda: services.ingest.plan_articles([*ARTICLES, *refused], OURS))
    call(services.ingest.apply, plan)
    page = read(ADDRESS, "fr")
    assert_harmless(page)
    told = _group(page, "refused")
    assert "Les documents Pages ne sont pas lus ; exportez-les en .docx." in told
    assert "<script>alert(1)</script>.pages" in told
    assert "</li><script>alert(2)</script>" in told


def test_a_verified_answer_that_an_article_gainsays_is_shown(
    published: TestClient, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pinned answer with another figure than the article found for its question stands there with both quotes."""
    text = f"""
porting:
  owner: Service
  expires: 2099-12-31
  asked: {{en: ["When do I get my porting code?"]}}
  answer: {{en: "{PUBLIC.replace("2 hours", "9 hours")}"}}
"""
    assert published
    monkeypatch.setattr(PromptFiles, "answers", lambda _, brand: parse_answers(brand, text))
    told = _group(read(ADDRESS), "pinned")
    assert "within 9 hours" in told
    assert "within 2 hours" in told


def test_a_clean_base_says_so(publish: Callable[..., Any], read: Read) -> None:
    """Without anything to look at the page says that all was looked at."""
    publish(article("only.md", "Voicemail", "Voicemail is free of charge at home and abroad."))
    assert "Nothing to look at" in read(ADDRESS).text


def test_hostile_findings_are_text(publish: Callable[..., Any], read: Read, hostile: tuple[Article, ...]) -> None:
    """Quotes and titles that are markup are shown as they are written."""
    twins = [
        article(f"twin-{each.source}", each.title, f"{each.text} and the same words once more, all of them")
        for each in hostile
    ]
    publish(*twins, *(article(f"again-{each.source}", each.title, each.text) for each in twins))
    page = read(ADDRESS)
    assert_harmless(page)
    assert len(page.select('section[aria-labelledby="duplicate"] li')) > 10


def test_very_many_findings_are_counted_and_the_first_shown(publish: Callable[..., Any], read: Read) -> None:
    """A hundred of a kind are shown; the heading has the number of all."""
    same = "The very same words stand in each of these many articles, whatever they are called."
    publish(*(article(f"twin-{number:03}.md", f"Twin {number}", same) for number in range(45)))
    section = read(ADDRESS).select_one('section[aria-labelledby="duplicate"]')
    assert section is not None
    assert len(section.select("li")) == 100
    count = int(one(section, ".count").text)
    assert f"and {count - 100} more" in section.text
