"""The pages of articles."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.assembly import Services
from service.domain import Article
from service.review.verdicts import Judgement, Verdict
from tests.web.harmless import assert_harmless
from tests.web.knowledge.conftest import ARTICLES, OURS, PUBLIC, article
from tests.web.parts import HOSTILE, one, row_of

pytestmark = pytest.mark.usefixtures("published")
Read = Callable[..., BeautifulSoup]


def _titles(page: BeautifulSoup) -> list[str]:
    return [link.text for link in page.select(".articles .what a")]


def test_every_article_is_listed_with_what_is_known_of_it(read: Read) -> None:
    """A knowledge manager sees title, file, audience, language, owner and dates of each article that is served."""
    page = read(f"/knowledge?brand={OURS}")
    assert sorted(_titles(page)) == sorted(each.title for each in ARTICLES)
    row = row_of(page, "a", "Keep your number").text
    for known in ("porting.md", "English", "Ines", "2 Nov 2026"):
        assert known in row
    assert "internal" in row_of(page, "a", "For the team").text
    assert "expired" in row_of(page, "a", "Trial of 2025").text
    figures = [each.text for each in page.select(".strip dd.figure")]
    assert str(len(ARTICLES)) in figures


def test_the_list_is_filtered_by_words_audience_language_and_expiry(read: Read) -> None:
    """Each filter leaves what it says, all of them together too, and clearing brings everything back."""
    asked = {"q=keep": 2, "q=INES": 1, "audience=internal": 1, "state=expired": 1, "language=en": 5, "language=fr": 0}
    for query, count in {**asked, "q=keep&audience=internal": 0, "q=&audience=": 5}.items():
        assert len(_titles(read(f"/knowledge?brand={OURS}&{query}"))) == count, query
    nothing = read(f"/knowledge?brand={OURS}&q=zzz")
    assert "No article matches" in nothing.text
    assert nothing.select_one('.notice a[href^="/knowledge?brand="]')


def test_long_lists_have_pages(read: Read, publish: Callable[..., Any]) -> None:
    """Fifty articles a page; a page that is no number, or beyond the last, is no error."""
    publish(*(article(f"{number:03}.md", f"Article {number:03}", "Words of an article.") for number in range(120)))
    first = read(f"/knowledge?brand={OURS}&q=article")
    assert len(_titles(first)) == 50
    following = str(one(first, 'a[rel="next"]')["href"])
    assert "q=article" in following
    assert _titles(read(following))[0] == "Article 050"
    assert len(_titles(read(f"/knowledge?brand={OURS}&page=3"))) == 20
    for odd in ("0", "-1", "x", "²", "99999999999999999999", "7"):
        assert read(f"/knowledge?brand={OURS}&page={odd}").select("h1")


def test_an_article_is_shown_as_its_passages(read: Read) -> None:
    """The article's page has each passage letter for letter, and what is known of the file."""
    page = read(f"/knowledge/article?brand={OURS}&source=porting.md")
    assert PUBLIC in one(page, ".passage .source").text
    assert "Ines" in one(page, "dl.facts").text


def test_an_address_that_runs_something_is_no_link(read: Read) -> None:
    """An article whose address is a script shows it as text."""
    page = read(f"/knowledge/article?brand={OURS}&source=offers.md")
    assert "javascript:alert(1)" in one(page, "dl.facts").text
    assert_harmless(page)


def test_what_is_not_there_is_said(client: TestClient, read: Read) -> None:
    """An article that is gone and a brand that never was answer 404; the list falls back on a brand that there is."""
    assert client.get(f"/knowledge/article?brand={OURS}&source=nope.md").status_code == 404
    assert client.get("/knowledge/article?brand=nope&source=nope.md").status_code == 404
    assert read("/knowledge?brand=nope").select_one('.brands [aria-current="true"]')


def test_hostile_articles_are_text_in_list_and_page(read: Read, hostile: tuple[Article, ...]) -> None:
    """Titles, owners, files and addresses that are markup are shown as they are written."""
    pages = [read(f"/knowledge?brand={OURS}&page={number}") for number in (1, 2)]
    for page in pages:
        assert_harmless(page)
    shown = " ".join(" ".join(page.text.split()) for page in pages)
    for each in hostile:
        assert " ".join(each.title.split()) in shown
    for link in pages[0].select(".articles .what a")[:6]:
        one = BeautifulSoup(read(str(link["href"])).decode(), "html.parser")
        assert " ".join(link.text.split()) in " ".join(one.text.split())


def test_hostile_addresses_are_text(client: TestClient) -> None:
    """Nothing in the address of a page becomes markup."""
    for text in HOSTILE[::2]:
        query = dict.fromkeys(("q", "audience", "language", "state", "page", "limit", "source"), text)
        for path in ("/knowledge", "/knowledge/search", "/knowledge/article"):
            assert_harmless(BeautifulSoup(client.get(path, params={**query, "brand": OURS}).text, "html.parser"))
        assert_harmless(BeautifulSoup(client.get("/knowledge/findings", params={"brand": text}).text, "html.parser"))


def test_articles_say_how_often_they_are_cited(
    read: Read, services: Services, call: Callable[..., Any], log_again: Callable[..., Any]
) -> None:
    """Each article tells its citations of 30 days with a link to the replies; those never cited, and those cited in a
    rejected reply, are counted above and listed by a filter; internal ones are not there to be cited."""
    sentence = next(each for each in log_again(brand="elsewhere").reply.sentences if each.citations)
    sentence = replace(sentence, citations=(replace(sentence.citations[0], article="porting.md"),))
    replies = [log_again(brand=OURS, sentences=(sentence,)).reply.id for _ in range(2)]
    call(services.reviews.save, replies[0], "ana", Judgement(verdict=Verdict.REJECT))
    page = read(f"/knowledge?brand={OURS}")
    row = page.find("a", string="Keep your number").find_parent("tr")  # type: ignore[union-attr]
    links = [str(link["href"]) for link in row.select(".cited a")]  # type: ignore[union-attr]
    assert [len(read(link).select(".log .what a")) for link in links] == [2, 1]
    assert "3 never cited" in one(page, "caption").text
    assert _titles(read(f"/knowledge?brand={OURS}&use=rejected")) == ["Keep your number"]
    never = _titles(read(f"/knowledge?brand={OURS}&use=never"))
    assert sorted(never) == ["Keeping a number", "Retention offers", "Trial of 2025"]
