"""Measures what a reply costs beyond its chat model: a real service over HTTP, the model in a process of its own."""

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from scripts import metrics
from scripts.speed import Synthetic, zipf_text
from scripts.temporary_base import finder_of
from service.access.callers import Caller
from service.api import problems, replies
from service.database import migrate, open_engine, sqlite_url
from service.deps import get_caller
from service.domain import Article
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
from service.reply_log.store import ReplyLog
from service.settings import Settings
from service.telemetry import configure_logging

ROOT = Path(__file__).resolve().parent.parent
_BRAND = "synthetic"
_PASSAGES_PER_ARTICLE = 5
_SENTENCES = 10
_WORDS = 15
_PAUSE_S = 0.005


async def overhead(passages: int, replies_each: int = 200) -> dict[str, float]:
    """
    Return milliseconds beyond the model on a base of so many passages, and replies a second.

    `overhead`: a plain reply, one client, the loopback model's own time (which it takes none of) included.
    `first_sentence`: from the end of the model's first statement on its wire to the customer's, the model pausing 5 ms
    between words. `replies_per_s`: sixteen clients at once. Client, service and model are three processes.
    """
    articles = [_article(number) for number in range(passages // _PASSAGES_PER_ARTICLE)]
    async with finder_of(articles, _BRAND, Synthetic(), limit=6) as finder:
        async with _served(finder, 0.0) as (url, _):
            one = await _drive(url, replies_each, 1)
            many = await _drive(url, replies_each * 2, 16)
        async with _served(finder, _PAUSE_S) as (url, model):
            streamed = await _drive(url, replies_each // 4, 1, sse=True)
            async with httpx.AsyncClient() as client:
                marks = (await client.get(f"{model}/marks")).json()
    said = [mark[0] for mark in marks[-len(streamed["firsts"]) :]]
    delays = [(heard - at) * 1000 for heard, at in zip(streamed["firsts"], said, strict=True)]
    stages = {f"stage_{name}_ms": metrics.percentile(values, 0.5) for name, values in one["stages"].items()}
    return {
        "passages": float(passages),
        "overhead_p50_ms": metrics.percentile(one["ms"], 0.5),
        "overhead_p95_ms": metrics.percentile(one["ms"], 0.95),
        "first_sentence_p50_ms": metrics.percentile(delays, 0.5),
        "first_sentence_p95_ms": metrics.percentile(delays, 0.95),
        "replies_per_s": len(many["ms"]) / many["took_s"],
        "p95_at_16_ms": metrics.percentile(many["ms"], 0.95),
        "not_201": float(one["failed"] + many["failed"] + streamed["failed"]),
        **stages,
    }


@asynccontextmanager
async def _served(finder: object, pause_s: float) -> AsyncIterator[tuple[str, str]]:
    """Serve replies on a free port with a log of its own; give its address and the model's."""
    command = (sys.executable, "-m", "scripts.loopback_model", str(pause_s))
    model = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    port = await model.stdout.readline() if model.stdout else b""
    model_url = f"http://127.0.0.1:{int(port)}"
    with tempfile.TemporaryDirectory(prefix="aplomb-overhead-") as folder:
        prompts, data = _prompts(Path(folder)), Path(folder)
        migrate(sqlite_url(data))
        engine = open_engine(sqlite_url(data))
        chat_models = ChatModels(Settings(openai_base_url=f"{model_url}/v1"))
        chain = ReplyChain(chat_models.open, chat_models.names, Budgets(SpendingLog(engine)), Bounds())
        await chain.warm_up()
        reply_log = ReplyLog(engine)
        writer = ReplyWriter(
            PromptVersions(PromptFiles(prompts), engine),
            finder,  # type: ignore[arg-type]
            chain,
            reply_log,
            min_answerability=0.0,
        )
        app = FastAPI()
        problems.install(app)
        app.include_router(replies.router)
        once = OnceWriter(writer, RequestKeys(engine), reply_log)
        app.state.services = SimpleNamespace(
            writer=writer, once=once, reply_log=reply_log, prompt_files=PromptFiles(prompts)
        )
        app.dependency_overrides[get_caller] = lambda: Caller(name="measured", scopes=frozenset(), brands=None)
        configure_logging("json", "error")
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", model_url
        finally:
            server.should_exit = True
            await serving
            await engine.dispose()
            model.terminate()
            await model.wait()


async def _drive(url: str, count: int, clients: int, *, sse: bool = False) -> dict[str, Any]:
    command = (sys.executable, "-m", "scripts.reply_driver", url, str(count), str(clients), str(int(sse)))
    driver = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    out, _ = await driver.communicate()
    seen: dict[str, Any] = json.loads(out)
    return seen


def _prompts(folder: Path) -> Path:
    copied = folder / "prompts"
    shutil.copytree(ROOT / "prompts", copied)
    shutil.copyfile(copied / "brands" / "larkline.yaml", copied / "brands" / f"{_BRAND}.yaml")
    return copied


def _article(number: int) -> Article:
    parts = [f"## Part {part}\n\n{_sentences(number * 1000 + part * 100)}" for part in range(_PASSAGES_PER_ARTICLE)]
    title = zipf_text(4, 7 * number)
    return Article(brand=_BRAND, source=f"{number}.md", title=title, text="\n\n".join(parts), language="en")


def _sentences(seed: int) -> str:
    return " ".join(f"The {zipf_text(_WORDS, seed + number)}." for number in range(_SENTENCES))
