"""Comparing blind in a real browser: by keyboard alone, on every screen, and when something goes wrong."""

import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
BRAND = "maison-lune"
QUESTIONS = (
    "Bonjour, ma commande est partie il y a deux jours. Sous combien de jours les colis sont-ils livrés à domicile ?",
    "Comment retourner un article, et combien coûte l’étiquette ?",
    "Quels sont les frais de livraison ?",
    "Puis-je payer en plusieurs fois ?",
)
_WRITTEN_S = 60.0


@pytest.fixture(scope="module")
def replies(site: str) -> list[str]:
    """Logged replies whose tickets are compared."""
    return [_write(site, question) for question in QUESTIONS]


@pytest.fixture
def comparison(site: str, replies: list[str]) -> str:
    """A comparison of two tones on four tickets, its pairs written."""
    other = _write(site, QUESTIONS[0], tone="friendly")
    version = httpx.get(f"{site}/v1/replies/{other}").json()["prompt"]["version"]
    order = {
        "brand": BRAND, "baseline": "production", "candidate": version, "tickets": "named", "replies": replies,
    }  # fmt: skip
    begun = httpx.post(f"{site}/v1/comparisons", json=order, timeout=60)
    assert begun.status_code == 201, begun.text
    address = f"/compare/{begun.json()['id']}"
    limit = time.monotonic() + _WRITTEN_S
    while httpx.get(f"{site}/v1/comparisons/{begun.json()['id']}").json()["progress"]["waiting"]:
        assert time.monotonic() < limit, "the pairs were not written"
    return address


def test_pairs_are_judged_by_keyboard_alone(open_page: Open, site: str, comparison: str) -> None:
    """A, both bad with a reason, undo, equal, B: and the results stand there, without a mouse."""
    page = open_page(comparison)
    first = _id(page)
    page.keyboard.press("d")
    expect(page.locator("#diff .changes")).to_be_visible()
    page.keyboard.press("a")
    second = _next(page, first)
    expect(page.locator("[data-heading]")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator(".saying")).to_contain_text("Choose what was wrong")
    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")
    third = _next(page, second)
    page.keyboard.press("u")
    expect(page.locator(".told")).to_contain_text("Undone")
    assert _id(page) == second
    assert page.locator("[name=reason]:checked").evaluate_all("all => all.map(each => each.value)") == ["tone"]
    page.keyboard.press("x")
    _next(page, second)
    page.keyboard.press("e")
    fourth = _next(page, third)
    page.keyboard.press("b")
    expect(page.locator(".odds")).to_contain_text(": 1")
    told = _results(site, comparison)
    assert (told["decided"], told["equal"], told["both_bad"]) == (2, 1, 1)
    assert {each["pair"] for each in told["pairs"]} == {first, second, third, fourth}


def test_without_a_script_the_buttons_do(open_page: Open, site: str, comparison: str) -> None:
    """A choice is a form that leads to the next pair, and so is undo."""
    page = open_page(comparison, script=False)
    first = _id(page)
    page.check("[name=reason][value=tone]")
    page.click("[value=both_bad]")
    expect(page.locator(".told")).to_contain_text("Saved.")
    assert _id(page) != first
    assert _results(site, comparison)["both_bad"] == 1
    page.click("#undoing button")
    assert _id(page) == first


def test_typing_elsewhere_and_keys_that_are_off_choose_nothing(open_page: Open, comparison: str) -> None:
    """With browser chords, or once single letters are turned off, no key chooses; the setting is kept."""
    page = open_page(comparison)
    first = _id(page)
    page.keyboard.press("Control+a")
    page.keyboard.press("?")
    page.check("#keys-off")
    page.keyboard.press("Escape")
    for key in ("a", "b", "x", "e", "1", "?", "g", "r"):
        page.keyboard.press(key)
    page.reload()
    page.keyboard.press("a")
    assert _id(page) == first
    assert page.locator("[name=reason]:checked").count() == 0


