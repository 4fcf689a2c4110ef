"""The pages in a real browser, as a visitor uses them."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
EXAMPLE = "/?brand=maison-lune&example=retour-cadeau"


def test_a_reply_streams_into_the_page(open_page: Open) -> None:
    """With a script the reply appears beside the form, with its citations and passages, and a link into the log."""
    page = open_page(EXAMPLE)
    _try(page)
    expect(page.locator("#result .letter")).to_contain_text(re.compile(r"Bon(jour|soir) \[NAME_1\],"))
    assert page.locator("#result .cite").count() > 0
    assert page.locator("#result mark").count() > 0
    assert page.locator("textarea").input_value().startswith("Bonjour, je pense offrir")
    page.click(".waiting a")
    expect(page.locator("h1")).to_have_text("Retourner un cadeau de Noël")


def test_a_reply_is_written_without_a_script(open_page: Open) -> None:
    """Without a script the same form leads to the reply's own page."""
    page = open_page(EXAMPLE, script=False)
    page.click("#write")
    page.wait_for_url("**/replies/rep_*")
    expect(page.locator(".letter")).to_contain_text(re.compile(r"Bon(jour|soir) \[NAME_1\],"))


def test_a_wrong_variable_is_said_beside_its_field(open_page: Open, complaints: list[str]) -> None:
    """A refused ticket comes back with its words and a sentence in the visitor's language, script or not."""
    for script in (True, False):
        page = open_page(EXAMPLE, language="fr-FR", script=script)
        page.fill('[id="variable.delivery_date"]', "demain")
        page.click("#write")
        expect(page.locator('[id="variable.delivery_date-wrong"]')).to_contain_text("Écrivez une date")
        assert page.locator('[id="variable.delivery_date"]').input_value() == "demain"
        assert page.locator("textarea").input_value().startswith("Bonjour, je pense offrir")
    # The browser itself notes every answer of 4xx in its console.
    assert all("422" in complaint for complaint in complaints)
    complaints.clear()


def test_another_brand_keeps_what_was_typed(open_page: Open) -> None:
    """Choosing another brand brings its variables and examples in and leaves the message alone."""
    page = open_page("/?brand=maison-lune")
    page.fill("#message", "My message")
    page.select_option("#brand", "larkline")
    expect(page.locator('[id="variable.plan"]')).to_be_visible()
    expect(page.locator("#ticket [name=brand]")).to_have_value("larkline")
    assert page.locator("#message").input_value() == "My message"
    assert page.url.endswith("/?brand=larkline")


def test_a_brand_is_chosen_without_a_script(open_page: Open) -> None:
    """Without a script a button reloads the form for the chosen brand."""
    page = open_page("/", script=False)
    page.select_option("#brand", "maison-lune")
    page.click("form.brand button")
    expect(page.locator('[id="variable.order_id"]')).to_be_visible()


def test_a_service_that_is_away_keeps_the_text(open_page: Open, complaints: list[str]) -> None:
    """When the service cannot be reached the page says so, and what was typed is still there."""
    page = open_page(EXAMPLE)
    page.context.set_offline(offline=True)
    page.click("#write")
    expect(page.locator(".waiting")).to_contain_text("cannot be reached")
    assert page.locator("textarea").input_value().startswith("Bonjour, je pense offrir")
    expect(page.locator("#write")).to_have_text("Write the reply")
    complaints.clear()


