"""How long the pages of review take over a large log: this process's computing for each, as the service answers it."""

import asyncio
import time
from pathlib import Path
from statistics import median
from typing import Any

from httpx import ASGITransport, AsyncClient

from service.app import create_app
from service.assembly import Services
from service.settings import Settings

_BRAND = "maison-lune"
_ASKED = "Sous combien de jours ouvrés arrive un remboursement par carte ?"
_PAGES = {
    "list": "/replies",
    "list_words": "/replies?q=parcel",
    "list_no_words": "/replies?q=giraffe",
    "reply": "/replies/{reply}",
    "queues": "/review",
    "next_item": "/review/sample",
    "next_handed_off": "/review/handed_off",
    "comparisons": "/compare",
    "next_pair": "/compare/{comparison}",
    "overview": "/overview",
    "statistics": "/statistics",
    "statistics_all": "/statistics?source=all",
    "articles": f"/knowledge?brand={_BRAND}",
}
_TIMES = 5
_PAIRS = 40
_WRITTEN_S = 120.0


async def measure(data_dir: Path, root: Path) -> dict[str, float]:
    """Return for each page the median milliseconds of five visits, on the clock and of computing."""
    settings = Settings(
        data_dir=data_dir, prompts_dir=root / "prompts", embeddings="hashed", openai_api_key=None, log_level="error"
    )
    app, figures = create_app(settings), dict[str, float]()
    async with app.router.lifespan_context(app):
        services: Services = app.state.services
        await services.ingest.apply(await services.ingest.plan(root / "knowledge" / _BRAND, _BRAND))
        transport = ASGITransport(app=app, client=("127.0.0.1", 1))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
            made = await _prepare(client)
            for name, address in _PAGES.items():
                figures |= await _visit(client, name, address.format(**made))
    return figures


async def _prepare(client: AsyncClient) -> dict[str, str]:
    """Draw a sample and write a comparison's pairs; return what single pages' addresses are made of."""
    ticket = {"brand": _BRAND, "ticket": {"messages": [{"text": _ASKED}]}}
    reply = await _post(client, "/v1/replies", ticket)
    other = await _post(client, "/v1/replies", {**ticket, "tone": "friendly"})
    await _post(client, "/v1/review/samples", {"size": 500})
    order = {"brand": _BRAND, "baseline": "production", "candidate": other["prompt"]["version"]}
    begun = await _post(client, "/v1/comparisons", {**order, "tickets": "sample", "size": _PAIRS})
    limit = time.monotonic() + _WRITTEN_S
    while (await client.get(f"/v1/comparisons/{begun['id']}")).json()["progress"]["waiting"]:
        if time.monotonic() > limit:
            raise TimeoutError("the pairs were not written")
        await asyncio.sleep(0.2)
    return {"reply": reply["id"], "comparison": begun["id"]}


async def _post(client: AsyncClient, address: str, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = (await client.post(address, json=body)).raise_for_status().json()
    return answer


async def _visit(client: AsyncClient, name: str, address: str) -> dict[str, float]:
    clock, computing = [], []
    for _ in range(_TIMES):
        began, worked = time.perf_counter(), time.process_time()
        (await client.get(address)).raise_for_status()
        clock.append((time.perf_counter() - began) * 1000)
        computing.append((time.process_time() - worked) * 1000)
    return {f"page_{name}_ms": median(clock), f"page_{name}_cpu_ms": median(computing)}
