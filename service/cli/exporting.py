"""`aplomb log export` and `import`: the log for spreadsheets and trainers, and as a backup."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import open as open_shown

from service.access.audit import AuditLog
from service.cli.database import opened
from service.cli.shell import Json, err, open_settings, out, run
from service.domain import Decision
from service.reply_log.exchange.backup import restore
from service.reply_log.exchange.export import Exporter, Format
from service.reply_log.exchange.reading import Wanted
from service.reply_log.store import ReplyFilter
from service.review.opinions import OpinionsOf
from service.settings import Settings

app = typer.Typer()


@app.command("export")
def export(  # noqa: PLR0913, PLR0917 - the command's options
    to: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    form: Annotated[Format, typer.Option("--format", help="`backup` is whole; others hide values.")] = Format.BACKUP,
    brand: Annotated[str | None, typer.Option(help="Only this brand's.")] = None,
    decision: Annotated[Decision | None, typer.Option(help="Only replies so decided.")] = None,
    language: Annotated[str | None, typer.Option(help="Only replies in this language.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only replies written from this day on (UTC).")] = None,
    after: Annotated[str | None, typer.Option(help="Go on after this reply: the file gets what is missing.")] = None,
) -> None:
    """
    Write a backup, or the log for analysis (jsonl, csv, xlsx), a trainer (preference, finetune) or promptfoo.

    Example: `aplomb log export --format csv --brand maison-lune --since 2026-11-01 -o replies.csv`
    """
    day = since.date() if since else None
    wanted = Wanted(filter=ReplyFilter(brand=brand, decision=decision, language=language, since=day), after=after)
    if after and form is Format.XLSX:
        raise typer.BadParameter("a workbook is written whole: leave --after out")
    count = run(_export(open_settings(), form, wanted, to), as_json=False)
    err.print(f"{to}" + (f": {count} lines" if count else ""), markup=False, soft_wrap=True)


@app.command("import")
def import_(
    backup: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `export` wrote without a format.")],
    as_json: Json = False,
) -> None:
    """
    Restore a backup into an empty log: every row, receipt and seal, or nothing at all.

    Example: `aplomb log import backup.jsonl`, then `aplomb log verify`
    """
    counts: dict[str, int] = run(_import(open_settings(), backup), as_json=as_json)
    if as_json:
        out.print_json(data={"rows": counts})
    else:
        out.print(", ".join(f"{count} {table}" for table, count in counts.items() if count) or "an empty log")


async def _export(settings: Settings, form: Format, wanted: Wanted, to: Path) -> int:
    count = 0
    async with opened(settings) as engine:
        exporter = Exporter(engine, OpinionsOf(engine))
        await AuditLog(engine).note("replies.exported", form.value, brand=wanted.filter.brand)
        if form is Format.XLSX:
            await exporter.write_xlsx(to, wanted)
            return 0
        with to.open("ab" if wanted.after else "wb") as file:
            async for line in exporter.lines(form, wanted):
                file.write(line)
                count += 1
    return count


async def _import(settings: Settings, backup: Path) -> dict[str, int]:
    async with opened(settings) as engine:
        counts = await restore(engine, _lines(backup))
        await AuditLog(engine).note("log.restored", f"{counts['replies']} replies")
        return counts


def _lines(backup: Path) -> Iterator[bytes]:
    with open_shown(backup, "rb", description="restoring", console=err, transient=True) as file:
        yield from file
