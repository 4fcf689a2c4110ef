"""Whatever customers and articles hold, the pages show it as text."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.app import create_app
from service.assembly import Services
from service.replies.guards.markup import clean
from service.settings import Settings
from tests.web.parts import BRAND, HOSTILE, MESSAGE, PageClient, one

ROOT = Path(__file__).resolve().parents[2]
Read = Callable[..., BeautifulSoup]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_ticket_is_shown_as_text(read: Read, try_ticket: Callable[..., str], text: str) -> None:
    """Subject, message and variable of a ticket stand on the reply's page and in the log as they were typed."""
    page = read(
        try_ticket(
            message=f"{MESSAGE} {text}", name="Ana", subject=text, **{"variable.order_id": text.replace("\t", " ")}
        )
    )
    _is_harmless(page)
    shown = " ".join(page.text.split())
    assert shown.count(" ".join(clean(text).split())) >= 4
    _is_harmless(read("/replies"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_form_comes_back_as_text(client: TestClient, text: str) -> None:
    """A form that is refused comes back with every field as it was typed, and nothing of it becomes markup."""
    fields = dict.fromkeys(("brand", "subject", "name", "tone", "variable.order_id"), text)
    answer = client.post("/", data={**fields, "message": f"{text} {MESSAGE}"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code in {404, 422}
    _is_harmless(page)
    assert one(page, "#subject")["value"] == text.replace("\r\n", "\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_address_is_shown_as_text(client: TestClient, text: str) -> None:
    """Nothing in a page's address becomes markup."""
    for address in ("/", "/replies"):
        query = {"brand": text, "example": text, "language": text, "after": text, "decision": text}
        _is_harmless(BeautifulSoup(client.get(address, params=query).text, "html.parser"))


def test_hostile_articles_are_shown_as_text(
    read: Read, try_ticket: Callable[..., str], services: Services, call: Callable[..., Any]
) -> None:
    """Articles full of markup, ingested as any other, are shown letter for letter as the knowledge base holds them."""
    seen = 0
    for number in range(len(HOSTILE)):
        address = try_ticket(message=f"What is frobnication code {number}?")
        page = read(address)
        _is_harmless(page)
        for found in call(services.reply_log.get, address.rpartition("/")[2]).reply.passages:
            shown = page.find(id=found.passage.id)
            assert shown is not None
            assert one(shown, ".source").text == found.passage.text
            seen += "alert(" in found.passage.text
    assert seen


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_passage_is_shown_as_text(read: Read, log_again: Callable[..., Any], text: str) -> None:
    """Even a passage that is nothing but markup, in title, heading, text and address, is shown as text."""
    original = log_again().reply
    found = original.passages[-1]
    evil = replace(found.passage, id="psg_evil", title=text, heading=text, text=text, article=text, url=text)
    page = read(f"/replies/{log_again(passages=(*original.passages, replace(found, passage=evil))).reply.id}")
    _is_harmless(page)
    shown = page.find(id="psg_evil")
    assert shown is not None
    assert one(shown, ".source").text == text


def test_hostile_notes_are_shown_as_text(client: TestClient, log_again: Callable[..., Any]) -> None:
    """A reviewer's note and correction stand on the reply's page and in its word diff as they were typed."""
    logged = log_again()
    address = f"/replies/{logged.reply.id}"
    for text in HOSTILE:
        fields = {"do": "reject", "reason": "other", "note": text, "correction": f"{logged.reply.text} {text}"}
        assert client.post(f"{address}/review", data=fields, follow_redirects=False).status_code == 303
        page = BeautifulSoup(client.get(address).text, "html.parser")
        _is_harmless(page)
        assert page.text.count(clean(text).strip()) >= 2
    client.cookies.clear()


def test_hostile_names_of_brands_are_shown_as_text(tmp_path: Path) -> None:
    """Brands with hostile names are offered under these names, and harm no page that names brands."""
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", prompts)
    brand = (prompts / "brands" / f"{BRAND}.yaml").read_text("utf-8")
    for number, text in enumerate(HOSTILE):
        named = brand.replace("name: Maison Lune", f"name: {json.dumps(clean(text))}")
        (prompts / "brands" / f"hostile-{number}.yaml").write_text(named, "utf-8")
    settings = Settings(data_dir=tmp_path / "data", prompts_dir=prompts)
    with PageClient(create_app(settings), base_url="http://127.0.0.1") as client:
        for address in ("/", "/replies", "/overview", "/statistics", "/knowledge", "/compare", "/settings", "/prompts"):
            page = BeautifulSoup(client.get(address).text, "html.parser")
            _is_harmless(page)
            shown = " ".join(page.text.split())
            assert address != "/" or all(" ".join(clean(text).split()) in shown for text in HOSTILE)


def test_a_foreign_host_name_is_not_repeated(client: TestClient) -> None:
    """The command to copy never carries a host name that could run something in a terminal."""
    answer = client.get("/replies?after=0", headers={"Host": "a$(reboot)"})
    assert "reboot" not in answer.text


def test_an_unknown_brand_id_of_the_log_is_shown_as_text(read: Read, log_again: Callable[..., Any]) -> None:
    """Replies of a brand whose file is gone are still shown, under its id."""
    logged = log_again(brand="<b>gone</b>")
    page = read(f"/replies/{logged.reply.id}")
    _is_harmless(page)
    assert "<b>gone</b>" in page.text
    assert BRAND not in one(page, ".byline").text


def _is_harmless(page: BeautifulSoup) -> None:
    """Nothing but our own markup: our scripts, our style sheets, no handler, no foreign target."""
    scripts = {str(script["src"]).partition("?")[0] for script in page.select("script")}
    assert scripts - {"/static/review.js", "/static/compare.js", "/static/replies.js"} == {
        "/static/app.js",
        "/static/keys.js",
    }
    assert not page.select("style, iframe, base, meta[http-equiv], svg:not([role=img]), object, embed")
    assert all(str(image["src"]).startswith("/static/") for image in page.select("img"))
    for element in page.select("*"):
        assert not [name for name in element.attrs if name.lower().startswith("on") or name == "style"]
        for name in ("href", "action", "src", "formaction"):
            target = str(element.get(name, "/"))
            assert target.startswith(("/", "#", "https://maison-lune.example/"))
            assert not target.startswith("//")
