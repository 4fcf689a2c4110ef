"""Picking replies in the log by keyboard, in a real browser."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_x_selects_the_reply_in_hand(open_page: Open, site: str) -> None:
    """`x` selects the row that the keys are at and takes it back; the button waits for a selection, and sends it."""
    for text in ("Livrez-vous en Belgique ?", "Comment annuler ma commande ?"):
        asked = {"brand": "maison-lune", "ticket": {"messages": [{"text": text}]}}
        httpx.post(f"{site}/v1/replies", json=asked, timeout=60).raise_for_status()
    page = open_page("/replies")
    button = page.locator("#picking button")
    expect(button).to_be_disabled()
    for key in ("j", "x", "j", "x", "x"):
        page.keyboard.press(key)
    expect(page.locator("[name=reply]:checked")).to_have_count(1)
    expect(page.locator("[name=reply]").first).to_be_checked()
    button.click()
    expect(page.locator(".told")).to_contain_text("picked replies: 1")
    expect(page.locator(".bar .waits")).to_be_visible()