def test_a_reply_that_breaks_off_keeps_what_came(open_page: Open) -> None:
    """When the stream ends in an error, the sentences that came stay, as text, and the log is one click away."""
    page = open_page(EXAMPLE)
    hostile = "<img src=x onerror=alert(1)>"
    cited = {"passage": "psg_1", "title": "Retours"}
    events = [
        ("reply.started", {"id": "rep_1", "language": "fr"}),
        ("passages", {"passages": []}),
        ("sentence", {"before": "", "text": "Bonjour,", "citations": []}),
        ("sentence", {"before": "\n\n", "text": hostile, "citations": [cited]}),
        ("error", {"title": "The chat model failed"}),
    ]
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    page.route("**/v1/replies", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    page.click("#write")
    expect(page.locator(".waiting")).to_contain_text("The reply broke off.")
    assert page.locator("#paper p").all_inner_texts() == ["Bonjour,", f"{hostile}1"]
    assert page.locator(".waiting a").get_attribute("href") == "/replies/rep_1"


def test_a_citation_lights_its_quote_and_back(open_page: Open) -> None:
    """Pointing at a number, or reaching it by keyboard, lights its quote; pointing at a quote lights its sentence."""
    page = _reply(open_page)
    page.locator(".cite").first.hover()
    assert page.locator("mark.lit").count() > 0
    page.locator("h1").hover()
    assert page.locator(".lit").count() == 0
    page.locator(".cite").first.focus()
    assert page.locator("mark.lit").count() > 0
    page.locator("mark").first.hover()
    assert page.locator(".sentence.lit").count() == 1


def test_the_keyboard_alone_tries_a_ticket(open_page: Open) -> None:
    """From the skip link to the reply nothing needs a mouse, and what has the focus is seen."""
    page = open_page(EXAMPLE)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.focus("#tone")
    page.keyboard.press("Tab")
    expect(page.locator("#write")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector(".waiting a")
    expect(page.locator("#result")).to_be_focused()


@pytest.mark.parametrize("address", ["/", EXAMPLE, "/replies", "reply", "/replies/nope"])
def test_no_page_scrolls_sideways_on_the_narrowest_phone(open_page: Open, complaints: list[str], address: str) -> None:
    """At 320 pixels every page fits, all its parts unfolded."""
    page = _reply(open_page, width=320) if address == "reply" else open_page(address, width=320)
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    if address == "/replies/nope":
        complaints.clear()


@pytest.mark.parametrize("address", ["/", "/replies", "reply"])
def test_targets_are_large_on_a_touch_screen(open_page: Open, address: str) -> None:
    """On a touch screen buttons, fields and links outside of running text are at least 44 pixels high."""
    page = _reply(open_page, width=390, touch=True) if address == "reply" else open_page(address, width=390, touch=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, select, input:not([type=hidden]), textarea, summary')]
        .filter((each) => each.offsetParent && !each.matches('.cite, .number, .skip'))
        .map((each) => each.type === 'checkbox' ? each.closest('label') ?? each : each)
        .filter((each) => each.getBoundingClientRect().height < 43.5).map((each) => each.outerHTML)"""
    )
    assert small == []


def test_a_reply_prints_without_its_furniture(open_page: Open) -> None:
    """On paper the reply, its ticket and its passages remain; bars, buttons and unfolded prompts do not."""
    page = _reply(open_page)
    page.emulate_media(media="print")
    assert page.locator(".letter").is_visible()
    assert page.locator(".passage").first.is_visible()
    for gone in (".bar", ".banner", ".under button", ".record details"):
        assert not page.locator(gone).first.is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("device", "width"), [("wide", 1280), ("phone", 390)])
def test_screenshots(open_page: Open, scheme: str, device: str, width: int) -> None:
    """Each page, wide and on a phone, light and dark, is photographed for people to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    touch = device == "phone"
    look = {"width": width, "scheme": scheme, "touch": touch, "language": "fr-FR" if scheme == "light" else "en-GB"}
    pages = {
        "reply": _reply(open_page, **look),
        "try": open_page(EXAMPLE, **look),
        "log": open_page("/replies", **look),
    }
    tried = open_page("/?brand=larkline&example=amber-light", **look)
    _try(tried)
    for name, page in {**pages, "tried": tried}.items():
        page.screenshot(path=SCREENSHOTS / f"{name}-{device}-{scheme}.png", full_page=True)


def _try(page: Page) -> None:
    page.click("#write")
    page.wait_for_selector(".waiting a")


def _reply(open_page: Open, **look: object) -> Page:
    page = open_page(EXAMPLE, **look)
    _try(page)
    page.click(".waiting a")
    page.wait_for_selector(".desk")
    return page
