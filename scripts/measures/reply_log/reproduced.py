"""Rebuilds a log of made-up replies after all that may happen to a desk: edits, label moves, an ingest, a restart."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr
from rich.console import Console

from scripts.measures.replies.moody_model import moody
from scripts.measures.reply_log.made_tickets import LABELS, MadeTicket, tickets
from service.assembly import Services, assemble
from service.cli.ingesting import Wanted, ingest_into
from service.domain import LoggedReply
from service.errors import ServiceError
from service.replies.events import SentenceWritten
from service.reply_log.store import MAX_PAGE, ReplyFilter
from service.settings import Settings
from service.telemetry import configure_logging

ROOT = Path(__file__).resolve().parents[3]
_BRANDS = {
    "maison-lune": "maison-lune", "larkline": "larkline",
    "maison-ouverte": "maison-lune", "larkline-plus": "larkline",
}  # fmt: skip
"""Whose articles each brand has; the last two are copies that keep personal values, or mark and hide other things."""
_EXTRACTIVE = "extractive:extractive-1"
_AT_ONCE = 4
_SEED = 20261123


async def measure(count: int, database_url: str | None, embeddings: str) -> dict[str, float]:
    """
    Write *count* replies, change everything around them, and rebuild each in a new process.

    Returns the counts of replies, of those that came out again, of requests and of texts compared, and of each state.
    A *database_url* (PostgreSQL) must name an empty database.
    """
    with tempfile.TemporaryDirectory(prefix="aplomb-reproduce-") as folder:
        async with moody() as model:
            settings = _settings(Path(folder), model, database_url, embeddings)
            configure_logging("json", "error")
            await _write(settings, count)
            await _upset(settings)
            environment = os.environ | _environment(settings)
            command = (sys.executable, "-m", "scripts.measures.reply_log.reproduced")
            child = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
            )
            told, _ = await child.communicate()
    figures: dict[str, float] = json.loads(told)
    return figures


def _settings(folder: Path, model: str, database_url: str | None, embeddings: str) -> Settings:
    shutil.copytree(ROOT / "prompts", folder / "prompts")
    shutil.copytree(ROOT / "knowledge", folder / "knowledge")
    for brand, like in _BRANDS.items():
        _make_brand(folder / "prompts", brand, like)
    return Settings(
        data_dir=folder / "data",
        prompts_dir=folder / "prompts",
        knowledge_dir=folder / "knowledge",
        database_url=SecretStr(database_url) if database_url else None,
        openai_base_url=model,
        openai_api_key=None,
        chat_model="openai:good",
        chat_retries=0,
        chat_images=True,
        embeddings=embeddings,
        log_format="json",
        log_level="error",
    )


def _environment(settings: Settings) -> dict[str, str]:
    told = settings.model_dump(include={"data_dir", "prompts_dir", "embeddings", "chat_model", "chat_images"})
    addresses = {"OPENAI_BASE_URL": str(settings.openai_base_url)}
    if settings.database_url:
        addresses["DATABASE_URL"] = settings.database_url.get_secret_value()
    return {f"APLOMB_{name.upper()}": str(value) for name, value in told.items()} | addresses


def _make_brand(prompts: Path, brand: str, like: str) -> None:
    """Write the brand's file, its labels on as many chat models as there are moods, and its verified answers."""
    told = yaml.safe_load((prompts / "brands" / f"{like}.yaml").read_text("utf-8"))
    told["labels"] = {label: {"chat_models": [f"openai:{label}"]} for label in ("refused", "filtered", "cut", "slow")}
    told["labels"] |= {
        "extract": {"chat_models": [_EXTRACTIVE], "sampling": {"temperature": 0}},
        "provider": {"chat_models": ["openai:good"], "sampling": {"temperature": 0.7, "max_tokens": 300}},
        "fallback": {"chat_models": ["openai:refused", _EXTRACTIVE]},
    }
    if brand != like:
        told |= {"personal_data": "keep"} if like == "maison-lune" else {"unsupported": "mark", "send": True}
        first = next(iter(told["variables"].values()))
        first["sensitive"] = True
    if like == "maison-lune":
        told["chat_models"] = [_EXTRACTIVE]
        shutil.copyfile(ROOT / "prompts/answers/maison-lune.yaml", prompts / "answers" / f"{brand}.yaml")
    (prompts / "brands" / f"{brand}.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")


