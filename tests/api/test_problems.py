from typing import Any

import pytest
from fastapi.testclient import TestClient

WORDS = "THE-WORDS-OF-A-CUSTOMER"


def ticket(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"messages": [{"text": "Bonjour"}], **more}


WRONG: list[tuple[str, Any, int, str]] = [
    (
        "empty message",
        {"brand": "maison-lune", "ticket": {"messages": [{"text": "  \n"}]}},
        422,
        "/ticket/messages/0/text",
    ),
    ("no message", {"brand": "maison-lune", "ticket": {"messages": []}}, 422, "/ticket/messages"),
    (
        "control characters only",
        {"brand": "maison-lune", "ticket": {"messages": [{"text": "\x00\x07"}]}},
        422,
        "/ticket",
    ),
    (
        "long message",
        {"brand": "maison-lune", "ticket": {"messages": [{"text": WORDS * 2000}]}},
        422,
        "/ticket/messages",
    ),
    ("unknown brand", {"brand": WORDS, "ticket": ticket()}, 404, ""),
    ("path as brand", {"brand": "../../etc/passwd", "ticket": ticket()}, 404, ""),
    ("unknown tone", {"brand": "maison-lune", "ticket": ticket(), "tone": WORDS}, 404, ""),
    ("unknown prompt", {"brand": "maison-lune", "ticket": ticket(), "prompt": WORDS}, 404, ""),
    ("language not spoken", {"brand": "maison-lune", "ticket": ticket(), "language": "de"}, 422, "/language"),
    ("unknown field", {"brand": "maison-lune", "ticket": ticket(), "x": WORDS}, 422, "/x"),
    ("unknown variable", {"brand": "maison-lune", "ticket": ticket(), "variables": {"q": WORDS}}, 422, "/variables/q"),
    (
        "ill-typed variable",
        {"brand": "maison-lune", "ticket": ticket(), "variables": {"delivery_date": WORDS}},
        422,
        "/variables/delivery_date",
    ),
    (
        "agents only",
        {"brand": "maison-lune", "ticket": {"messages": [{"from": "agent", "text": WORDS}]}},
        422,
        "/ticket",
    ),
    ("wrong sender", {"brand": "maison-lune", "ticket": {"messages": [{"from": WORDS, "text": "x"}]}}, 422, "/ticket"),
    ("no object", [WORDS], 422, ""),
    ("wrong types", {"brand": 7, "ticket": {"messages": [{"text": 9}]}}, 422, "/brand"),
]


@pytest.mark.parametrize("case", WRONG, ids=[each[0] for each in WRONG])
def test_wrong_requests_get_a_clear_problem_without_their_words(
    client: TestClient, capfd: pytest.CaptureFixture[str], case: tuple[str, object, int, str]
) -> None:
    """Each mistake is named where it stands; what the customer wrote is neither in the answer nor in the log."""
    _, sent, status, pointer = case
    response = client.post("/v1/replies", json=sent)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"].startswith("/problems/")
    assert problem["request_id"] == response.headers["x-request-id"]
    if pointer:
        assert any(each["pointer"].startswith(pointer) for each in problem["errors"])
    log = capfd.readouterr()
    assert WORDS not in response.text + log.out + log.err


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"brand": "a\\ud800"}', b"null", b'"x"', b"[" * 10_000])
def test_what_is_no_json_is_said_to_be_none(client: TestClient, raw: bytes) -> None:
    """Broken, empty, wrongly encoded or endlessly nested JSON is a 4xx with a problem."""
    response = client.post("/v1/replies", content=raw, headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"


def test_a_body_of_more_than_a_megabyte_is_refused(client: TestClient) -> None:
    """A huge request is turned away before it is read."""
    huge = {"brand": "maison-lune", "ticket": {"messages": [{"text": WORDS * 50_000}]}}
    response = client.post("/v1/replies", json=huge)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert WORDS not in response.text


def test_unknown_addresses_and_methods_are_problems_too(client: TestClient) -> None:
    """A wrong path, id, method or query answers in the same form."""
    for response, status in (
        (client.get("/v1/nothing"), 404),
        (client.get("/v1/replies/rep_none"), 404),
        (client.delete("/v1/replies"), 405),
        (client.get("/v1/replies", params={"limit": 0}), 422),
        (client.get("/v1/replies", params={"state": WORDS}), 422),
        (client.get("/v1/knowledge/search", params={"brand": WORDS, "q": "x"}), 404),
        (client.get("/v1/knowledge/search", params={"brand": "larkline"}), 422),
    ):
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert WORDS not in response.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[::1].evil:80"])
def test_a_foreign_host_name_is_not_answered(client: TestClient, host: str) -> None:
    """A web page whose name was made to point at this machine cannot read the log through its visitor's browser."""
    response = client.get("/v1/replies", headers={"Host": host})
    assert response.status_code == 421
    assert response.json()["type"] == "/problems/foreign-host"
    assert client.get("/healthz", headers={"Host": "localhost:8080"}).status_code == 200


def test_the_callers_request_id_comes_back_when_it_is_one(client: TestClient) -> None:
    """An integrator can follow a request by its own id; anything else in the header is replaced."""
    assert client.get("/healthz", headers={"X-Request-Id": "desk-7"}).headers["x-request-id"] == "desk-7"
    assert client.get("/healthz", headers={"X-Request-Id": "a b\tc"}).headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_a_service_without_keys_is_not_open_behind_a_proxy(client: TestClient, header: str) -> None:
    """A proxy on this machine makes loopback of the whole network: the answer says to make a key."""
    response = client.get("/v1/replies", headers={header: "192.0.2.7"})

    assert (response.status_code, response.json()["type"]) == (421, "/problems/foreign-host")
    assert "aplomb keys create" in response.json()["detail"]
