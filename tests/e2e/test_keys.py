"""The keys in a real browser: listed with `?`, leading to pages with `g`, and turned off for good."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_dialog_lists_the_keys_of_the_page(open_page: Open, site: str) -> None:
    """`?` opens it with the keys that the page has now, in the visitor's language; Escape closes it."""
    asked = {"brand": "maison-lune", "ticket": {"messages": [{"text": "Quels sont les frais de livraison ?"}]}}
    for _ in range(2):
        httpx.post(f"{site}/v1/replies", json=asked, timeout=60).raise_for_status()
    httpx.post(f"{site}/v1/review/samples", json={"size": 100}).raise_for_status()
    for language, title, verdict in (("en-GB", "Keys", "Approve"), ("fr-FR", "Touches", "Approuver")):
        page = open_page("/review/sample", language=language)
        page.keyboard.press("?")
        dialog = page.locator("dialog[open]")
        expect(dialog.locator("h2")).to_have_text(title)
        expect(dialog.locator(".own dl > div", has_text=verdict).locator("kbd")).to_have_text("A")
        page.keyboard.press("a")
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator("#judging")).to_be_visible()


def test_g_and_a_letter_lead_to_pages(open_page: Open) -> None:
    """`g r` leads to the review, `g c` to the comparisons; a letter alone, or too late, leads nowhere."""
    page = open_page("/settings")
    for letter, address in (("r", "/review"), ("c", "/compare"), ("l", "/replies"), ("s", "/statistics")):
        page.keyboard.press(letter)
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(f"**{address}")
    page.keyboard.press("g")
    page.keyboard.press("z")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/statistics$"))


def test_the_slash_reaches_the_filters(open_page: Open) -> None:
    """`/` puts the focus into the page's search or filters, and Escape takes it out again."""
    page = open_page("/replies")
    page.keyboard.press("/")
    expect(page.locator("[role=search] :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("[role=search] :focus")).to_have_count(0)


def test_single_letters_can_be_turned_off_for_good(open_page: Open) -> None:
    """Once off they stay off on every page; the button at the foot still opens the list, to turn them on again."""
    page = open_page("/overview")
    page.locator("[data-keys]").click()
    page.check("#keys-off")
    assert "aplomb_keys=off" in page.evaluate("document.cookie")
    page.keyboard.press("Escape")
    page.goto(page.url.replace("/overview", "/replies"))
    for key in ("?", "/", "g", "r"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page).to_have_url(re.compile("/replies$"))
    page.locator("[data-keys]").click()
    page.uncheck("#keys-off")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(1)


def test_without_a_script_there_is_no_dead_button(open_page: Open) -> None:
    """What needs the script is not shown without it."""
    page = open_page("/overview", script=False)
    expect(page.locator("[data-keys]")).to_be_hidden()
    expect(page.locator("#keys")).to_be_hidden()


def test_r_on_the_overview_starts_the_review(open_page: Open, site: str) -> None:
    """While something of the sample waits, one key leads from the overview to it."""
    asked = {"brand": "maison-lune", "ticket": {"messages": [{"text": "Comment retourner un article ?"}]}}
    httpx.post(f"{site}/v1/replies", json=asked, timeout=60).raise_for_status()
    httpx.post(f"{site}/v1/review/samples", json={"size": 100}).raise_for_status()
    page = open_page("/overview")
    page.keyboard.press("r")
    page.wait_for_url("**/review/sample")
