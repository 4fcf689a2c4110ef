"""Reviewing in a real browser: by keyboard alone, without a script, and when something goes wrong."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FloatRect, Page, expect

from tests.e2e.conftest import Open

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
QUESTIONS = (
    "Sous combien de jours les colis sont-ils livrés ?",
    "Comment retourner un article ?",
    "Quels sont les frais de livraison ?",
    "Puis-je payer en plusieurs fois ?",
)


@pytest.fixture(autouse=True)
def _fill(site: str) -> None:
    """Write replies and draw all of them into the sample."""
    for question in QUESTIONS:
        asked = {"brand": "maison-lune", "ticket": {"messages": [{"text": question}]}}
        assert httpx.post(f"{site}/v1/replies", json=asked, timeout=60).status_code == 201
    httpx.post(f"{site}/v1/review/samples", json={"size": 100}).raise_for_status()


def test_three_replies_are_judged_by_keyboard_alone(open_page: Open, site: str) -> None:
    """Approve, reject with a reason and a note, and approve with a correction, without a mouse."""
    page = open_page("/review/sample")
    first, second, third = _id(page), "", ""

    page.keyboard.press("a")
    second = _next(page, first)
    page.keyboard.press("r")
    page.keyboard.press("4")
    page.keyboard.press("e")
    page.keyboard.type("a r trop sec")
    page.keyboard.press("Control+Enter")
    third = _next(page, second)
    page.keyboard.press("c")
    expect(page.locator("#correction")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Merci beaucoup.")
    expect(page.locator(".changes ins")).to_contain_text("Merci beaucoup")
    page.keyboard.press("Control+Enter")
    _next(page, third)

    said = [_said(site, each) for each in (first, second, third)]
    assert [each["verdict"] for each in said] == ["approve", "reject", "approve"]
    assert (said[1]["reasons"], said[1]["note"]) == (["tone"], "a r trop sec")
    assert said[2]["correction"].endswith("Merci beaucoup.")
    expect(page.locator("[data-heading]")).to_be_focused()


def test_typing_in_the_note_judges_nothing(open_page: Open) -> None:
    """Letters, figures and arrows in a field are text; Escape leaves it; the draft is there after a reload."""
    page = open_page("/review/sample")
    item = _id(page)
    page.keyboard.press("e")
    with page.expect_response(lambda response: response.status == 204):
        page.keyboard.type("a r n s u 1 2")
    page.keyboard.press("ArrowLeft")
    assert _id(page) == item
    assert page.locator("[name=reason]:checked").count() == 0
    page.keyboard.press("Escape")
    expect(page.locator("#note")).not_to_be_focused()
    page.reload()
    assert _id(page) == item
    assert page.locator("#note").input_value() == "a r n s u 1 2"


def test_undo_and_the_arrows_bring_a_reply_back(open_page: Open) -> None:
    """Undo shows the rejected reply with all that was said; the arrow leads to what was judged before."""
    page = open_page("/review/sample")
    first = _id(page)
    page.fill("#note", "Trop long")
    for key in ("Escape", "8", "r"):
        page.keyboard.press(key)
    second = _next(page, first)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/{first}")
    expect(page.locator("[value=reject]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/review/sample")
    assert _id(page) == second
    page.keyboard.press("u")
    expect(page.locator(".told")).to_contain_text("Undone")
    assert _id(page) == first
    assert page.locator("#note").input_value() == "Trop long"
    assert page.locator("[name=reason]:checked").evaluate_all("all => all.map(each => each.value)") == ["too_long"]


def test_without_a_script_a_button_saves_and_goes_on(open_page: Open, site: str) -> None:
    """Approve is a form that leads to the next reply."""
    page = open_page("/review/sample", script=False)
    first = _id(page)
    page.click("[value=approve]")
    expect(page.locator(".told")).to_contain_text("Saved.")
    assert _id(page) != first
    assert _said(site, first)["verdict"] == "approve"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_reply_comes_first_and_the_verdict_is_at_the_thumb(
    open_page: Open, site: str, width: int, *, script: bool
) -> None:
    """The ticket is three lines until it is unfolded; the bar has approve, reject and more, which shows the rest."""
    long = {"brand": "maison-lune", "ticket": {"messages": [{"text": "Où est mon colis ? Je l’attends. " * 20}]}}
    reply = httpx.post(f"{site}/v1/replies", json=long, timeout=60).json()["id"]
    httpx.post(f"{site}/v1/review/samples", json={"size": 100}).raise_for_status()
    page = open_page("/review/sample", width=width, touch=True, script=script)
    while (item := _id(page)) != reply:
        page.locator("[value=approve]").click()
        _next(page, item)
    said, bar = page.locator(".message .said").first, page.locator(".verdicts")
    assert _box(page, "article.reply")["y"] < _box(page, ".ticket")["y"]
    folded = _box(page, ".message .said")["height"]
    assert folded <= 3.2 * float(said.evaluate("each => parseFloat(getComputedStyle(each).lineHeight)"))
    page.locator(".unfold").first.click()
    assert _box(page, ".message .said")["height"] > 2 * folded
    assert [
        " ".join(each.inner_text().split()) for each in bar.locator("button, label").all() if each.is_visible()
    ] == [
        "✓ Approve",
        "✗ Reject",
        "More",
    ]
    assert len({round(_box(page, each)["y"]) for each in ("[value=approve]", "[value=reject]", ".more")}) == 1
    assert _box(page, ".judging")["y"] + _box(page, ".judging")["height"] <= 901
    page.locator(".more").click()
    expect(page.locator(".reasons")).to_be_visible()
    expect(page.locator("[value=cannot_judge]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if script:
        assert Axe().run(page).violations_count == 0
    SCREENSHOTS.mkdir(exist_ok=True)
    page.locator(".more").click()
    page.screenshot(path=SCREENSHOTS / f"review-phone-{width}-{'script' if script else 'plain'}.png")
    page.locator("[value=approve]").click()
    expect(page.locator(f"#judging[action$='{reply}']")).to_have_count(0)
    assert _said(site, reply)["verdict"] == "approve"


def test_a_service_that_fails_keeps_the_text(open_page: Open, complaints: list[str]) -> None:
    """When the verdict cannot be saved the page says so, and the note is still in its field."""
    page = open_page("/review/sample")
    item = _id(page)
    page.fill("#note", "My long note")
    page.route("**/review/sample/*", lambda route: route.fulfill(status=500, body="broken", content_type="text/plain"))
    page.click("[value=approve]")
    expect(page.locator(".saying")).to_contain_text("Your text is still here")
    assert (_id(page), page.locator("#note").input_value()) == (item, "My long note")
    page.unroute("**/review/sample/*")
    page.click("[value=approve]")
    _next(page, item)
    complaints.clear()


def test_a_lost_reservation_keeps_the_text(open_page: Open, complaints: list[str]) -> None:
    """Another reviewer's reply is not judged twice: the page says who has it, and keeps what was typed."""
    page = open_page("/review/sample")
    page.fill("#note", "My long note")
    page.context.clear_cookies()
    page.click("[value=approve]")
    expect(page.locator("[role=alert]")).to_contain_text("Another reviewer has this now")
    assert page.locator("#note").input_value() == "My long note"
    complaints.clear()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_fit_every_screen(open_page: Open, width: int, scheme: str) -> None:
    """No page scrolls sideways; a picture of each is kept for whoever wants to look."""
    SCREENSHOTS.mkdir(exist_ok=True)
    for name, address in (("review", "/review"), ("review-item", "/review/sample"), ("review-empty", "/review/double")):
        page = open_page(address, width=width, scheme=scheme, touch=width < 400)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png", full_page=True)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_a_finished_queue_tells_what_was_done(open_page: Open, width: int, scheme: str) -> None:
    """At the end stand the session's pace and reasons, and the ways on; a picture is kept."""
    page = open_page("/review/sample", width=width, scheme=scheme, language="fr-FR" if width < 400 else "en-GB")
    while page.locator("#judging").count():
        item = _id(page)
        for key in ("4", "8", "r"):
            page.keyboard.press(key)
        expect(page.locator(f"#judging[action$='{item}']")).to_have_count(0)
    expect(page.locator(".session")).to_contain_text("Ton")
    expect(page.locator(".ends .button")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.screenshot(path=SCREENSHOTS / f"review-finished-{width}-{scheme}.png", full_page=True)


def _box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return found


def _id(page: Page) -> str:
    return str(page.locator("#judging").get_attribute("action")).rpartition("/")[2]


def _next(page: Page, before: str) -> str:
    expect(page.locator("#judging")).not_to_have_attribute("action", re.compile(before))
    return _id(page)


def _said(site: str, reply_id: str) -> dict[str, Any]:
    saved: list[dict[str, Any]] = httpx.get(f"{site}/v1/replies/{reply_id}/reviews").json()["reviews"]
    return saved[-1]
