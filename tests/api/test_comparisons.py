"""Comparisons over HTTP."""

import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

_WRITTEN_S = 60.0


@pytest.fixture(scope="module")
def replies(client: TestClient) -> list[str]:
    return [_write(client) for _ in range(3)]


@pytest.fixture
def comparison(client: TestClient, replies: list[str]) -> str:
    return _begin(client, replies)


@pytest.fixture(scope="module")
def untouched(client: TestClient, replies: list[str]) -> str:
    """A comparison of which nothing is judged, by any test."""
    return _begin(client, replies)


def _begin(client: TestClient, replies: list[str]) -> str:
    """Begin a comparison of two tones, and wait until the running service has written its pairs."""
    version = client.get(f"/v1/replies/{_write(client, tone='friendly')}").json()["prompt"]["version"]
    order = {"brand": "maison-lune", "baseline": "production", "candidate": version, "tickets": "named"}
    begun = client.post("/v1/comparisons", json={**order, "replies": replies, "baseline_chat_model": None})
    assert begun.status_code == 201, begun.text
    limit = time.monotonic() + _WRITTEN_S
    while client.get(f"/v1/comparisons/{begun.json()['id']}").json()["progress"]["waiting"]:
        assert time.monotonic() < limit, "the pairs were not written"
        time.sleep(0.05)
    return str(begun.json()["id"])


def test_a_pair_is_given_out_blind_and_judged(client: TestClient, comparison: str) -> None:
    """The pair has two texts and the ticket, no version, model or logged reply's id; the choice counts at once."""
    address = f"/v1/comparisons/{comparison}"
    answer = client.post(f"{address}/next", json={"reviewer": "Ana"})
    pair = answer.json()
    whole = client.get(address).json()
    for hidden in (whole["baseline"]["version"], whole["candidate"]["version"], "extractive", "rep_", "production"):
        assert hidden not in answer.text
    assert pair["a"]["text"] != pair["b"]["text"]
    assert "".join(each["before"] + each["text"] for each in pair["a"]["sentences"]) == pair["a"]["text"]
    assert [each["from"] for each in pair["messages"]] == ["customer"]
    assert "tone" in pair["reasons"]

    said = {"reviewer": "Ana", "choice": "both_bad", "reasons": ["too_long", "tone"], "seconds": 9}
    assert client.post(f"{address}/pairs/{pair['id']}", json=said).status_code == 201
    told = client.get(f"{address}/results").json()
    assert (told["both_bad"], told["ties"], told["decided"], told["p_value"]) == (1, 1, 0, None)
    assert told["pairs"][0]["reasons"] == ["tone", "too_long"]
    assert told["evidence"] == pytest.approx(1.0)

    undone = client.post(f"{address}/undo", json={"reviewer": "Ana"})
    assert undone.json() == {"pair": pair["id"]}
    assert client.get(f"{address}/results").json()["pairs"] == []


def test_a_whole_comparison_ends_in_its_numbers(client: TestClient, comparison: str) -> None:
    """Three choices, and the exact test stands beside evidence and win rate; then there is nothing left to read."""
    address = f"/v1/comparisons/{comparison}"
    for _ in range(3):
        pair = client.post(f"{address}/next", json={}).json()
        assert client.post(f"{address}/pairs/{pair['id']}", json={"choice": "a"}).status_code == 201
    told = client.get(f"{address}/results").json()
    assert told["wins"] + told["losses"] == told["decided"] == 3
    assert told["p_value"] == pytest.approx({0: 0.25, 1: 1.0, 2: 1.0, 3: 0.25}[told["wins"]])
    assert told["low"] < told["win_rate"] + 1e-9
    assert told["stop_rule"] == 20
    assert client.post(f"{address}/next", json={}).status_code == 204
    assert comparison in {each["id"] for each in client.get("/v1/comparisons").json()["comparisons"]}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"choice": "c"}, 422),
        ({"choice": "a", "reasons": ["nonsense"]}, 422),
        ({"choice": "a", "reviewer": "somebody else"}, 409),
        ({"choice": "a", "version": "x"}, 422),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    client: TestClient, untouched: str, said: dict[str, Any], status: int
) -> None:
    """Another word, a foreign reason, other hands: a problem, and nothing is saved."""
    address = f"/v1/comparisons/{untouched}"
    pair = client.post(f"{address}/next", json={"reviewer": "Ana"}).json()
    refused = client.post(f"{address}/pairs/{pair['id']}", json=said)
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.get(f"{address}/results").json()["pairs"] == []


def test_a_stopped_comparison_gives_nothing_out(client: TestClient, comparison: str) -> None:
    """After a stop there is no next pair, and what fails can no longer be tried again."""
    stopped = client.post(f"/v1/comparisons/{comparison}/stop", json={}).json()
    assert stopped["stopped_at"]
    assert stopped["progress"]["open"] == 0
    assert client.post(f"/v1/comparisons/{comparison}/next", json={}).status_code == 204
    assert client.get("/v1/comparisons/cmp_none").status_code == 404
    assert client.get("/v1/comparisons?brand=nobody").status_code == 404


@pytest.mark.parametrize("size", [0, 201, "many"])
def test_an_order_is_bounded(client: TestClient, size: object) -> None:
    """Nobody orders none, or more pairs than people read."""
    order = {"brand": "maison-lune", "baseline": "production", "candidate": "files", "size": size}
    assert client.post("/v1/comparisons", json=order).status_code == 422


def _write(client: TestClient, **values: str) -> str:
    asked = {"brand": "maison-lune", "ticket": {"messages": [{"text": "Quels sont les frais de livraison ?"}]}}
    written = client.post("/v1/replies", json={**asked, **values})
    assert written.status_code == 201
    return str(written.json()["id"])
