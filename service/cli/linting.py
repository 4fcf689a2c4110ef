"""Lints the prompt files from the command line; the database is read when there is one, and never written."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from enum import StrEnum

import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.ext.asyncio import AsyncEngine

from service.api.schemas.lint import LintOut
from service.database import open_engine, sqlite_url
from service.prompting.files import PromptFiles
from service.prompting.lint.findings import LintFinding, Severity
from service.prompting.lint.lint import PromptLint
from service.prompting.versions.history import PromptHistory
from service.settings import Settings

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}


class Spoken(StrEnum):
    EN = "en"
    FR = "fr"


async def lint(settings: Settings, brand: str | None, today: date) -> tuple[LintFinding, ...]:
    """Return the findings; UnknownBrandError when there is no such brand."""
    if brand is not None:
        PromptFiles(settings.prompts_dir).brand_text(brand)
    async with existing_database(settings) as engine:
        history = PromptHistory(engine) if engine else None
        return await PromptLint(settings.prompts_dir, history, chat_model_of(settings)).files(today, brand)


def has_errors(findings: Sequence[LintFinding]) -> bool:
    return any(each.severity is Severity.ERROR for each in findings)


def show(findings: Sequence[LintFinding], language: Spoken, console: Console, *, as_json: bool) -> None:
    """Print the findings by file and line, each with why and what to do; the counts come last."""
    said = LintOut.of(findings, language)
    if as_json:
        typer.echo(said.model_dump_json(indent=2))
        return
    for each in said.findings:
        colour = _COLOURS[each.severity]
        console.print(f"[bold]{escape(each.file)}:{each.line}[/] [{colour}]{each.severity}[/] {each.code}")
        console.print(f"  {escape(each.why)}\n  [dim]→ {escape(each.fix)}[/]", soft_wrap=True)
    console.print(f"errors: {said.errors}, warnings: {said.warnings}")


@asynccontextmanager
async def existing_database(settings: Settings) -> AsyncIterator[AsyncEngine | None]:
    """Open the database for reading beside a service that runs, or give None when there is none yet."""
    url = settings.database_url.get_secret_value() if settings.database_url else sqlite_url(settings.data_dir)
    if settings.database_url is None and not (settings.data_dir / "aplomb.db").exists():
        yield None
        return
    engine = open_engine(url, settings.database_wait_s)
    try:
        yield engine
    finally:
        await engine.dispose()


def chat_model_of(settings: Settings) -> str | None:
    """Return the configured chat model as `provider:name`, None when the service writes extracts."""
    return settings.chat_model or ("openai:" if settings.openai_api_key else None)
