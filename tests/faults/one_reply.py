"""
Writes one reply again and again, each time with another call that fails or is the process's last.

`one_reply.py PLACE raise|kill plain|stream STRIDE [MODEL_URL]` tells a line of JSON for each try, with what was wrong.
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, cast

from rich.console import Console

from service.assembly import assemble
from service.cli.ingesting import Wanted, ingest_into
from service.domain import ReplyState
from service.errors import EmbeddingError
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.finding.shelf import Shelf
from service.replies.extractive import chat_model as extractive
from service.reply_log.seals.verification import verify
from service.settings import Settings
from service.telemetry import configure_logging
from tests.faults.calls import Way, calls, watch
from tests.faults.desk import BRAND, Desk, open_desk, rows_of
from tests.faults.forks import Tell, Try, in_a_fork, tell_all


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
