"""The pages of the knowledge base and of settings in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
LUNE = "brand=maison-lune"
QUESTION = "Combien+de+temps+ai-je+pour+retourner+un+cadeau"
PAGES = {
    "knowledge": f"/knowledge?{LUNE}",
    "knowledge-article": f"/knowledge/article?{LUNE}&source=fr/retours-noel-2026.md",
    "knowledge-findings": f"/knowledge/findings?{LUNE}",
    "knowledge-search": f"/knowledge/search?{LUNE}&limit=3&q={QUESTION}",
    "knowledge-generations": f"/knowledge/generations?{LUNE}",
    "knowledge-add": f"/knowledge/add?{LUNE}",
    "settings": "/settings",
    "settings-interface": "/settings/interface",
    "settings-keys": "/settings/keys",
    "settings-audit": "/settings/audit",
}
ISLANDS = "# Delivery to islands\n\nParcels to the islands take {days} working days.\n"
FILES = (
    ("islands.md", ISLANDS.format(days="6 to 9")),
    ("islands-two.md", ISLANDS.replace("# Delivery", "# Parcel delivery").format(days="8 to 12")),
    ("staff.md", "# Gestures\n\nInternal use only: a gesture of 10 euros is possible.\n"),
    ("slides.pptx", "x"),
)


@pytest.fixture(autouse=True)
def _generations(site: str) -> Iterator[None]:
    """Leave what is served as it was found: other tests ask the same brand."""
    before = _generation(site)
    yield
    if _generation(site) != before:
        body = {"brand": "maison-lune", "generation": before}
        httpx.post(f"{site}/v1/knowledge/rollbacks", json=body, timeout=60).raise_for_status()


@pytest.mark.parametrize("script", [True, False])
def test_files_are_added_with_and_without_a_script(open_page: Open, tmp_path: Path, site: str, script: bool) -> None:
    """Upload, plan, apply: with a script the progress moves by itself, without one the page loads itself again."""
    page = _planned(open_page, tmp_path, script=script)
    expect(page.locator("#state")).to_have_text("What would change")
    expect(page.locator(".refused")).to_contain_text("Slides are not read; export them as PDF.")
    before = _generation(site)
    page.click("[value=apply]")
    expect(page.locator("#state")).to_have_text(f"Done: generation {before + 1} is served")
    page.click(".next .button")
    page.fill("#q", "islands")
    page.click(".filters .button")
    expect(page.locator(".articles tbody tr")).to_have_count(2)


def test_the_way_back_is_a_form(open_page: Open, tmp_path: Path, site: str) -> None:
    """What was added is named before it goes, and goes."""
    page = _planned(open_page, tmp_path)
    page.click("[value=apply]")
    expect(page.locator(".next")).to_be_visible()
    newest = _generation(site)
    page.goto(f"{site}/knowledge/generations?{LUNE}")
    page.locator("tbody a").first.click()
    expect(page.locator("section.notice")).to_contain_text("islands.md")
    page.click("section.notice .button")
    expect(page.locator(".served")).to_be_visible()
    assert _generation(site) == newest + 1


def test_the_search_tester_opens_by_keyboard(open_page: Open) -> None:
    """A question is typed and sent, and a dropped candidate unfolded, without a mouse."""
    page = open_page(f"/knowledge/search?{LUNE}")
    page.focus("#q")
    page.keyboard.type("Quand mon colis arrive-t-il ?")
    page.keyboard.press("Enter")
    expect(page.locator(".candidates > li").first).to_be_visible()
    dropped = page.locator("details.other").first
    dropped.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(dropped.locator("table.stages")).to_be_visible()
    assert page.locator("mark").count() > 0


def test_single_letters_are_turned_off_in_settings(open_page: Open) -> None:
    """What is ticked on the page of settings holds for the keys of every page, until it is unticked."""
    page = open_page("/settings/interface")
    page.check("#no-letters")
    page.click(".setting .button")
    expect(page.locator("[role=status]")).to_have_text("Saved in this browser.")
    page.keyboard.press("?")
    expect(page.locator("#keys")).not_to_be_visible()
    page.uncheck("#no-letters")
    page.click(".setting .button")
    expect(page.locator("[role=status]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_has_a_barrier(open_page: Open, tmp_path: Path, width: int, scheme: str) -> None:
    """Axe finds nothing on any of these pages, unfolded; a picture of each is kept for whoever wants to look."""
    SCREENSHOTS.mkdir(exist_ok=True)
    look = {
        "width": width,
        "scheme": scheme,
        "touch": width < 400,
        "language": "fr-FR" if scheme == "dark" else "en-GB",
    }
    plan = _planned(open_page, tmp_path, **look)
    _is_open_to_all(plan, f"knowledge-plan-{width}-{scheme}")
    plan.click("[value=apply]")
    expect(plan.locator(".next")).to_be_visible()
    _is_open_to_all(plan, f"knowledge-done-{width}-{scheme}")
    for name, address in PAGES.items():
        page = open_page(address, **look)
        _is_open_to_all(page, f"{name}-{width}-{scheme}")
        page.context.close()


@pytest.mark.slow
def test_no_page_scrolls_sideways_on_the_narrowest_phone(open_page: Open, tmp_path: Path) -> None:
    """At 320 pixels every page fits, all its parts unfolded."""
    pages = {"plan": _planned(open_page, tmp_path, width=320, touch=True)}
    pages |= {name: open_page(address, width=320, touch=True) for name, address in PAGES.items()}
    for name, page in pages.items():
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name


@pytest.mark.slow
def test_targets_are_large_on_a_touch_screen(open_page: Open) -> None:
    """On a touch screen buttons, fields, tabs and links outside of running text are at least 44 pixels high."""
    for address in PAGES.values():
        page = open_page(address, width=390, touch=True)
        small = page.evaluate(
            """() => ['.button, .quiet, select, summary, .tabs a, .brands a, .what a, .tick',
                      'input:not([type=hidden], [type=checkbox], [type=radio])']
            .flatMap((each) => [...document.querySelectorAll(`main :is(${each})`)])
            .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5)
            .map((each) => each.outerHTML)"""
        )
        assert small == [], address


def _planned(open_page: Open, folder: Path, **look: object) -> Page:
    """Return the page of the plan of an upload."""
    for name, text in FILES:
        (folder / name).write_text(text, encoding="utf-8")
    page = open_page(f"/knowledge/add?{LUNE}", **look)
    page.set_input_files("#files", [folder / name for name, _ in FILES])
    page.click(".adding .button")
    expect(page.locator("[value=apply]")).to_be_visible()
    return page


def _is_open_to_all(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == [], name


def _generation(site: str) -> int:
    told = httpx.get(f"{site}/v1/knowledge/generations", params={"brand": "maison-lune"}, timeout=60).json()
    return int(told["generations"][0]["number"])
