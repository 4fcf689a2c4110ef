"""A service with something on every page: replies, verdicts, outcomes, a comparison and an upload."""

import time
from typing import Any

import httpx
from bs4 import BeautifulSoup

from tests.web.parts import ARTICLES, BRAND, HOSTILE

_ASKED = (
    "Sous combien de jours les colis sont-ils livrés ?",
    "Comment retourner un article ?",
    "Je vais porter plainte, passez-moi un humain !",
    "Puis-je payer en plusieurs fois ?",
    *(f"Comment retourner un article ? {text}" for text in HOSTILE[:4]),
)
_WRITTEN_S = 60.0


def fill(client: httpx.Client) -> dict[str, str]:
    """Fill the service, and return what the addresses of single pages are made of."""
    replies = [_write(client, asked) for asked in _ASKED]
    client.post("/v1/review/samples", json={"size": 100}).raise_for_status()
    for number, reply in enumerate(replies[:3]):
        _judge(client, reply, approve=number > 0)
    comparison = _compare(client, [reply["id"] for reply in replies])
    return {
        "reply_id": replies[0]["id"],
        "version": replies[0]["prompt"]["version"],
        "article": replies[0]["passages"][0]["article"],
        "queue": "sample",
        "number": "1",
        "job_id": _upload(client),
        "comparison_id": comparison,
        "pair_id": str(_form(client, f"/compare/{comparison}", "form[action*=pairs]", "action")).rpartition("/")[2],
    }


def _write(client: httpx.Client, asked: str, **values: str) -> dict[str, Any]:
    sent = {"brand": BRAND, "ticket": {"messages": [{"text": asked}]}, **values}
    reply: dict[str, Any] = client.post("/v1/replies", json=sent).raise_for_status().json()
    return reply


def _judge(client: httpx.Client, reply: dict[str, Any], *, approve: bool) -> None:
    verdict = {"verdict": "approve"} if approve else {"verdict": "reject", "reasons": ["tone"], "note": HOSTILE[0]}
    client.post(f"/v1/replies/{reply['id']}/reviews", json={**verdict, "reviewer": "ana"}).raise_for_status()
    outcome = {"sent_text": f"{reply['text']} Merci.", "csat": 4}
    client.put(f"/v1/replies/{reply['id']}/outcome", json=outcome).raise_for_status()


def _compare(client: httpx.Client, replies: list[str]) -> str:
    other = _write(client, _ASKED[0], tone="friendly")["prompt"]["version"]
    order = {"brand": BRAND, "baseline": "production", "candidate": other, "tickets": "named", "replies": replies}
    begun = str(client.post("/v1/comparisons", json=order).raise_for_status().json()["id"])
    limit = time.monotonic() + _WRITTEN_S
    while client.get(f"/v1/comparisons/{begun}").json()["progress"]["waiting"]:
        assert time.monotonic() < limit, "the pairs were not written"
        time.sleep(0.1)
    return begun


def _upload(client: httpx.Client) -> str:
    token = _form(client, "/knowledge/add", "[name=csrf]", "value")
    upload = client.post(
        "/knowledge/uploads",
        data={"brand": BRAND, "csrf": token},
        files={"files": ("hostile.csv", ARTICLES["hostile.csv"].encode(), "text/csv")},
        headers={"Origin": str(client.base_url).rstrip("/")},
    )
    return upload.headers["location"].rpartition("/")[2]


def _form(client: httpx.Client, page: str, field: str, attribute: str) -> str:
    found = BeautifulSoup(client.get(page).raise_for_status().text, "html.parser").select_one(field)
    assert found is not None, f"{page} has no {field}"
    return str(found[attribute])
