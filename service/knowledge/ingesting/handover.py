"""
Hands an ingest over to the service that owns the data directory, over loopback.

The service answers `POST /v1/knowledge/ingests` with server-sent events: `progress` (a Progress) while it works, then
`finished` (an IngestReport, or the plan when only that was asked for), or `error` (a problem document).
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import httpx

from service.domain import Article
from service.errors import IngestBusyError, KnowledgeError
from service.knowledge.ingesting.progress import OnProgress, Progress
from service.knowledge.reading import Refusal
from service.knowledge.storing.lock import Owner

_PATH = "/v1/knowledge/ingests"
_TIMEOUT = httpx.Timeout(10.0, read=300.0)
"""Between two events; a batch of texts at a slow embedding service is the longest wait."""


def order(
    read: Iterable[Article | Refusal], brand: str, *, delete_missing: bool = False, plan: bool = False
) -> dict[str, Any]:
    """Return the request's body: what was read, for whom, and what is wanted."""
    articles, refused = [], []
    for item in read:
        if isinstance(item, Refusal):
            refused.append(asdict(item))
        else:
            articles.append({key: value for key, value in _plain(item).items() if key != "brand"})
    return {
        "brand": brand,
        "articles": articles,
        "refused": refused,
        "delete_missing": delete_missing,
        "plan": plan,
    }


async def hand_over(owner: Owner, body: Mapping[str, Any], on_progress: OnProgress | None = None) -> dict[str, Any]:
    """
    Let *owner* do it and return what it tells at the end: a report's or a plan's JSON.

    Raises:
        IngestBusyError: The owner cannot take work now.
        KnowledgeError: It refused, failed, or went away; what it had done by then can be seen in the generations.
    """
    if owner.address is None:
        raise IngestBusyError(f"process {owner.pid} is using the data directory; try again when it has ended")
    headers = {"Authorization": f"Bearer {owner.token}", "Accept": "text/event-stream"}
    try:
        # Without the environment's proxies: this never leaves the machine.
        async with (
            httpx.AsyncClient(base_url=owner.address, timeout=_TIMEOUT, trust_env=False) as client,
            client.stream("POST", _PATH, json=body, headers=headers) as response,
        ):
            if response.status_code != httpx.codes.OK:
                await response.aread()
                raise _problem(response.text, response.status_code)
            return await _outcome(response, on_progress)
    except httpx.HTTPError as exc:
        raise KnowledgeError(f"the service at {owner.address} did not finish the ingest") from exc


async def _outcome(response: httpx.Response, on_progress: OnProgress | None) -> dict[str, Any]:
    async for event, data in _events(response):
        if event == "finished":
            finished: dict[str, Any] = json.loads(data)
            return finished
        if event == "error":
            raise _problem(data, 0)
        if event == "progress" and on_progress:
            on_progress(Progress(**json.loads(data)))
    raise KnowledgeError("the service ended before the ingest did")


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, str]]:
    event, data = "message", ""
    async for line in response.aiter_lines():
        name, _, value = line.partition(":")
        if name == "event":
            event = value.strip()
        elif name == "data":
            data += value.strip()
        elif not line and data:
            yield event, data
            event, data = "message", ""


def _problem(text: str, status: int) -> KnowledgeError:
    try:
        told = json.loads(text)
        status, detail = told.get("status", status), told.get("detail") or told.get("title")
    except (ValueError, AttributeError):
        detail = None
    detail = detail or f"the service answered {status}"
    return IngestBusyError(detail) if status == IngestBusyError.status else KnowledgeError(detail)


def _plain(article: Article) -> dict[str, Any]:
    """Return *article* with JSON values; dates as ISO 8601."""
    values = asdict(article)
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()}
