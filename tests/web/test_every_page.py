"""What holds for every page: headers, languages, structure."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.web import routes, view
from service.web.messages import en, fr
from tests.web.parts import BRAND, one

Read = Callable[..., BeautifulSoup]
TEMPLATES = sorted((Path(view.__file__).parent / "templates").rglob("*.html"))


@pytest.fixture(
    params=[
        "/",
        "/replies",
        "reply",
        "/replies/nope",
        "/prompts",
        "/prompts/try",
        "/prompts/nope",
        "/overview",
        "/statistics",
        "/compare",
        "/compare/nope",
        "/knowledge",
        "/knowledge/findings",
        "/knowledge/search?q=colis",
        "/knowledge/generations",
        "/knowledge/add",
        "/settings",
        "/settings/interface",
        "/settings/keys",
        "/settings/audit",
    ]
)
def address(request: pytest.FixtureRequest, try_ticket: Callable[..., str]) -> str:
    return try_ticket() if request.param == "reply" else str(request.param)


def test_the_policy_allows_only_our_own_files(client: TestClient, address: str) -> None:
    """Every page, the error page included, forbids inline scripts, foreign files and framing."""
    headers = client.get(address).headers
    assert headers["content-security-policy"] == routes._CONTENT_SECURITY_POLICY
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"


def test_the_api_is_not_touched_by_the_pages_policy(client: TestClient) -> None:
    """The JSON of the API carries no page policy."""
    assert "content-security-policy" not in client.get("/v1/replies").headers


def test_a_page_has_one_heading_landmarks_and_a_skip_link(client: TestClient, address: str) -> None:
    """Screen readers find one main heading, the navigation, the content, and a link that skips to it."""
    page = BeautifulSoup(client.get(address).text, "html.parser")
    assert len(page.select("h1")) == 1
    assert len(page.select("main#content")) == 1
    assert page.select("header nav[aria-label]")
    assert page.select('body > a.skip[href="#content"]')
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))


def test_every_field_has_its_label(read: Read) -> None:
    """Each field of the form is named for those who do not see it."""
    page = read(f"/?brand={BRAND}")
    for field in page.select("input:not([type=hidden]), select, textarea"):
        assert page.select(f'label[for="{field["id"]}"]')


def test_the_interface_follows_the_browser(read: Read) -> None:
    """A French browser gets French, an English one English, any other English; the best-loved of ours wins."""
    titles = {
        "fr-CA,fr;q=0.9,en;q=0.5": "Réponses",
        "en-US,en": "Replies",
        "de,ja": "Replies",
        "de,fr;q=0.2": "Réponses",
    }
    titles |= {"en;q=0.3,fr;q=0.8": "Réponses", "fr;q=nonsense": "Replies", "": "Replies", "fr;q=0,en": "Replies"}
    for accepted, title in titles.items():
        page = read("/replies", accepted)
        assert one(page, "h1").text == title
        assert one(page, "html")["lang"] == title.replace("Réponses", "fr").replace("Replies", "en")


def test_a_chosen_language_is_kept(client: TestClient) -> None:
    """The link to the other language comes back to the same page and is remembered for the next ones."""
    client.cookies.clear()
    chosen = client.get("/replies?decision=review&lang=fr", follow_redirects=False)
    assert chosen.status_code == 303
    assert chosen.headers["location"] == "/replies?decision=review"
    assert "samesite=lax" in chosen.headers["set-cookie"].lower()
    assert '<html lang="fr">' in client.get("/", headers={"Accept-Language": "en"}).text
    client.cookies.clear()


def test_a_reply_keeps_its_own_language(read: Read, try_ticket: Callable[..., str]) -> None:
    """A French reply is announced as French in the English interface too."""
    page = read(try_ticket(), "en")
    assert one(page, "html")["lang"] == "en"
    assert one(page, ".letter")["lang"] == "fr"


def test_both_languages_say_the_same_things() -> None:
    """No word of the interface is missing in one language, and each names the same values."""
    assert en.WORDS.keys() == fr.WORDS.keys()
    for key, words in en.WORDS.items():
        assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", fr.WORDS[key])), key


def test_every_word_that_a_template_asks_for_exists() -> None:
    """No template asks for words that the interface does not have."""
    asked = {key for path in TEMPLATES for key in re.findall(r'\bt\(["\']([\w.-]+)["\'][,)]', path.read_text())}
    assert asked
    assert asked <= en.WORDS.keys()


def test_no_template_holds_inline_script_or_style() -> None:
    """Templates carry no inline script, style or handler, and turn no escaping off."""
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|\|\s*safe|autoescape|<script(?![^>]*\ssrc=)", text), path.name


def test_the_pages_stay_light(client: TestClient) -> None:
    """The style sheet stays below 15 kB and the script below 6 kB, and both are served by us."""
    page = BeautifulSoup(client.get("/").text, "html.parser")
    sheet, script = page.select_one("link[rel=stylesheet]"), page.select_one("script")
    assert sheet is not None
    assert script is not None
    assert len(client.get(str(sheet["href"])).content) < 15_000
    assert len(client.get(str(script["src"])).content) < 6_000
