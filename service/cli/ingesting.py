"""Ingest from a terminal: progress to stderr, what was done to stdout."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from service.assembly import Services, assemble
from service.knowledge.plan import Plan
from service.knowledge.progress import Progress as Step
from service.knowledge.report import IngestReport, plan_as_json
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    path: Path
    brand: str
    plan_only: bool = False
    delete_missing: bool = False


async def ingest(settings: Settings, wanted: Wanted, console: Console) -> Plan | IngestReport:
    """Return the report, or the plan when only that was asked for; progress goes to *console*."""
    async with assemble(settings) as services:
        return await ingest_into(services, wanted, console)


async def ingest_into(services: Services, wanted: Wanted, console: Console) -> Plan | IngestReport:
    """Do the same in a service that is assembled already."""
    languages = services.prompt_files.brand(wanted.brand).languages
    plan = await services.ingest.plan(
        wanted.path, wanted.brand, delete_missing=wanted.delete_missing, languages=languages
    )
    if wanted.plan_only:
        return plan
    with _bars(console) as bars:
        stages: dict[str, TaskID] = {}

        def tell(step: Step) -> None:
            if step.stage not in stages:
                stages[step.stage] = bars.add_task(step.stage, rate="", total=step.total)
            bars.update(stages[step.stage], completed=step.done, rate=f"{step.rate:,.0f}/s")

        return await services.ingest.apply(plan, tell)


def show(result: Plan | IngestReport, console: Console, *, as_json: bool) -> None:
    """Print a plan or a report."""
    document = plan_as_json(result) if isinstance(result, Plan) else _report_as_json(result)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    state = "would make" if isinstance(result, Plan) else f"generation {result.generation}:"
    counts = ", ".join(f"{len(document[key])} {key}" for key in ("added", "changed", "removed", "missing", "refused"))
    console.print(f"{escape(result.brand)}: {state} {counts}, {result.kept} unchanged; {result.passages} passages")
    for refusal in result.refused:
        console.print(f"  refused {escape(refusal.source)}: {escape(refusal.reason)}", highlight=False)


def _report_as_json(report: IngestReport) -> dict[str, Any]:
    return dataclasses.asdict(report)


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
