"""Asks a running service for replies from a process of its own, and prints as JSON what a client sees."""

import asyncio
import json
import sys
import time
from collections import defaultdict
from typing import Any

import httpx

from scripts.speed import zipf_text

_WARM = 5


async def drive(url: str, count: int, clients: int, *, sse: bool) -> dict[str, Any]:
    """Return milliseconds for each reply, monotonic seconds of each first sentence, and the service's own stages."""
    seen: dict[str, Any] = {"ms": [], "firsts": [], "failed": 0, "stages": defaultdict(list)}
    numbers = iter(range(count))
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        for number in range(_WARM):
            await _ask(client, -1 - number, {"ms": [], "firsts": [], "failed": 0, "stages": defaultdict(list)}, sse=sse)
        began = time.monotonic()
        await asyncio.gather(*(_client(client, numbers, seen, sse=sse) for _ in range(clients)))
        seen["took_s"] = time.monotonic() - began
    return seen


async def _client(client: httpx.AsyncClient, numbers: Any, seen: dict[str, Any], *, sse: bool) -> None:  # noqa: ANN401 - one iterator for all
    for number in numbers:
        await _ask(client, number, seen, sse=sse)


async def _ask(client: httpx.AsyncClient, number: int, seen: dict[str, Any], *, sse: bool) -> None:
    body = {"brand": "synthetic", "language": "en", "ticket": {"messages": [{"text": zipf_text(10, 10**7 + number)}]}}
    headers = {"Accept": "text/event-stream"} if sse else {}
    began, first = time.monotonic(), 0.0
    async with client.stream("POST", "/v1/replies", json=body, headers=headers) as response:
        text = ""
        async for part in response.aiter_text():
            text += part
            if not first and "event: sentence" in text:
                first = time.monotonic()
    seen["ms"].append((time.monotonic() - began) * 1000)
    seen["firsts"].append(first)
    seen["failed"] += "finished" not in text
    if not sse and response.is_success:
        for stage, took_ms in json.loads(text)["timings_ms"].items():
            seen["stages"][stage].append(took_ms)


if __name__ == "__main__":
    _, service_url, wanted, at_once, streamed = sys.argv
    print(json.dumps(asyncio.run(drive(service_url, int(wanted), int(at_once), sse=streamed == "1"))))
