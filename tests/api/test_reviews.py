"""Reviews and outcomes over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


@pytest.fixture
def reply(client: TestClient) -> dict[str, Any]:
    asked = {"brand": "maison-lune", "ticket": {"messages": [{"text": "Sous combien de jours suis-je livrée ?"}]}}
    written: dict[str, Any] = client.post("/v1/replies", json=asked).json()
    return written


def test_a_review_is_saved_beside_the_reply(client: TestClient, reply: dict[str, Any]) -> None:
    """The verdict comes back with its reasons in the brand's order, and the reply stays as it was written."""
    said = {
        "reviewer": "Ana", "verdict": "reject", "reasons": ["too_long", "tone"], "note": "Sec.",
        "correction": "Bonjour !", "seconds": 12.5,
    }  # fmt: skip
    made = client.post(f"/v1/replies/{reply['id']}/reviews", json=said)
    assert made.status_code == 201
    assert made.json()["reasons"] == ["tone", "too_long"]
    assert client.get(f"/v1/replies/{reply['id']}").json()["text"] == reply["text"]
    listed = client.get(f"/v1/replies/{reply['id']}/reviews", params={"reviewer": "Ana"}).json()
    assert listed == {"reviews": [made.json()], "hidden": 0}
    assert client.get(f"/v1/replies/{reply['id']}/reviews", params={"reviewer": "Ben"}).json() == {
        "reviews": [],
        "hidden": 1,
    }


def test_a_correction_that_changes_nothing_is_none(client: TestClient, reply: dict[str, Any]) -> None:
    """Sending the reply's own text as its correction counts as no correction."""
    said = {"verdict": "approve", "correction": reply["text"] + "\n"}
    assert client.post(f"/v1/replies/{reply['id']}/reviews", json=said).json()["correction"] == ""


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"verdict": "maybe"}, 422),
        ({"verdict": "reject", "reasons": ["nonsense"]}, 422),
        ({"verdict": "approve", "queue": "low_confidence"}, 409),
        ({"verdict": "approve", "stars": 5}, 422),
    ],
)
def test_a_review_that_cannot_be_is_refused(
    client: TestClient, reply: dict[str, Any], said: dict[str, Any], status: int
) -> None:
    """Unknown verdicts, reasons and keys are refused, and so is a queue that did not hand the reply out."""
    assert client.post(f"/v1/replies/{reply['id']}/reviews", json=said).status_code == status


def test_a_queue_hands_out_a_reply_until_it_is_finished(client: TestClient, reply: dict[str, Any]) -> None:
    """Draw, reserve, judge: each reply once, then nothing."""
    # As many as there can be: the service holds the replies of other tests too.
    drawn = client.post("/v1/review/samples", json={"size": 500}).json()["drawn"]
    assert drawn >= 1
    judged = []
    while (given := client.post("/v1/review/sample/next", json={"reviewer": "Ana"})).status_code == 200:
        said = {"reviewer": "Ana", "verdict": "approve", "queue": "sample"}
        made = client.post(f"/v1/replies/{given.json()['reply']}/reviews", json=said).json()
        assert 0 < made["inclusion_probability"] <= 1
        judged.append(given.json()["reply"])
    assert given.status_code == 204
    assert len(set(judged)) == len(judged) >= drawn
    assert reply["id"] in judged


def test_an_outcome_tells_how_much_was_edited(client: TestClient, reply: dict[str, Any]) -> None:
    """The text that was sent is compared with the reply; a repetition replaces the outcome."""
    address = f"/v1/replies/{reply['id']}/outcome"
    assert client.get(address).status_code == 404
    same = client.put(address, json={"sent_text": reply["text"], "csat": 5}).json()
    assert (same["edited"], same["edit_distance"]) == (False, 0)
    other = client.put(address, json={"sent_text": reply["text"] + " À bientôt.", "reopened": True}).json()
    assert other["edited"]
    assert 0 < other["edit_distance"] < 0.5
    assert client.get(address).json() == other
    assert other["csat"] is None
    assert client.put(address, json={"csat": 6}).status_code == 422
    assert client.put("/v1/replies/rep_none/outcome", json={"csat": 5}).status_code == 404


def test_a_reply_that_was_sent_as_it_was_is_unedited_though_it_names_the_customer(client: TestClient) -> None:
    """The log holds a placeholder for the name; the text that the customer got is what counts."""
    ticket = {
        "messages": [{"text": "Sous combien de jours ouvrés arrive un remboursement par carte ?"}],
        "customer": {"name": "Zelmire Essai"},
    }
    written = client.post("/v1/replies", json={"brand": "maison-lune", "ticket": ticket}).json()
    assert "Zelmire" in written["text"]

    told = client.put(f"/v1/replies/{written['id']}/outcome", json={"sent_text": written["text"]}).json()

    assert (told["edit_distance"], told["edited"]) == (0, False)
    verdict = {"verdict": "approve", "correction": written["text"]}
    assert client.post(f"/v1/replies/{written['id']}/reviews", json=verdict).json()["correction"] == ""


def test_picked_replies_wait_in_their_own_queue(client: TestClient, reply: dict[str, Any]) -> None:
    """Picking puts a reply into `picked` once, hands it out there, and its review says that it is of no sample."""
    picked = client.post("/v1/review/picked", json={"replies": [reply["id"], reply["id"]]})
    assert (picked.status_code, picked.json()) == (201, {"picked": 1, "left": 0})
    again = client.post("/v1/review/picked", json={"replies": [reply["id"]]})
    assert again.json() == {"picked": 0, "left": 1}
    given = client.post("/v1/review/picked/next", json={"reviewer": "Picky"})
    assert given.json()["reply"] == reply["id"]
    said = {"verdict": "approve", "reviewer": "Picky", "queue": "picked"}
    made = client.post(f"/v1/replies/{reply['id']}/reviews", json=said).json()
    assert (made["queue"], made["inclusion_probability"], made["stratum"]) == ("picked", None, None)
    assert client.post("/v1/review/picked/next", json={"reviewer": "Picky"}).status_code == 204


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"replies": []}, 422),
        ({"replies": ["rep_x"] * 201}, 422),
        ({"replies": ["x" * 41]}, 422),
        ({"replies": ["rep_nowhere"]}, 404),
        ({"replies": ["rep_x"], "queue": "sample"}, 422),
    ],
)
def test_what_cannot_be_picked_is_refused(client: TestClient, sent: dict[str, Any], status: int) -> None:
    """None, too many, replies that there are not, and another queue: refused, and nothing is picked."""
    assert client.post("/v1/review/picked", json=sent).status_code == status