def test_a_service_that_fails_loses_nothing(open_page: Open, comparison: str, complaints: list[str]) -> None:
    """When the choice cannot be saved the page says so, and the reasons are still chosen."""
    page = open_page(comparison)
    first = _id(page)
    page.keyboard.press("2")
    page.route("**/pairs/*", lambda route: route.fulfill(status=500, body="broken", content_type="text/plain"))
    page.keyboard.press("a")
    expect(page.locator(".saying")).to_contain_text("nothing was saved")
    assert page.locator("[name=reason]:checked").count() == 1
    page.unroute("**/pairs/*")
    page.keyboard.press("a")
    _next(page, first)
    complaints.clear()


def test_a_lost_pair_leads_on(open_page: Open, comparison: str, complaints: list[str]) -> None:
    """A pair in other hands is not judged twice: the page says so and offers the next."""
    page = open_page(comparison)
    page.context.clear_cookies()
    page.keyboard.press("a")
    expect(page.locator("[role=alert]")).to_contain_text("Another reviewer has this pair now")
    page.click(".alert a")
    expect(page.locator("#choosing")).to_be_visible()
    complaints.clear()


def test_a_comparison_is_begun_on_its_page(open_page: Open, comparison: str) -> None:
    """The form begins one, the page waits for the first pair by itself, and then shows it."""
    assert comparison.startswith("/compare/")
    page = open_page(f"/compare?brand={BRAND}")
    page.check("[name=tickets][value=recent]")
    page.fill("#size", "2")
    page.click("#order .button")
    page.wait_for_url(re.compile(r"/compare/cmp_"))
    expect(page.locator("#choosing, .outcome")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_fit_every_screen(open_page: Open, site: str, comparison: str, width: int, scheme: str) -> None:
    """No page scrolls sideways, axe finds nothing, and a picture of each is kept for whoever wants to look."""
    SCREENSHOTS.mkdir(exist_ok=True)
    look = {"width": width, "scheme": scheme, "touch": width < 400, "language": "fr-FR" if width == 390 else "en-GB"}
    page = open_page(comparison, **look)
    _look(page, f"compare-pair-{width}-{scheme}")
    page.click("#diff summary")
    for summary in page.locator(".cited summary").all():
        summary.click()
    _look(page, f"compare-open-{width}-{scheme}")
    _judge(site, comparison)
    for name, address in (("results", f"{comparison}/results"), ("list", f"/compare?brand={BRAND}")):
        _look(open_page(address, **look), f"compare-{name}-{width}-{scheme}")
    pair = _results(site, comparison)["pairs"][0]["pair"]
    _look(open_page(f"{comparison}/pairs/{pair}", **look), f"compare-judged-{width}-{scheme}")
    page = open_page("/review", **look)
    page.locator("[data-keys]").click()
    _look(page, f"keys-{width}-{scheme}")


def _look(page: Page, name: str) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    if width != 320:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def _judge(site: str, comparison: str) -> None:
    api = f"{site}/v1{comparison.replace('compare', 'comparisons')}"
    for choice in ("a", "both_bad", "b"):
        pair = httpx.post(f"{api}/next", json={"reviewer": "Ana"}).json()["id"]
        said = {"reviewer": "Ana", "choice": choice, "reasons": ["tone", "too_long"], "seconds": 14.2}
        assert httpx.post(f"{api}/pairs/{pair}", json=said).status_code == 201


def _write(site: str, question: str, **values: str) -> str:
    asked = {"brand": BRAND, "ticket": {"messages": [{"text": question}]}, **values}
    written = httpx.post(f"{site}/v1/replies", json=asked, timeout=60)
    assert written.status_code == 201
    return str(written.json()["id"])


def _id(page: Page) -> str:
    return str(page.locator("#choosing").get_attribute("action")).rpartition("/")[2]


def _next(page: Page, before: str) -> str:
    expect(page.locator("#choosing")).not_to_have_attribute("action", re.compile(before))
    return _id(page)


def _results(site: str, comparison: str) -> dict[str, Any]:
    told: dict[str, Any] = httpx.get(f"{site}/v1{comparison.replace('compare', 'comparisons')}/results").json()
    return told
