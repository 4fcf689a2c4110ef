"""Every route × scope × brand, generated from the application's own routes."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response

from service.access.callers import Scope
from service.access.sessions import COOKIE
from service.api.rules import NEEDS, Rule, Rules
from tests.access.conftest import MARKERS, OURS, QUESTION, THEIRS, Desk

OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/version"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/logout"),
}


def _rules(desk: Desk) -> tuple[Rule, ...]:
    app = desk.client.app
    assert isinstance(app, FastAPI)
    return Rules.of(app).all


def _ticket(brand: str) -> dict[str, Any]:
    return {"messages": [{"from": "customer", "text": QUESTION.format(marker=MARKERS[brand])}]}


def _bodies(desk: Desk, brand: str) -> dict[str, dict[str, Any]]:
    """By route: what asks for the brand's things; a route that takes a body and is not here fails the test."""
    article = {"source": "warranty.md", "title": "Warranty", "text": "Two years."}
    scenario = {"brand": brand, "ticket": _ticket(brand)}
    return {
        "POST /v1/replies": {"brand": brand, "ticket": _ticket(brand)},
        "POST /v1/replies/{reply_id}/reproduce": {},
        "POST /v1/replies/{reply_id}/reviews": {"verdict": "approve"},
        "PUT /v1/replies/{reply_id}/outcome": {"resolved": True},
        "POST /v1/review/{queue}/next": {},
        "POST /v1/review/samples": {"size": 1},
        "POST /v1/prompts/preview": {"reply": desk.replies[brand], "write": False},
        "POST /v1/prompts/scenarios": {"name": "matrix", "scenario": scenario},
        "PUT /v1/prompts/labels/{label}": {"brand": brand, "version": desk.versions[brand]},
        "POST /v1/prompts/labels/{label}/rollbacks": {"brand": brand},
        "POST /v1/knowledge/ingests": {"brand": brand, "articles": [article], "plan": True},
        "POST /v1/knowledge/rollbacks": {"brand": brand, "generation": 1},
    }


_LISTS = {"/v1/replies", "/v1/replies/export", "/v1/statistics/{statistic}"}
"""Routes that hold nothing of another brand instead of saying that there is none."""
_FORMS = {
    "POST /v1/knowledge/uploads": {},
    "POST /": {"message": "hello"},
    "POST /replies/{reply_id}/review": {"do": "approve"},
    "POST /review/draw": {"size": "1"},
    "POST /review/undo": {},
    "POST /review/{queue}/{reply_id}": {"do": "skip"},
    "POST /knowledge/uploads": {},
    "POST /knowledge/ingests/{job_id}": {"do": "discard"},
    "POST /knowledge/rollbacks": {"generation": "1"},
    "POST /prompts/labels": {"label": "candidate"},
    "POST /prompts/try": {"do": "messages", "message": "hello"},
    "POST /prompts/scenarios": {"name_of_scenario": "matrix-page", "message": "hello"},
}


def _ask(desk: Desk, rule: Rule, brand: str, headers: dict[str, str]) -> Response:
    """Ask a route for the brand's things in every way that it can be told."""
    name = f"{rule.method} {rule.path}"
    path = rule.path.format(
        reply_id=desk.replies[brand],
        version=desk.versions[brand],
        label="candidate",
        queue="sample",
        statistic="approval",
        number=1,
        job_id=desk.jobs[brand],
    )
    query = {"brand": brand, "q": MARKERS[brand], "source": "warranty.md", "with": desk.versions[brand]}
    wanted = {key: value for key, value in query.items() if _takes(desk, rule, key)}
    if rule.path.startswith("/v1/statistics"):
        wanted = {"brand": brand}
    if rule.path == "/prompts/try" and rule.method == "GET":
        wanted = {"reply": desk.replies[brand]}
    if name in _FORMS:
        cookie = headers.get("Cookie", "").removeprefix(f"{COOKIE}=")
        sent = {"brand": brand, "csrf": desk.services.door.sessions.form_token(cookie), **_FORMS[name]}
        files = [("files", ("note.md", b"# Note"))] if name.endswith("uploads") else None
        headers = {**headers, "Sec-Fetch-Site": "same-origin"}
        return desk.client.request(rule.method, path, data=sent, files=files, headers=headers, follow_redirects=False)
    body = _bodies(desk, brand).get(name)
    assert rule.method in {"GET", "DELETE"} or body is not None, f"say in _bodies what {name} is asked with"
    return desk.client.request(rule.method, path, params=wanted, json=body, headers=headers, follow_redirects=False)


def _takes(desk: Desk, rule: Rule, parameter: str) -> bool:
    if rule.is_page:
        return parameter == "brand"
    app = desk.client.app
    assert isinstance(app, FastAPI)
    operation = app.openapi()["paths"].get(rule.path, {}).get(rule.method.lower(), {})
    return parameter in {each["name"] for each in operation.get("parameters", ())}


@pytest.fixture(scope="module")
def keys(desk: Desk) -> dict[Scope, str]:
    """A key of each scope, for one brand."""
    return {scope: desk.key(f"only {scope}", scope, brands=[OURS]) for scope in Scope}


