"""`aplomb log`: verifies, proves, rebuilds and erases what was logged."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from service.access.audit import AuditLog
from service.cli.asking import call, running_service
from service.cli.database import opened
from service.cli.shell import Json, err, open_settings, out, run
from service.domain import LoggedReply
from service.prompting.files import PromptFiles
from service.prompting.versions.kept import PromptVersions
from service.reply_log.erasures import Eraser, Selection
from service.reply_log.once import RequestKeys
from service.reply_log.retention import Retention
from service.reply_log.seals.proofs import bundle
from service.reply_log.seals.sealing import Sealer
from service.reply_log.seals.verification import Verification
from service.reply_log.seals.verification import verify as check
from service.reply_log.store import ReplyFilter
from service.settings import Settings

if TYPE_CHECKING:
    from service.api.receipts import ReproductionOut
    from service.assembly import Services

app = typer.Typer(help="Verify, prove, rebuild and erase what was logged.", no_args_is_help=True)


@app.command()
def verify(
    seal: Annotated[str | None, typer.Option(help="A seal that you kept elsewhere: the chain must hold it.")] = None,
    as_json: Json = False,
) -> None:
    """
    Check every logged reply against the ledger, and the ledger against its seals.

    Example: `aplomb log verify --seal 3f1c…`
    """
    result: Verification = run(_verify(open_settings(), seal), as_json=as_json)
    if as_json:
        found = [{"damage": each.damage.value, "subject": each.subject} for each in result.findings]
        counted = {"entries": result.entries, "seals": result.seals, "newest_seal": result.newest_seal}
        typer.echo(json.dumps(counted | {"findings": found}))
    else:
        for each in result.findings:
            out.print(f"[red]{each.damage.value}[/] {each.subject}")
        out.print(f"{result.entries} entries under {result.seals} seals: {len(result.findings) or 'no'} findings")
        out.print(f"newest seal, to keep elsewhere: {result.newest_seal}", soft_wrap=True)
    raise typer.Exit(1 if result.findings else 0)


@app.command()
def proof(reply: Annotated[str, typer.Argument(help="The reply's id.")]) -> None:
    """
    Print the proof of one reply, which scripts/verify_proof.py checks without a database.

    Example: `aplomb log proof rep_01K… > proof.json`
    """
    typer.echo(json.dumps(run(_proof(open_settings(), reply), as_json=True), indent=1))


@app.command()
def seal(as_json: Json = False) -> None:
    """
    Seal the open entries now, and print the newest seal; the service does it by itself every ten minutes.

    Example: `aplomb log seal`
    """
    newest = run(_seal(open_settings()), as_json=as_json)
    typer.echo(json.dumps({"seal": newest}) if as_json else newest)


@app.command()
def reproduce(
    replies: Annotated[list[str] | None, typer.Argument(help="Ids of replies; all of them when left out.")] = None,
    as_json: Json = False,
) -> None:
    """
    Rebuild replies from their parts, and compare the bytes with what was sent.

    Example: `aplomb log reproduce rep_01K…`
    """
    made: list[ReproductionOut] = run(_reproduce(open_settings(), replies or []), as_json=as_json)
    failed = [each for each in made if not each.holds]
    if as_json:
        typer.echo(json.dumps({"replies": len(made), "failed": [each.model_dump() for each in failed]}))
    else:
        for each in failed:
            out.print(f"[red]differs[/] {each.reply} {each.obstacle or ''}")
        out.print(f"{len(made) - len(failed)} of {len(made)} replies come out byte for byte")
    raise typer.Exit(1 if failed else 0)


@app.command()
def erase(
    customer: Annotated[str | None, typer.Option(help="The customer's id, as the helpdesk sends it.")] = None,
    ticket: Annotated[str | None, typer.Option(help="The ticket's id.")] = None,
    brand: Annotated[str | None, typer.Option(help="Only this brand's.")] = None,
    before: Annotated[datetime | None, typer.Option(help="Only what was written before this day (UTC).")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it, only say what would be erased.")] = False,
    as_json: Json = False,
) -> None:
    """
    Take a customer's words out of the log for good; the chain of seals still verifies.

    Example: `aplomb log erase --customer c_81`, and again with `--yes`
    """
    if customer is None and ticket is None and before is None:
        raise typer.BadParameter("name a customer, a ticket or a day")
    moment = before.astimezone() if before else None
    selection = Selection(customer_id=customer, ticket_id=ticket, brand=brand, before=moment)
    ids = run(_erase(open_settings(), selection, really=yes), as_json=as_json)
    if as_json:
        typer.echo(json.dumps({"erased": yes, "replies": ids}))
    else:
        out.print(f"{len(ids)} replies {'erased' if yes else 'would be erased; add --yes to do it'}")


@app.command()
def retain(
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it, only say what would be erased.")] = False,
    as_json: Json = False,
) -> None:
    """
    Erase what is older than its brand's `retention_days`; the service does it by itself every six hours.

    Example: `aplomb log retain`, and again with `--yes`
    """
    due = run(_retain(open_settings(), really=yes), as_json=as_json)
    if as_json:
        typer.echo(json.dumps({"erased": yes, "replies": due}))
    else:
        for brand, ids in due.items():
            out.print(f"{brand}: {len(ids)} replies {'erased' if yes else 'would be erased; add --yes to do it'}")
        if not due:
            out.print("no brand has `retention_days`")


async def _verify(settings: Settings, seal: str | None) -> Verification:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed} entries"))
    with Progress(*columns, console=err, transient=True) as shown:
        task = shown.add_task("checking", total=None)
        async with opened(settings) as engine:
            return await check(engine, lambda done: shown.update(task, completed=done), known_seal=seal)


async def _proof(settings: Settings, reply: str) -> dict[str, Any]:
    async with opened(settings) as engine:
        return await bundle(engine, reply)


async def _seal(settings: Settings) -> str:
    async with opened(settings) as engine:
        await Sealer(engine, every_s=settings.seal_every_s, every_entries=settings.seal_every_entries).seal_all()
        return (await check(engine)).newest_seal


async def _erase(settings: Settings, selection: Selection, *, really: bool) -> list[str]:
    async with opened(settings) as engine:
        eraser = Eraser(engine)
        if not really:
            return list(await eraser.selected(selection))
        erased = await eraser.erase(selection, "request")
        # Not whose they were: that name is what was to be forgotten.
        await AuditLog(engine).note("replies.erased", f"{len(erased)} replies", brand=selection.brand)
        return list(erased)


async def _retain(settings: Settings, *, really: bool) -> dict[str, list[str]]:
    from service.assembly import retention_days

    async with opened(settings) as engine:
        days = retention_days(PromptVersions(PromptFiles(settings.prompts_dir), engine))
        retention = Retention(Eraser(engine), RequestKeys(engine), days, AuditLog(engine))
        due = await (retention.apply() if really else retention.due())
        return {brand: list(ids) for brand, ids in due.items()}


async def _reproduce(settings: Settings, ids: list[str]) -> "list[ReproductionOut]":
    from service.api.receipts import ReproductionOut
    from service.assembly import assemble

    owner = running_service(settings)
    if owner and ids:
        made = [await call(owner, "POST", f"/v1/replies/{each}/reproduce") for each in ids]
        return [ReproductionOut.model_validate(each) for each in made]
    async with assemble(settings) as services:
        replies = (
            [await services.reply_log.get(each) for each in ids] if ids else [each async for each in _all(services)]
        )
        return [ReproductionOut.of(await services.reproducer.reproduce(each)) for each in replies]


async def _all(services: "Services") -> AsyncIterator[LoggedReply]:
    after = None
    while True:
        page = await services.reply_log.page(ReplyFilter(), after, 200)
        for logged in page.replies:
            if not logged.erased_at:
                yield logged
        if page.next_cursor is None:
            return
        after = page.next_cursor
