"""The pages of brands, interface and audit log."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.access.callers import Caller
from service.app import create_app
from service.assembly import Services
from tests.web.harmless import assert_harmless
from tests.web.parts import HOSTILE, one, quick_settings

Read = Callable[..., BeautifulSoup]
ROOT = Path(__file__).resolve().parents[3]


def test_every_brand_says_what_holds_for_it(read: Read) -> None:
    """Files, version, languages, policies, budget and retention of each brand stand there, in both languages."""
    for language, words in (("en", ("ready", "a person reads every reply first", "without end")),
                            ("fr", ("prête", "une personne relit chaque réponse", "sans limite"))):  # fmt: skip
        page = read("/settings", language)
        states = page.select(".brand-state")
        assert [one(state, "h2").text for state in states] == ["Larkline", "Maison Lune"]
        for state in states:
            told = " ".join(state.text.split())
            assert all(word in told for word in words)
            assert "reply.md" in told
        assert "answers/maison-lune.yaml" in states[1].text


def test_a_broken_file_is_named_with_the_version_that_answers(tmp_path: Path) -> None:
    """While a file is broken the page says which, why, and which good version answers; a brand without one cannot."""
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", prompts)
    file = prompts / "brands" / "maison-lune.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(f"{good}\nbudget_usd_per_day: 4\nretention_days: 30\n", encoding="utf-8")
    hostile = "name: <script>alert(1)</script>\n"
    (prompts / "brands" / "aaa.yaml").write_text(hostile, encoding="utf-8")
    settings = quick_settings(tmp_path / "data", prompts)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        before = BeautifulSoup(client.get("/settings").text, "html.parser")
        assert "cannot answer" in before.select(".brand-state")[0].text
        lune = before.select(".brand-state")[2].text
        assert "4.00" in lune
        assert "30 days" in lune
        file.write_text(good.replace("languages:", "languagez:"), encoding="utf-8")
        page = BeautifulSoup(client.get("/settings").text, "html.parser")
    state = page.select(".brand-state")[2]
    assert state.select_one(".standing.last-good") is not None
    assert "brands/maison-lune.yaml" in one(state, ".alert").text
    assert one(state, "h2").text == "Maison Lune"
    assert_harmless(page)


def test_a_hostile_brand_is_text(tmp_path: Path) -> None:
    """A brand whose name and settings are markup is shown as it is written, here and on the pages of knowledge."""
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", prompts)
    file = prompts / "brands" / "larkline.yaml"
    evil = "<img src=x onerror=alert(1)>\"'>"
    text = file.read_text(encoding="utf-8").replace("name: Larkline", f"name: {evil!r}".replace("\\'", "''"), 1)
    assert "onerror" in text
    file.write_text(text, encoding="utf-8")
    settings = quick_settings(tmp_path / "data", prompts)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        for address in ("/settings", "/settings/keys", "/settings/audit", "/knowledge", "/knowledge/add"):
            page = BeautifulSoup(client.get(address).text, "html.parser")
            assert_harmless(page)
            assert "onerror" in page.text or address == "/settings/audit"


def test_the_interface_is_set_for_this_browser(client: TestClient, read: Read) -> None:
    """Language and letters are kept in cookies, one of which the script can read; off again when it is not ticked."""
    client.cookies.clear()
    saved = client.post("/settings/interface", data={"language": "fr", "keys": "off"}, follow_redirects=False)
    assert saved.headers["location"] == "/settings/interface?saved=yes"
    cookies = saved.headers.get_list("set-cookie")
    letters = next(each for each in cookies if each.startswith("aplomb_keys=off"))
    assert "httponly" not in letters.lower()
    page = BeautifulSoup(client.get("/settings/interface?saved=yes").text, "html.parser")
    assert one(page, "html")["lang"] == "fr"
    assert one(page, "#no-letters").has_attr("checked")
    assert page.select_one("[role=status]") is not None
    client.post("/settings/interface", data={"language": "xx"}, follow_redirects=False)
    after = BeautifulSoup(client.get("/settings/interface").text, "html.parser")
    assert not one(after, "#no-letters").has_attr("checked")
    client.cookies.clear()
    assert one(read("/settings/interface"), "#language-en").has_attr("checked")


def test_the_log_is_paged_and_filtered(services: Services, call: Callable[..., Any], read: Read) -> None:
    """Fifty entries a page, older ones by a link that keeps the filters; each filter leaves what it says."""
    who = Caller(name="auditor <b>", scopes=frozenset())
    for number in range(60):
        call(lambda number=number: services.audit.note("label.moved", f"t{number}", who=who, brand="larkline"))
    call(lambda: services.audit.note("key.revoked", "someone", who=who))
    page = read("/settings/audit?action=label.moved&who=auditor+<b>&brand=larkline")
    assert_harmless(page)
    rows = page.select(".audit tbody tr")
    assert len(rows) == 50
    assert "Label moved" in rows[0].text
    assert "t59" in rows[0].text
    older = read(str(one(page, 'a[rel="next"]')["href"]))
    assert len(older.select(".audit tbody tr")) == 10
    assert one(older, "#by-who")["value"] == "auditor <b>"
    assert "No entry matches" in read("/settings/audit?action=nothing").text


def test_the_api_filters_the_log_as_the_page_does(
    client: TestClient, services: Services, call: Callable[..., Any]
) -> None:
    """`GET /v1/audit` takes the same filters."""
    call(lambda: services.audit.note("scenario.saved", "x.yaml", who=Caller(name="cleo", scopes=frozenset())))
    found = client.get("/v1/audit", params={"who": "cleo", "action": "scenario.saved"}).json()["changes"]
    assert [each["target"] for each in found] == ["x.yaml"]
    assert client.get("/v1/audit", params={"who": "cleo", "action": "label.moved"}).json()["changes"] == []


@pytest.mark.parametrize("text", HOSTILE[::3])
def test_hostile_entries_and_addresses_are_text(
    services: Services, call: Callable[..., Any], read: Read, text: str
) -> None:
    """Targets, details, names and filters that are markup are shown as they are written."""
    kept = text.replace("\x00", "")
    who = Caller(name=kept, scopes=frozenset())
    call(lambda: services.audit.note("x" + kept[:30], kept, who=who, brand=kept, detail=kept))
    page = read("/settings/audit")
    assert_harmless(page)
    assert " ".join(kept.split()) in " ".join(page.text.split())
