"""The page of access keys, on a service of its own: from the first key on everybody is asked for one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.access.callers import Scope
from service.access.sessions import COOKIE
from service.app import create_app
from service.assembly import Services
from tests.web.harmless import assert_harmless
from tests.web.parts import HOSTILE, one, quick_settings, row_of

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "/settings/keys"
KEY = re.compile(r"apl_[a-z2-7]{8}_[\w-]{43}")


class Visitor:
    """A browser that sends the forms of the pages as the session that it is logged in with."""

    def __init__(self, client: TestClient, services: Services) -> None:
        self.client = client
        self.services = services

    def log_in(self, key: str) -> None:
        self.services.door._fresh_until = 0.0
        self.client.cookies.clear()
        answer = self.send("/login", key=key)
        assert answer.status_code == 303, answer.text

    def send(self, address: str, **fields: Any) -> Any:  # noqa: ANN401 - the client's response
        token = self.services.door.sessions.form_token(self.client.cookies.get(COOKIE) or "")
        data = {"csrf": token, **fields}
        return self.client.post(address, data=data, follow_redirects=False)

    def page(self, address: str = ADDRESS, language: str = "en") -> BeautifulSoup:
        answer = self.client.get(address, headers={"Accept-Language": language})
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "html.parser")

    def make(self, name: str, *scopes: Scope, **fields: Any) -> str:  # noqa: ANN401 - the form's values
        """Make a key on the page, and return the text that it shows."""
        answer = self.send(ADDRESS, name=name, scope=list(scopes), **fields)
        assert answer.status_code == 201, answer.text
        self.services.door._fresh_until = 0.0
        shown = KEY.findall(one(BeautifulSoup(answer.text, "html.parser"), ".secret code").text)
        assert len(shown) == 1
        return str(shown[0])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = quick_settings(tmp_path_factory.mktemp("keys"), ROOT / "prompts")
    headers = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(create_app(settings), base_url="http://127.0.0.1", headers=headers) as client:
        yield client


@pytest.fixture(scope="module")
def admin(empty: TestClient) -> Visitor:
    """Logged in with the first key, which the page made."""
    app = empty.app
    assert isinstance(app, FastAPI)
    visitor = Visitor(empty, app.state.services)
    assert "There is no key yet" in visitor.page().text
    refused = visitor.send(ADDRESS, name="helpdesk", scope=[Scope.REPLY_WRITE])
    assert refused.status_code == 422
    assert "The first key must administer" in refused.text
    visitor.log_in(visitor.make("ana", Scope.ADMIN))
    return visitor


def test_a_key_is_shown_once(admin: Visitor) -> None:
    """The new key opens what it says, stands in the list by its prefix only, and is never shown again."""
    key = admin.make("helpdesk", Scope.REPLY_WRITE, brand=["maison-lune"], days="30")
    page = admin.page()
    row = row_of(page, "b", "helpdesk").text
    assert key[4:12] in row
    assert "maison-lune" in row
    assert "Write replies" in row
    assert not KEY.search(page.decode())
    headers = {"Authorization": f"Bearer {key}"}
    body = {"brand": "larkline", "ticket": {"messages": [{"text": "hello"}]}}
    assert admin.client.post("/v1/replies", json=body, headers=headers).status_code == 404


def test_a_revoked_key_opens_nothing(admin: Visitor) -> None:
    """Revoking from the list ends a key at once; it stays listed among the ended ones, and the audit log has both."""
    key = admin.make("leaver", Scope.REPLY_READ)
    form = one(row_of(admin.page(), "b", "leaver"), "form")
    assert form is not None
    prefix = str(one(form, "[name=prefix]")["value"])
    assert admin.send(str(form["action"]), prefix=prefix).status_code == 303
    admin.services.door._fresh_until = 0.0
    assert admin.client.get("/v1/replies", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert "leaver" in one(admin.page(), "details.ended").text
    assert admin.send(str(form["action"]), prefix=prefix).status_code == 404
    log = one(admin.page("/settings/audit"), "table.audit").text
    assert "Key made" in log
    assert "Key revoked" in log
    assert "ana" in log


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "ana"}, "name"),
        ({"scope": []}, "scopes"),
        ({"scope": ["everything"]}, "scopes"),
        ({"days": "0"}, "days"),
        ({"days": "٣"}, "days"),
        ({"per_minute": "many"}, "per_minute"),
    ],
)
def test_a_form_that_cannot_be_comes_back(admin: Visitor, fields: dict[str, Any], wrong: str) -> None:
    """Each wrong field has its sentence, what was typed is still there, and no key was made."""
    before = len(admin.page().select(".keys tbody tr"))
    answer = admin.send(ADDRESS, **{"name": "fresh", "scope": [Scope.REPLY_READ], "days": "7"} | fields)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one(f"#{wrong}-wrong") is not None
    assert one(page, f"#{wrong}")["aria-invalid"] == "true"
    assert one(page, "#days")["value"] == fields.get("days", "7")
    assert not page.select(".secret")
    assert len(admin.page().select(".keys tbody tr")) == before


def test_a_key_for_one_brand_gives_nothing_beyond_it(admin: Visitor) -> None:
    """Its holder sees, makes and revokes keys of that brand only, and sees that brand's state and entries only."""
    everything = admin.make("whole", Scope.ADMIN)
    whole = everything[4:12]
    local = admin.make("lune", Scope.ADMIN, brand=["maison-lune"])
    try:
        admin.log_in(local)
        for address in (ADDRESS, "/settings", "/settings/audit"):
            told = admin.page(address).text
            assert "whole" not in told
            assert "arkline" not in told
        assert admin.send(ADDRESS, name="more", scope=[Scope.ADMIN]).status_code == 422
        assert admin.send(ADDRESS, name="more", scope=[Scope.ADMIN], brand=["larkline"]).status_code == 404
        assert admin.send(f"{ADDRESS}/revocations", prefix=whole).status_code == 404
        assert admin.make("lune two", Scope.REPLY_READ, brand=["maison-lune"])
        told = admin.page("/settings/audit", "fr").text
        assert "Clé créée" in told
        assert "arkline" not in one(admin.page("/settings/audit?brand=larkline"), "main").text
    finally:
        admin.log_in(everything)


