"""What holds for every page in a real browser: sound for assistive technology, quiet, and as wide as the screen."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from service.api.rules import NEEDS
from tests.e2e.conftest import Open
from tests.e2e.filled import fill
from tests.web.parts import BRAND

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
_NO_PAGE = re.compile(r"/v1/|/healthz|/readyz|/version|/openapi.json|\.csv$|/progress$|/export")
_NOT_THERE = {"nope": "/replies/nope"}


@pytest.fixture(scope="module")
def filled(site: str) -> dict[str, str]:
    """What the addresses of single pages are made of."""
    with httpx.Client(base_url=site, timeout=120) as client:
        return fill(client)


@pytest.fixture
def addresses(filled: dict[str, str]) -> dict[str, str]:
    """An address of every page by a name for it: of every GET route that answers with HTML."""
    routes = [path for method, _, path in (need.partition(" ") for need in NEEDS) if method == "GET"]
    pages = [path for path in routes if not _NO_PAGE.search(path)]
    named = {_name(path): _address(path, filled) for path in pages}
    return named | _NOT_THERE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_is_sound_and_fits(
    open_page: Open, complaints: list[str], addresses: dict[str, str], width: int, scheme: str
) -> None:
    """Axe finds nothing, the console is silent and nothing scrolls sideways; a picture of each page is kept."""
    SCREENSHOTS.mkdir(exist_ok=True)
    touch, language = width < 1000, "fr-FR" if scheme == "light" else "en-GB"
    page = open_page("/", width=width, scheme=scheme, touch=touch, language=language)
    found = []
    for name, address in addresses.items():
        refused = _go(page, address) >= 400
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
        found += [f"{name}: {fault}" for fault in _faults(page)]
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        found += [f"{name}, unfolded: {fault}" for fault in _faults(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{name}: {wide} pixels wide"] if wide > width else []
        # The browser itself complains once of a page that is refused.
        found += [f"{name}: the console says {each}" for each in complaints[refused:]]
        complaints.clear()
    assert found == []


def test_no_hostile_text_runs_anywhere(open_page: Open, complaints: list[str], addresses: dict[str, str]) -> None:
    """With hostile tickets and notes in the log no page of them runs a script or opens a dialog."""
    page = open_page("/")
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    for address in addresses.values():
        refused = _go(page, address) >= 400
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        del complaints[:refused]
    assert ran == []


def _go(page: Page, address: str) -> int:
    answer = page.goto(str(httpx.URL(page.url).join(address)))
    return answer.status if answer else 0


def _faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']} at {each['nodes'][0]['target']}: {each['nodes'][0]['html'][:150]}" for each in found]


def _name(path: str) -> str:
    return re.sub(r"[{}/]+", "-", path).strip("-") or "try"


_QUERIES: dict[str, Callable[[dict[str, str]], str]] = {
    "/knowledge/article": lambda filled: f"?brand={BRAND}&source={filled['article']}",
    "/knowledge/generations/{number}": lambda _: f"?brand={BRAND}",
    "/knowledge/search": lambda _: f"?brand={BRAND}&q=colis",
    "/prompts/try": lambda _: f"?brand={BRAND}",
}


def _address(path: str, filled: dict[str, str]) -> str:
    query = _QUERIES.get(path)
    return path.format_map(filled) + (query(filled) if query else "")
