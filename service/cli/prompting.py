"""`aplomb prompts …`: what a prompt engineer does with the files below prompts/."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from service.cli import linting
from service.cli.shell import Json, open_settings, out, run

app = typer.Typer(help="Lint the prompt files.", no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def _group() -> None:
    """Keep `prompts` a group of commands, however few there are."""


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