def test_whoever_may_not_administer_sees_neither_keys_nor_log(admin: Visitor) -> None:
    """The pages of keys and log refuse others, who still have brands and interface, without links to what is closed."""
    everything = admin.make("whole again", Scope.ADMIN)
    try:
        admin.log_in(admin.make("reader", Scope.REPLY_READ))
        for address in (ADDRESS, "/settings/audit"):
            assert admin.client.get(address).status_code == 403
        assert admin.send(ADDRESS, name="mine", scope=[Scope.ADMIN]).status_code == 403
        links = {str(each["href"]) for each in admin.page("/settings").select(".tabs a")}
        assert links == {"/settings", "/settings/interface"}
    finally:
        admin.log_in(everything)


def test_the_forms_need_their_token(admin: Visitor) -> None:
    """Without the session's own token no key is made or revoked."""
    for address in (ADDRESS, f"{ADDRESS}/revocations"):
        assert admin.send(address, csrf="x", name="x", prefix="x").status_code == 403


def test_hostile_names_are_text(admin: Visitor) -> None:
    """Names that are markup are shown as they are written, in the list, in the log and above the new key."""
    names = [text for text in HOSTILE if text.isprintable() and len(text) <= 100][-45:]
    for name in names:
        assert admin.make(name, Scope.REPLY_READ)
    for address in (ADDRESS, "/settings/audit"):
        page = admin.page(address)
        assert_harmless(page)
        shown = " ".join(page.text.split())
        assert sum(" ".join(name.split()) in shown for name in names) == len(names)
    refused = BeautifulSoup(admin.send(ADDRESS, name=names[2], days=names[3]).text, "html.parser")
    assert_harmless(refused)
    assert one(refused, "#name")["value"] == names[2]
