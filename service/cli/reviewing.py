"""`aplomb review`: brings in what became of replies."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from service.access.audit import AuditLog
from service.cli.database import opened
from service.cli.shell import Json, err, open_settings, out, run
from service.errors import NotFoundError
from service.prompting.files import PromptFiles
from service.prompting.versions.kept import PromptVersions
from service.reply_log.store import ReplyLog
from service.review.desk import ReviewDesk
from service.review.outcome_import import read_outcomes
from service.review.outcomes import Outcomes
from service.review.reviews import Reviews
from service.review.transactions import Transactions
from service.settings import Settings

app = typer.Typer(help="Bring in what became of replies.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Bring in what became of replies."""


@app.command()
def import_outcomes(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV with a column reply_id.")],
    as_json: Json = False,
) -> None:
    """
    Read outcomes from a CSV: reply_id, sent_text, edited, csat, reopened, resolved; a repetition replaces them.

    Example: `aplomb review import-outcomes outcomes.csv`
    """
    report = run(_import(open_settings(), file), as_json=as_json)
    if as_json:
        typer.echo(json.dumps(report))
    else:
        for each in report["refused"]:
            err.print(f"line {each['line']}: {each['fault']}", markup=False)
        out.print(f"{report['saved']} outcomes saved, {len(report['refused'])} lines refused")
    raise typer.Exit(1 if report["refused"] else 0)


async def _import(settings: Settings, file: Path) -> dict[str, Any]:
    saved, refused = 0, []
    async with opened(settings) as engine:
        prompts = PromptVersions(PromptFiles(settings.prompts_dir), engine)
        transactions = Transactions(engine)
        desk = ReviewDesk(ReplyLog(engine), prompts, Reviews(transactions), Outcomes(transactions), AuditLog(engine))
        for row in read_outcomes(file):
            fault = row.fault
            if row.outcome and not fault:
                try:
                    await desk.put_outcome(row.reply_id, row.outcome)
                    saved += 1
                except NotFoundError as exc:
                    fault = exc.detail
            if fault:
                refused.append({"line": row.line, "fault": fault})
    return {"saved": saved, "refused": refused}