async def _write(settings: Settings, count: int) -> None:
    async with assemble(settings) as services:
        await _ingest(services, settings)
        for brand in _BRANDS:
            version = (await services.prompts.resolve(brand, None, "production")).version
            for label in LABELS:
                if label != "production":
                    await services.prompts.labels.move(brand, label, version)
        made = tickets(count, _SEED, _BRANDS)
        async with asyncio.TaskGroup() as group:
            # One iterator for all: each takes the next ticket when it is done with its own.
            for _ in range(_AT_ONCE):
                group.create_task(_write_all(services, made))
        await services.writer.drain(30)


async def _write_all(services: Services, made: Any) -> None:  # noqa: ANN401 - an iterator that several share
    for each in made:
        with suppress(ServiceError):
            await _read(services, each)


async def _read(services: Services, made: MadeTicket) -> None:
    async with aclosing(services.writer.events(made.ticket, streamed=True)) as events:
        async for event in events:
            if made.goes_away and isinstance(event, SentenceWritten):
                return


async def _ingest(services: Services, settings: Settings) -> None:
    for brand, like in _BRANDS.items():
        wanted = Wanted(settings.knowledge_dir / like, brand, delete_missing=True)
        await ingest_into(services, wanted, Console(quiet=True))


async def _upset(settings: Settings) -> None:
    """Edit every prompt file, take labels away or move them, rewrite half of the articles and delete others."""
    for path in settings.prompts_dir.rglob("*"):
        if path.suffix in {".yaml", ".md"}:
            text = path.read_text("utf-8")
            changed = text.replace("Bonjour", "Bien le bonjour").replace("Hi ", "Hey ").replace("3", "4")
            path.write_text(changed.replace("# user", "# user\nPlease.", 1) if path.name == "reply.md" else changed)
    for number, path in enumerate(sorted(settings.knowledge_dir.rglob("*.md"))):
        if number % 3 == 0:
            path.write_text(path.read_text("utf-8") + "\n\nThis changed / Ceci a changé.\n", "utf-8")
        elif number % 3 == 1:
            path.unlink()
    async with assemble(settings) as services:
        for brand in _BRANDS:
            version = (await services.prompts.resolve(brand, None, "production")).version
            for label in LABELS:
                to = version if label in {"production", "extract"} else None
                await services.prompts.labels.move(brand, label, to)
        await _ingest(services, settings)


async def _rebuild() -> dict[str, int]:
    """Rebuild all that the log of the environment's settings holds."""
    settings, counts = Settings(), Counter[str]()
    configure_logging("json", "error")
    async with assemble(settings) as services:
        async for logged in _all(services):
            made = await services.reproducer.reproduce(logged)
            counts["replies"] += 1
            counts["reproduced"] += made.holds
            counts["requests"] += made.request is not None
            counts["texts"] += made.text is not None
            counts[f"state_{logged.reply.state}"] += 1
            counts[f"model_{logged.reply.chat_model.provider}"] += 1
            counts[f"decision_{logged.reply.decision}"] += 1
            counts["with_personal_values"] += bool(logged.personal)
            if not made.holds:
                print(f"differs: {made}", file=sys.stderr)
    return dict(counts)


async def _all(services: Services) -> AsyncIterator[LoggedReply]:
    after = None
    while True:
        page = await services.reply_log.page(ReplyFilter(), after, MAX_PAGE)
        for logged in page.replies:
            yield logged
        if page.next_cursor is None:
            return
        after = page.next_cursor


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_rebuild())))
