"""`aplomb prompts …`: what a prompt engineer does with the files below prompts/."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service.cli import exchanging, linting, prompt_versions
from service.cli import handbook as handbooks
from service.cli.shell import Json, fail, open_settings, out, run
from service.errors import ServiceError
from service.prompting.exchange.importing import Kind
from service.prompting.schemas import FILES, schema_text

app = typer.Typer(help="Prompt files, their versions and labels.", no_args_is_help=True, rich_markup_mode="markdown")
app.add_typer(prompt_versions.app)


@app.command()
def lint(
    brand: Annotated[str | None, typer.Argument(help="One brand only.", show_default=False)] = None,
    language: Annotated[linting.Spoken, typer.Option(help="Of the explanations.")] = linting.Spoken.EN,
    as_json: Json = False,
) -> None:
    """
    Read the prompt files as a careful colleague would: contradictions, dead lines, promises, open slots and more.

    Exits with 1 when there is an error. Example: `aplomb prompts lint maison-lune --language fr`
    """
    today = datetime.now(UTC).date()
    found = run(linting.lint(open_settings(), brand, today), as_json=as_json)
    linting.show(found, language, out, as_json=as_json)
    raise typer.Exit(1 if linting.has_errors(found) else 0)


@app.command()
def handbook(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where the pages are written.")],
    language: Annotated[linting.Spoken, typer.Option(help="Of the pages.")] = linting.Spoken.EN,
    as_json: Json = False,
) -> None:
    """
    Write the prompts, their versions, lint and results as Markdown pages for Notion or Obsidian, and a CSV.

    A second run writes only its own pages again. Example: `aplomb prompts handbook handbook --language fr`
    """
    today = datetime.now(UTC).date()
    changed = run(handbooks.write(open_settings(), folder, language, today), as_json=as_json)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "changed": list(changed)}))
    else:
        out.print(f"{folder}: {len(changed)} pages written", markup=False)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="promptfoo, Langfuse, OpenAI or Prompty.")],
    kind: Annotated[Kind, typer.Option("--as", help="What it becomes.")],
    brand: Annotated[str | None, typer.Option(help="Whose variables and scenarios they are.")] = None,
    slot: Annotated[list[str] | None, typer.Option("--map", help="A slot as name=slot; may be repeated.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would be written, and write nothing.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are already there.")] = False,
    as_json: Json = False,
) -> None:
    """
    Bring a prompt or test cases of another tool; what cannot come along is named, and nothing in the file is run.

    Example: `aplomb prompts import promptfooconfig.yaml --as scenario --brand maison-lune --plan`
    """
    wanted = exchanging.Wanted(file, kind, brand, exchanging.pairs(slot or []))
    try:
        settings = open_settings()
        planned = exchanging.plan(settings, wanted)
        if not plan:
            exchanging.write(settings, planned, overwrite=overwrite)
    except ServiceError as exc:
        fail(exc, as_json=as_json)
    exchanging.show(planned, out, written=not plan, as_json=as_json)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where the files are written.")],
    to: Annotated[exchanging.Target, typer.Option("--to", help="For which tool.")] = exchanging.Target.PROMPTFOO,
    as_json: Json = False,
) -> None:
    """
    Write the scenarios as promptfoo's tests against this service, and each brand's prompt as a chat.

    Example: `aplomb prompts export --to promptfoo tests-for-promptfoo`
    """
    try:
        changed = exchanging.export(open_settings(), folder)
    except ServiceError as exc:
        fail(exc, as_json=as_json)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "to": to, "changed": list(changed)}))
    else:
        out.print(f"{folder}: {len(changed)} files written", markup=False)


@app.command()
def schemas() -> None:
    """
    Write the JSON Schemas with which editors complete prompt files, below prompts/schemas.

    Example: `aplomb prompts schemas`
    """
    folder = open_settings().prompts_dir / "schemas"
    folder.mkdir(exist_ok=True)
    for kind in FILES:
        (folder / f"{kind}.schema.json").write_text(schema_text(kind), encoding="utf-8")
    out.print(f"{folder}: {len(FILES)} schemas written", markup=False)
