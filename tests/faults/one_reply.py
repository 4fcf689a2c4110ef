"""
Writes one reply again and again, each time with another call that fails or is the process's last.

`one_reply.py PLACE raise|kill plain|stream STRIDE [MODEL_URL]` tells a line of JSON for each try, with what was wrong.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import httpx
from rich.console import Console
from sqlalchemy import select

from service.app import create_app
from service.assembly import Services, assemble
from service.cli.ingesting import Wanted, ingest_into
from service.domain import ReplyState
from service.errors import EmbeddingError
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.finding.shelf import Shelf
from service.replies import extractive
from service.reply_log.rows import replies
from service.reply_log.verification import verify
from service.settings import Settings
from service.telemetry import configure_logging
from tests.faults.calls import Way, calls, watch
from tests.faults.forks import Tell, Try, in_a_fork, tell_all

BRAND = "maison-lune"
ASKED = "Sous combien de jours ouvrés arrive un remboursement par carte ?"


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


async def wrongs(desk: Desk, key: str, told: tuple[str, dict[str, Any]] | None) -> AsyncIterator[str]:
    """Yield what does not hold of the reply that was asked for under *key*, and answered with *told* if at all."""
    event, said = told or ("nothing", {})
    before = await rows_of(desk, key)
    finished = [row.id for row in before if row.state == ReplyState.FINISHED.value]
    if event == "reply.finished" and finished != [said["id"]]:
        yield f"a reply was given, and the log has {finished}"
    if event == "error" and said.get("type") == "/problems/internal-error":
        yield "an error without a name"
    if event not in {"reply.finished", "error", "nothing"}:
        yield f"the stream ends with {event}"
    # What the service does all the while (the last commit, again) or a while later (what nobody writes any more).
    await desk.services.reply_log.finish_owed()
    await desk.services.reply_log.interrupt_stale()
    again, reply = await desk.ask(key)
    if again != "reply.finished":
        yield f"the key is stuck: {reply['type']}: {reply['detail']}"
        return
    states = Counter(row.state for row in await rows_of(desk, key))
    if states.pop(ReplyState.FINISHED.value) != 1 or finished not in ([], [reply["id"]]):
        yield "there are two replies"
    if set(states) - {ReplyState.INTERRUPTED.value, ReplyState.FAILED.value}:
        yield f"beside the reply there are {dict(states)}"
    if found := (await verify(desk.services.engine)).findings:
        yield f"the log does not verify: {found}"


async def rows_of(desk: Desk, key: str) -> list[Any]:
    async with desk.services.engine.connect() as connection:
        return list(await connection.execute(select(replies).where(replies.c.customer_id == key)))


async def attempt(settings: Settings, streamed: bool, way: Way, try_: Try, tell: Tell) -> None:
    """Look at the reply of the attempt before, whose process is gone, then ask for another one."""
    configure_logging("json", "critical")
    async with open_desk(settings) as desk:
        if way == "kill" and try_.number > 1:
            async for wrong in wrongs(desk, f"k{try_.number - 1}", None):
                tell({"wrong": f"after the restart: {wrong}"})
        key = f"k{try_.number}"
        calls.begin(try_.strike, way)
        told = await desk.ask(key, streamed=streamed)
        calls.end()
        tell({"struck": calls.struck, "calls": dict(calls.seen), "answer": told[0], "type": told[1].get("type")})
        async for wrong in wrongs(desk, key, told):
            tell({"wrong": wrong})


async def prepare(settings: Settings) -> None:
    configure_logging("json", "critical")
    async with assemble(settings) as services:
        await ingest_into(services, Wanted(settings.knowledge_dir, BRAND), Console(quiet=True))


def watch_models() -> None:
    """Let the chat model and the embeddings of this process be calls too; every question goes to Chroma."""
    compose, embed = extractive._compose, HashedEmbeddings.embed

    async def composed(messages: Any, embeddings: Any) -> str:
        calls.reached("chat_model", lambda: RuntimeError("the model broke"))
        return await compose(messages, embeddings)

    async def embedded(self: HashedEmbeddings, texts: Any) -> Any:
        calls.reached("embed", lambda: EmbeddingError("The embedding model did not answer."))
        return await embed(self, texts)

    extractive._compose = composed
    HashedEmbeddings.embed = embedded  # type: ignore[method-assign]
    Shelf.is_exact = property(lambda _: False)  # type: ignore[assignment]


if __name__ == "__main__":
    place, way, reading, stride, *url = sys.argv[1:]
    os.environ |= {"OPENAI_BASE_URL": url[0]} if url else {}
    watch(Path(place))
    watch_models()
    settings = Settings(
        data_dir=Path(place) / "data",
        prompts_dir=Path(place) / "prompts",
        knowledge_dir=Path(place) / "knowledge",
        embeddings="hashed",
        chat_retries=0,
    )
    in_a_fork(lambda _: asyncio.run(prepare(settings)))
    tell_all(partial(attempt, settings, reading == "stream", cast("Way", way)), int(stride))
