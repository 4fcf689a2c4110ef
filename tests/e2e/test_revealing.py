"""Personal values, the log and the bar of pages in a real browser."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME, EMAIL = "Wilhelmine", "wilhelmine@example.org"
ASKED = f"Bonjour, je m’appelle {NAME}, mon adresse est {EMAIL}. Comment retourner un article ?"
MOVED = "before => document.querySelector('#judging')?.getAttribute('action') !== before"
_TICKET = {"brand": "maison-lune", "ticket": {"messages": [{"text": ASKED}]}}
TOPS = "all => all.map(each => Math.round(each.getBoundingClientRect().top))"
ACCOUNT = """document.querySelector('.bar').insertAdjacentHTML('beforeend',
    '<details class="account"><summary><span>Marie-Hélène</span></summary></details>');
    for (const waits of document.querySelectorAll('.bar .waits')) waits.textContent = '99+';"""


@pytest.fixture
def reply(site: str) -> str:
    """A logged reply whose ticket holds a name and an address, drawn into the sample."""
    written = httpx.post(f"{site}/v1/replies", json=_TICKET, timeout=60).raise_for_status().json()
    httpx.post(f"{site}/v1/review/samples", json={"size": 100}).raise_for_status()
    return str(written["id"])


@pytest.mark.parametrize("script", [True, False])
def test_values_are_revealed_on_a_replys_page(open_page: Open, reply: str, *, script: bool) -> None:
    """A token stands for each value until Reveal is pressed; Hide brings the tokens back, with a script or without."""
    page = open_page(f"/replies/{reply}", script=script)
    expect(page.locator(".ticket .token").first).to_have_text("[NAME_1]")
    assert EMAIL not in page.content()
    page.click("#personal button")
    expect(page.locator(".ticket .said")).to_contain_text(EMAIL)
    assert NAME not in page.title()
    page.click("#personal a")
    expect(page.locator("#personal button")).to_be_visible()
    assert EMAIL not in page.content()


def test_a_reviewer_reveals_and_goes_on(open_page: Open, reply: str) -> None:
    """In the queue the values appear beside what was typed, and the next reply is hidden again."""
    page = open_page("/review/sample")
    while reply not in str(page.get_attribute("#judging", "action")):
        _press(page, "s")
    page.fill("#note", "Half a thought")
    page.click("#personal button")
    expect(page.locator(".ticket .said")).to_contain_text(EMAIL)
    expect(page.locator("#note")).to_have_value("Half a thought")
    page.locator("[data-heading]").focus()
    _press(page, "a")
    assert EMAIL not in page.content()


def test_enter_on_a_reason_rejects(open_page: Open, reply: str, site: str) -> None:
    """Who went to the reasons rejects with Enter; it never approves what was about to be rejected."""
    page = open_page("/review/sample")
    judged = str(page.get_attribute("#judging", "action")).rpartition("/")[2]
    page.keyboard.press("r")
    page.keyboard.press("1")
    before = page.get_attribute("#judging", "action")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('#judging')?.getAttribute('action') !== before", arg=before
    )
    said = httpx.get(f"{site}/v1/replies/{judged}/reviews").json()["reviews"]
    assert reply
    assert [each["verdict"] for each in said if each["queue"] == "sample"] == ["reject"]


def test_without_a_script_enter_on_a_reason_judges_nothing(open_page: Open, reply: str, site: str) -> None:
    """The form's first button is none of the verdicts."""
    page = open_page("/review/sample", script=False)
    item = str(page.get_attribute("#judging", "action")).rpartition("/")[2]
    reason = page.locator("[name=reason]").first
    reason.check()
    with page.expect_response(lambda response: response.request.method == "POST") as sent:
        reason.press("Enter")
    assert reply
    assert sent.value.status == 204
    assert httpx.get(f"{site}/v1/replies/{item}/reviews").json() == {"reviews": [], "hidden": 0}


def test_the_log_goes_by_keyboard(open_page: Open, site: str, reply: str) -> None:
    """J and K go from ticket to ticket, F unfolds the filters, E the exports, Enter opens."""
    httpx.post(f"{site}/v1/replies", json=_TICKET, timeout=60).raise_for_status()
    page = open_page("/replies")
    links = page.locator(".log .what a")
    for key, at in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(links.nth(at)).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#by-language")).to_be_focused()
    page.locator("main").focus()
    page.keyboard.press("e")
    expect(page.locator(".exports a").first).to_be_focused()
    page.locator("main").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/replies/{reply}")


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_the_bar_stays_on_one_line(open_page: Open, width: int) -> None:
    """For a French visitor with a name all pages stand beside each other."""
    page = open_page("/replays", width=width, language="fr-FR")
    page.evaluate(ACCOUNT)
    tops = page.eval_on_selector_all(
        ".bar > a, .bar nav li, .bar .account", "all => all.map(each => each.getBoundingClientRect().bottom)"
    )
    assert max(tops) - min(tops) < 30


@pytest.mark.parametrize("width", [640, 1024])
def test_on_a_narrower_screen_the_bar_has_two_lines(open_page: Open, width: int) -> None:
    """At 1,024 pixels, and at a zoom of 200 % on 1,280, the pages have a line of their own and nothing is cut off."""
    page = open_page("/replays", width=width, language="fr-FR")
    page.evaluate(ACCOUNT)
    tops = page.eval_on_selector_all(
        ".bar nav li", "all => all.map(each => Math.round(each.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _press(page: Page, key: str) -> None:
    before = page.get_attribute("#judging", "action")
    page.keyboard.press(key)
    page.wait_for_function(
        "before => document.querySelector('#judging')?.getAttribute('action') !== before", arg=before
    )
