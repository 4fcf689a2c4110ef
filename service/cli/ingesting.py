"""Ingest from a terminal: progress to stderr, what was done to stdout."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from service.access.audit import AuditLog
from service.errors import ServiceError
from service.knowledge.ingesting.handover import hand_over, order
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.ingesting.progress import Progress as Step
from service.knowledge.ingesting.report import plan_as_json
from service.knowledge.ingesting.watch import edits
from service.knowledge.reading import read_path
from service.knowledge.storing.lock import DataDirLock
from service.knowledge_base import open_knowledge
from service.prompting.files import PromptFiles
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    path: Path
    brand: str
    plan_only: bool = False
    delete_missing: bool = False


async def ingest(settings: Settings, wanted: Wanted, console: Console) -> dict[str, Any]:
    """
    Return the report as JSON, or the plan when only that was asked for; progress goes to *console*.

    A service that runs on the same data directory is handed the work.
    """
    owner = DataDirLock(settings.data_dir).owner()
    if owner and owner.address:
        read = read_path(wanted.path, wanted.brand)
        body = await asyncio.to_thread(
            order, read, wanted.brand, delete_missing=wanted.delete_missing, plan=wanted.plan_only
        )
        with _bars(console) as bars:
            return await hand_over(owner, body, _Teller(bars))
    async with open_knowledge(settings) as base:
        report = await ingest_into(base, wanted, console)
        if not wanted.plan_only:
            await AuditLog(base.engine).note(
                "articles.ingested", f"generation {report['generation']}", brand=wanted.brand
            )
        return report


async def watch(settings: Settings, wanted: Wanted, progress: Console, out: Console) -> None:
    """Ingest now and after each change below the path, until interrupted; a failure is told, not the end."""
    async for _ in edits(wanted.path):
        try:
            show(await ingest(settings, wanted, progress), out, as_json=False)
        except ServiceError as exc:
            progress.print(f"{exc.title}: {exc.detail}", style="red", markup=False, soft_wrap=True)


class Ingesting(Protocol):
    """A service, or only its knowledge base."""

    @property
    def ingest(self) -> Ingest: ...
    @property
    def prompt_files(self) -> PromptFiles: ...


async def ingest_into(services: Ingesting, wanted: Wanted, console: Console) -> dict[str, Any]:
    """Do the same in a service that is assembled already."""
    languages = services.prompt_files.brand(wanted.brand).languages
    plan = await services.ingest.plan(
        wanted.path, wanted.brand, delete_missing=wanted.delete_missing, languages=languages
    )
    if wanted.plan_only:
        return plan_as_json(plan)
    with _bars(console) as bars:
        return (await services.ingest.apply(plan, _Teller(bars))).as_json()


class _Teller:
    """A bar for each stage of an ingest."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._stages: dict[str, TaskID] = {}

    def __call__(self, step: Step) -> None:
        if step.stage not in self._stages:
            self._stages[step.stage] = self._bars.add_task(step.stage, rate="", total=step.total)
        self._bars.update(self._stages[step.stage], completed=step.done, rate=f"{step.rate:,.0f}/s")


def show(document: dict[str, Any], console: Console, *, as_json: bool) -> None:
    """Print a plan or a report."""
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    state = f"generation {document['generation']}:" if "generation" in document else "would be:"
    counts = ", ".join(f"{len(document[key])} {key}" for key in ("added", "changed", "removed", "missing", "refused"))
    totals = f"{document['kept']} unchanged; {document['passages']} passages"
    console.print(f"{escape(document['brand'])}: {state} {counts}, {totals}")
    for refusal in document["refused"]:
        console.print(f"  refused {escape(refusal['source'])}: {escape(refusal['reason'])}", highlight=False)
    for concern in document.get("concerns", ()):
        articles = " and ".join(map(escape, concern["articles"]))
        console.print(f"  {concern['kind']} {articles}: {escape(concern['detail'])}", highlight=False)
        for quote in concern["quotes"]:
            console.print(f"    “{escape(quote)}”", style="dim", highlight=False)


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:>10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
