"""A service on a folder of its own, whose API answers without a socket: what tests of its failures ask."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import select

from service.app import create_app
from service.assembly import Services, assemble
from service.reply_log.rows import replies
from service.settings import Settings

BRAND = "maison-lune"
ASKED = "Sous combien de jours ouvrés arrive un remboursement par carte ?"

ANSWER = [
    "Bonjour,\n\nLe remboursement par carte arrive sous ",
    "5 jours ouvrés. [1] Merci de votre patience.\n\n",
    "Bien à vous,\nL’équipe Maison Lune",
]
"""Of a chat model to it."""


@dataclass(frozen=True)
class Desk:
    services: Services
    client: httpx.AsyncClient

    async def ask(self, key: str, *, streamed: bool = False) -> tuple[str, dict[str, Any]]:
        """Return the last event's name and what it says; a plain answer becomes an event."""
        body = {"brand": BRAND, "ticket": {"messages": [{"text": ASKED}], "customer": {"id": key}}}
        accept = "text/event-stream" if streamed else "application/json"
        response = await self.client.post("/v1/replies", json=body, headers={"Idempotency-Key": key, "Accept": accept})
        if response.headers["content-type"].startswith("text/event-stream"):
            lines = dict(line.split(": ", 1) for line in response.text.strip().split("\n\n")[-1].splitlines())
            return lines["event"], json.loads(lines["data"])
        return "reply.finished" if response.status_code == 201 else "error", response.json()


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Open the service as after a start; its API answers without a socket."""
    async with assemble(settings) as services:
        await services.vectors.settled()
        await services.reply_log.interrupt_stale()
        app = create_app(settings)
        app.state.services = services
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
            yield Desk(services, client)


async def rows_of(desk: Desk, key: str) -> list[Any]:
    async with desk.services.engine.connect() as connection:
        return list(await connection.execute(select(replies).where(replies.c.customer_id == key)))