def test_without_a_key_nothing_but_the_open_routes_answers(desk: Desk, keys: dict[Scope, str]) -> None:
    """Once there is a key, everything but health, version, styles and log-in asks for one, whatever it is asked."""
    assert keys
    for rule in _rules(desk):
        for headers in ({}, {"Authorization": "Bearer apl_aaaaaaaa_" + "x" * 43}, {"Cookie": f"{COOKIE}=a.b.c.d"}):
            answer = desk.client.request(rule.method, rule.path, headers=headers, follow_redirects=False)
            if (rule.method, rule.path) in OPEN:
                assert answer.status_code not in {401, 500}, rule
            elif rule.is_page and rule.method == "GET":
                assert answer.headers["location"].startswith("/login?next="), rule
            else:
                assert answer.status_code == 401, rule
                assert answer.headers["www-authenticate"] == "Bearer"
    assert desk.client.get("/nothing/here").status_code == 401
    assert desk.client.get("/static/app.css").status_code == 200


def test_a_scope_opens_its_routes_only(desk: Desk, keys: dict[Scope, str]) -> None:
    """Each key is let through where its scope is declared, and refused with 403 everywhere else."""
    for rule in _rules(desk):
        for scope, key in keys.items():
            if rule.needs is None:
                continue
            answer = _ask(desk, rule, OURS, desk.as_(key))
            allowed = not rule.needs or scope in rule.needs or scope is Scope.ADMIN
            # A logged reply's ticket is tried: that takes the right to read replies too.
            reads_reply = rule.path == "/v1/prompts/preview" or (rule.method, rule.path) == ("GET", "/prompts/try")
            allowed = allowed and not (reads_reply and scope is Scope.PROMPTS_WRITE)
            # The queues hold replies of every brand, and these keys are for one.
            allowed = allowed and not rule.is_of_every_brand
            assert (answer.status_code == 403) is not allowed, (rule, scope, answer.text)


def test_no_route_shows_anything_of_another_brand(desk: Desk, keys: dict[Scope, str]) -> None:
    """With an admin key of one brand, another brand's ids and names answer 404, and its marker is nowhere."""
    headers = desk.as_(keys[Scope.ADMIN])
    foreign = MARKERS[THEIRS]
    for rule in _rules(desk):
        if rule.needs is None:
            continue
        answer = _ask(desk, rule, THEIRS, headers)
        told = answer.text.replace(foreign, "", 1) if rule.path == "/v1/knowledge/search" else answer.text
        assert foreign not in told, rule
        assert answer.status_code < 500, (rule, answer.text)
        names_it = any(name in rule.path for name in ("{reply_id}", "{version}", "{label}", "{job_id}", "{number}"))
        by_brand = not rule.is_page and _takes(desk, rule, "brand")
        if names_it or by_brand or rule.method == "POST":
            lists = rule.method == "GET" and rule.path in _LISTS
            missing = 403 if rule.is_of_every_brand else 404
            assert answer.status_code == (200 if lists else missing), (rule, answer.text)
            if lists and rule.path != "/v1/replies/export":
                assert not answer.json()["replies"]
            assert rule.path != "/v1/replies/export" or answer.text == ""


def test_lists_hold_the_keys_brands_only(desk: Desk, keys: dict[Scope, str]) -> None:
    """Without a filter, lists and pages show what is of the key's brands, and nothing else."""
    headers = desk.as_(keys[Scope.ADMIN])
    for path in (
        "/v1/replies",
        "/v1/replies/export",
        "/v1/prompts",
        "/v1/prompts/lint",
        "/v1/audit",
        "/",
        "/replies",
        "/prompts",
        "/knowledge",
    ):
        answer = desk.client.get(path, headers=headers)
        assert answer.status_code == 200, path
        assert MARKERS[THEIRS] not in answer.text, path
        assert THEIRS not in answer.text, path
    assert {each["brand"] for each in desk.client.get("/v1/replies", headers=headers).json()["replies"]} == {OURS}
    exported = desk.client.get("/v1/replies/export", headers=headers).text.splitlines()
    assert {json.loads(line)["brand"] for line in exported} == {OURS}


def test_a_replayed_idempotency_key_of_another_brand_is_not_told(desk: Desk, keys: dict[Scope, str]) -> None:
    """Who knows another brand's idempotency key and body gets 404, and does not spoil the key either."""
    body = {"brand": THEIRS, "ticket": _ticket(THEIRS)}
    everything = desk.as_(desk.key("all brands", Scope.ADMIN))
    once = {"Idempotency-Key": "order-1"}
    first = desk.client.post("/v1/replies", json=body, headers=everything | once)
    assert first.status_code == 201
    refused = desk.client.post("/v1/replies", json=body, headers=desk.as_(keys[Scope.REPLY_WRITE]) | once)
    assert refused.status_code == 404
    again = desk.client.post("/v1/replies", json=body, headers=everything | once)
    assert again.headers["idempotent-replayed"] == "true"


def test_every_route_declares_its_scope(desk: Desk) -> None:
    """Routes and rules name each other one by one."""
    assert {f"{rule.method} {rule.path}" for rule in _rules(desk)} == set(NEEDS)


def test_no_request_names_the_address_of_a_provider(desk: Desk) -> None:
    """Where chat models are asked stands in the settings only: a request that says so is refused."""
    headers = desk.as_(desk.key("redirector", Scope.ADMIN))
    for extra in ({"base_url": "http://127.0.0.1:9"}, {"openai_base_url": "http://127.0.0.1:9"}, {"api_key": "x"}):
        for path, body in (
            ("/v1/replies", {"brand": OURS, "ticket": _ticket(OURS)}),
            ("/v1/prompts/preview", {"brand": OURS, "ticket": _ticket(OURS), "write": False}),
        ):
            assert desk.client.post(path, json=body, headers=headers).status_code < 300
            assert desk.client.post(path, json=body | extra, headers=headers).status_code == 422
