"""What every command shares: where it prints, how it reads the settings, and how it ends when something went wrong."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from service.errors import ServiceError
from service.settings import Settings
from service.telemetry import configure_logging

out = Console()
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def open_settings() -> Settings:
    settings = Settings()
    configure_logging(settings.log_format, settings.log_level)
    return settings


def run(work: Coroutine[Any, Any, Any], *, as_json: bool) -> Any:  # noqa: ANN401 - whatever the work returns
    """Return what *work* returns, or say what went wrong and exit."""
    try:
        return asyncio.run(work)
    except ServiceError as exc:
        fail(exc, as_json=as_json)


def fail(error: ServiceError, *, as_json: bool) -> NoReturn:
    """Say what went wrong and exit: 2 for what was asked wrongly, 1 for what failed."""
    places = [{"pointer": each.pointer, "detail": each.detail} for each in error.pointers]
    if as_json:
        typer.echo(json.dumps({"type": error.type, "title": error.title, "detail": error.detail, "errors": places}))
    else:
        err.print(f"{error.title}: {error.detail}", style="red", markup=False, soft_wrap=True)
        for place in places:
            err.print(f"  {place['pointer']}: {place['detail']}", markup=False)
    is_callers = 400 <= error.status < 500 and error.status != 409  # noqa: PLR2004 - HTTP
    raise typer.Exit(2 if is_callers else 1)
