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
        "POST /v1/replies/{reply_id}/reveal": {},
        "POST /v1/replies/{reply_id}/reviews": {"verdict": "approve"},
        "PUT /v1/replies/{reply_id}/outcome": {"resolved": True},
        "POST /v1/review/{queue}/next": {},
        "POST /v1/review/samples": {"size": 1},
        "POST /v1/review/picked": {"replies": [desk.replies[brand]]},
        "POST /v1/comparisons": {"brand": brand, "baseline": "production", "candidate": desk.versions[brand]},
        "POST /v1/comparisons/{comparison_id}/next": {},
        "POST /v1/comparisons/{comparison_id}/pairs/{pair_id}": {"choice": "a"},
        "POST /v1/comparisons/{comparison_id}/undo": {},
        "POST /v1/comparisons/{comparison_id}/stop": {},
        "POST /v1/comparisons/{comparison_id}/retry": {},
        "POST /v1/erasures": {"customer": "nobody", "brand": brand},
        "POST /v1/prompts/preview": {"reply": desk.replies[brand], "write": False},
        "POST /v1/prompts/scenarios": {"name": "matrix", "scenario": scenario},
        "PUT /v1/prompts/labels/{label}": {"brand": brand, "version": desk.versions[brand]},
        "POST /v1/prompts/labels/{label}/rollbacks": {"brand": brand},
        "POST /v1/knowledge/ingests": {"brand": brand, "articles": [article], "plan": True},
        "POST /v1/knowledge/rollbacks": {"brand": brand, "generation": 1},
    }


