"""A writer with its log, one passage for a knowledge base, and the API before it: what tests of the path share."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI

from service.access.callers import Caller
from service.api import problems, replies
from service.database import migrate, open_engine, sqlite_url
from service.deps import get_caller
from service.domain import Customer, Finding, LoggedReply, Message, Passage, RelevantPassage, Sender, Ticket
from service.prompting.files import PromptFiles
from service.prompting.versions.kept import PromptVersions
from service.providers import ChatModels
from service.replies.chain import ReplyChain
from service.replies.models.budget import Budgets
from service.replies.models.turns import Bounds
from service.replies.once import OnceWriter
from service.replies.writer import ReplyWriter
from service.reply_log.once import RequestKeys
from service.reply_log.spending import SpendingLog
from service.reply_log.store import ReplyFilter, ReplyLog
from service.settings import Settings

PROMPTS = Path(__file__).parents[2] / "prompts"
PASSAGE = Passage(
    id="psg_1",
    brand="maison-lune",
    article="fr/remboursements.md",
    title="Remboursements",
    heading="Délais",
    text="Le remboursement par carte arrive sous **5 jours ouvrés**. Le virement demande 10 jours ouvrés.",
    position=0,
    start=0,
)
QUESTION = "Sous combien de jours serai-je remboursée ?"


@dataclass(frozen=True)
class OnePassage:
    """A knowledge base of one passage, as sure of itself as the test wants."""

    answerability: float = 0.9

    async def find(self, brand: str, question: str, *, language: str | None = None) -> Finding:  # noqa: ARG002
        found = (RelevantPassage(passage=PASSAGE, relevance=0.8),) if self.answerability else ()
        return Finding(passages=found, answerability=self.answerability, generation=1)


@dataclass(frozen=True)
class Answer:
    """What the API said, whole or as a stream."""

    status: int
    events: tuple[tuple[str, dict[str, Any]], ...]
    took_s: float
    headers: httpx.Headers

    @property
    def terminal(self) -> list[str]:
        """The events that end it: exactly one is right."""
        return [name for name, _ in self.events if name in {"reply.finished", "error"}]

    @property
    def last(self) -> dict[str, Any]:
        return self.events[-1][1]

    @property
    def streamed(self) -> str:
        return "".join(each["before"] + each["text"] for name, each in self.events if name == "sentence")


@dataclass(frozen=True)
class Desk:
    writer: ReplyWriter
    reply_log: ReplyLog
    chain: ReplyChain
    client: httpx.AsyncClient

    async def last(self) -> LoggedReply:
        return (await self.reply_log.page(ReplyFilter())).replies[0]

    async def ask(self, *, sse: bool, ticket: dict[str, Any] | None = None) -> Answer:
        """Send a ticket to the API; a plain answer becomes its one event."""
        began = time.monotonic()
        body = {"brand": "maison-lune", "ticket": ticket or {"messages": [{"text": QUESTION}]}}
        headers = {"Accept": "text/event-stream"} if sse else {}
        response = await self.client.post("/v1/replies", json=body, headers=headers)
        took_s = time.monotonic() - began
        if response.headers["content-type"].startswith("text/event-stream"):
            events = tuple(_event(block) for block in response.text.strip().split("\n\n"))
        else:
            events = (("reply.finished" if response.is_success else "error", response.json()),)
        return Answer(response.status_code, events, took_s, response.headers)


@asynccontextmanager
async def desk(
    folder: Path, settings: Settings, finder: OnePassage | None = None, prompts: Path = PROMPTS, **bounds: float
) -> AsyncIterator[Desk]:
    """Open the path with its log in *folder*; it has 2 seconds for a reply unless *bounds* say otherwise."""
    url = sqlite_url(folder)
    migrate(url)
    engine = open_engine(url)
    chat_models = ChatModels(settings)
    within = Bounds(**{"total_s": 10.0, "backoff_s": 0.05, **bounds})  # type: ignore[arg-type]
    chain = ReplyChain(chat_models.open, chat_models.names, Budgets(SpendingLog(engine)), within)
    reply_log = ReplyLog(engine)
    versions = PromptVersions(PromptFiles(prompts), engine)
    writer = ReplyWriter(versions, finder or OnePassage(), chain, reply_log, min_answerability=0.3)
    app = FastAPI()
    problems.install(app)
    app.include_router(replies.router)
    once = OnceWriter(writer, RequestKeys(engine), reply_log)
    app.state.services = SimpleNamespace(
        writer=writer, once=once, reply_log=reply_log, prompt_files=PromptFiles(prompts)
    )
    app.dependency_overrides[get_caller] = lambda: Caller(name="desk", scopes=frozenset(), brands=None)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    await chain.warm_up()
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
            yield Desk(writer, reply_log, chain, client)
    finally:
        await engine.dispose()


def ticket(text: str = QUESTION) -> Ticket:
    message = Message(sender=Sender.CUSTOMER, text=text, at=datetime(2026, 11, 20, 9, 14, tzinfo=UTC))
    return Ticket(brand="maison-lune", messages=(message,), customer=Customer(name="Ana"))


def _event(block: str) -> tuple[str, dict[str, Any]]:
    lines = dict(line.split(": ", 1) for line in block.splitlines())
    return lines["event"], json.loads(lines["data"])