_LISTS = {"/v1/replies", "/v1/replies/export", "/v1/statistics/{statistic}"}
"""Routes that hold nothing of another brand instead of saying that there is none."""
_OWN_QUEUES = {
    "POST /v1/review/{queue}/next",
    "POST /v1/review/samples",
    "POST /review/draw",
    "POST /review/undo",
}
"""Routes that name no brand and work on what the key sees; a test of their own says so."""
_FORMS = {
    "POST /v1/knowledge/uploads": {},
    "POST /": {"message": "hello"},
    "POST /replies/{reply_id}/review": {"do": "approve"},
    "POST /replies/{reply_id}/reveal": {"do": "draft"},
    "POST /review/draw": {"size": "1"},
    "POST /review/pick": {},
    "POST /review/undo": {},
    "POST /review/{queue}/{reply_id}": {"do": "skip"},
    "POST /review/{queue}/{reply_id}/reveal": {"do": "draft"},
    "POST /compare": {"baseline": "production", "candidate": "files"},
    "POST /compare/{comparison_id}/pairs/{pair_id}": {"do": "a"},
    "POST /compare/{comparison_id}/undo": {},
    "POST /compare/{comparison_id}/stop": {},
    "POST /compare/{comparison_id}/retry": {},
    "POST /knowledge/uploads": {},
    "POST /knowledge/ingests/{job_id}": {"do": "discard"},
    "POST /settings/interface": {"keys": "off"},
    "POST /settings/keys": {"name": "matrix", "scope": "reply:read"},
    "POST /settings/keys/revocations": {"prefix": "nobody"},
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
        comparison_id=desk.comparisons[brand],
        pair_id=desk.pairs[brand],
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
        if name == "POST /review/pick":
            sent["reply"] = desk.replies[brand]
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
        names = ("{reply_id}", "{version}", "{label}", "{job_id}", "{number}", "{comparison_id}")
        names_it = any(name in rule.path for name in names)
        by_brand = not rule.is_page and _takes(desk, rule, "brand")
        changes = rule.method == "POST" and rule.path != "/settings/interface"
        if names_it or by_brand or changes:
            lists = rule.method == "GET" and rule.path in _LISTS
            if f"{rule.method} {rule.path}" in _OWN_QUEUES:
                assert answer.status_code < 500, (rule, answer.text)
                continue
            assert answer.status_code == (200 if lists else 404), (rule, answer.text)
            if lists and rule.path != "/v1/replies/export":
                assert not answer.json()["replies"]
            assert rule.path != "/v1/replies/export" or answer.text == ""


def test_lists_hold_the_keys_brands_only(desk: Desk, keys: dict[Scope, str]) -> None:
    """Without a filter, lists and pages show what is of the key's brands, and nothing else."""
    headers = desk.as_(keys[Scope.ADMIN])
    for path in (
        "/v1/replies",
        "/v1/comparisons",
        "/v1/replies/export",
        "/v1/prompts",
        "/v1/prompts/lint",
        "/v1/audit",
        "/",
        "/replies",
        "/prompts",
        "/compare",
        "/knowledge",
    ):
        answer = desk.client.get(path, headers=headers)
        assert answer.status_code == 200, path
        assert MARKERS[THEIRS] not in answer.text, path
        assert THEIRS not in answer.text, path
    assert {each["brand"] for each in desk.client.get("/v1/replies", headers=headers).json()["replies"]} == {OURS}
    exported = desk.client.get("/v1/replies/export", headers=headers).text.splitlines()
    assert {json.loads(line)["brand"] for line in exported} == {OURS}


def test_a_key_for_prompts_alone_sees_figures_and_no_ticket(desk: Desk) -> None:
    """The results of a comparison tell such a key what won, and nothing of a customer's words."""
    comparison = desk.comparisons[OURS]
    for scope, sees in ((Scope.PROMPTS_WRITE, False), (Scope.REPLY_READ, True)):
        headers = desk.as_(desk.key(f"results by {scope}", scope))
        shown = desk.client.get(f"/compare/{comparison}/results", headers=headers)
        assert shown.status_code == 200
        assert (f"/replies/{desk.replies[OURS]}" in shown.text) is sees
        assert ("What does the warranty" in shown.text) is sees


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


def test_a_key_for_one_brand_reviews_that_brand(desk: Desk, keys: dict[Scope, str]) -> None:
    """Draws and queues hold the key's brands only; a reply of another is out of reach, and so is its verdict."""
    everyone = desk.as_(desk.key("reviews everything", Scope.ADMIN))
    ours, theirs = (
        desk.as_(keys[Scope.REVIEW_WRITE]),
        desk.as_(desk.key("reviews theirs", Scope.REVIEW_WRITE, brands=[THEIRS])),
    )
    assert desk.client.post("/v1/review/samples", json={"size": 50}, headers=ours).status_code == 201
    seen = set()
    while (given := desk.client.post("/v1/review/sample/next", json={}, headers=ours)).status_code == 200:
        reply = given.json()["reply"]
        seen.add(desk.client.get(f"/v1/replies/{reply}", headers=everyone).json()["brand"])
        judged = {"verdict": "approve", "queue": "sample"}
        assert desk.client.post(f"/v1/replies/{reply}/reviews", json=judged, headers=ours).status_code == 201
        assert desk.client.post(f"/v1/replies/{reply}/reviews", json=judged, headers=theirs).status_code == 404
    assert given.status_code == 204
    assert seen == {OURS}
    assert desk.client.post("/v1/review/sample/next", json={}, headers=theirs).status_code == 204
    page = desk.client.get(f"/review/sample/{desk.replies[THEIRS]}", headers=ours)
    assert page.status_code == 404


def test_reviews_exports_and_erasures_are_in_the_audit_log(desk: Desk) -> None:
    """Who judged, took back, reported an outcome, drew, exported or erased is told with its brand, without words."""
    headers = desk.as_(desk.key("auditor", Scope.ADMIN, brands=[OURS]))
    reply = desk.replies[OURS]
    said = {"verdict": "reject", "reasons": ["tone"], "note": "Wortwörtlich", "correction": "Viel besser"}
    for method, path, body in (
        ("POST", f"/v1/replies/{reply}/reviews", said),
        ("PUT", f"/v1/replies/{reply}/outcome", {"sent_text": "Ganz anders"}),
        ("POST", "/v1/review/samples", {"size": 1}),
        ("GET", "/v1/replies/export?format=csv&ticket=T-1", None),
        ("POST", "/v1/erasures", {"customer": "nobody", "dry_run": False}),
    ):
        answer = desk.client.request(method, path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
    told = desk.client.get("/v1/audit?limit=5", headers=headers).json()["changes"]
    assert [each["action"] for each in told] == [
        "replies.erased", "replies.exported", "sample.drawn", "outcome.saved", "review.saved",
    ]  # fmt: skip
    assert {(each["who"], each["brand"]) for each in told} == {("auditor", OURS)}
    assert told[-1]["target"] == reply
    assert told[-1]["detail"] == "auditor: reject (tone), corrected, from reply"
    assert not any(word in json.dumps(told) for word in ("Wortwörtlich", "besser", "anders", "T-1", "nobody"))
