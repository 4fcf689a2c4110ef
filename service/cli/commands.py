"""The `aplomb` command: serve, ingest, reply, doctor. Results go to stdout, progress and log lines to stderr."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from service.cli import exporting, keys, logs, prompting, reviewing
from service.cli.shell import Json
from service.cli.shell import err as _err
from service.cli.shell import fail as _fail
from service.cli.shell import open_settings as _settings
from service.cli.shell import out as _out
from service.cli.shell import run as _run
from service.domain import Customer, Message, Sender, Ticket
from service.errors import ServiceError

app = typer.Typer(
    help="Support replies in your brand's voice, built only from your own articles.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.add_typer(prompting.app, name="prompts")
logs.app.registered_commands += exporting.app.registered_commands
app.add_typer(logs.app, name="log")
app.add_typer(reviewing.app, name="review")
app.add_typer(keys.app, name="keys")

Brand = Annotated[str, typer.Option(help="The brand's file name in prompts/brands.")]


def main() -> None:
    app()


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The port to listen on.")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    as_json: Json = False,
) -> None:
    """
    Start the API and the pages; the demo brands' articles are ingested when there are none.

    Example: `aplomb serve --port 8080`
    """
    from service.cli import serving

    changes = {key: value for key, value in {"port": port, "host": host}.items() if value is not None}
    settings = _settings().model_copy(update=changes)
    try:
        serving.serve(settings, _err if as_json else _out, as_json=as_json)
    except ServiceError as exc:
        _fail(exc, as_json=as_json)


@app.command()
def ingest(
    path: Annotated[Path, typer.Argument(exists=True, help="A file, a folder or an export.")],
    brand: Brand,
    plan: Annotated[bool, typer.Option(help="Show what would change, and change nothing.")] = False,
    delete_missing: Annotated[bool, typer.Option(help="Remove articles that are no longer in PATH.")] = False,
    watch: Annotated[bool, typer.Option(help="Go on, and ingest again whenever a file below PATH changes.")] = False,
    as_json: Json = False,
) -> None:
    """
    Bring a brand's knowledge base to what PATH holds; a service that runs on the same data does the work.

    Example: `aplomb ingest knowledge/maison-lune --brand maison-lune --plan`
    """
    from service.cli import ingesting

    wanted = ingesting.Wanted(path, brand, plan_only=plan, delete_missing=delete_missing)
    if watch:
        _run(ingesting.watch(_settings(), wanted, _err, _out), as_json=as_json)
    report = _run(ingesting.ingest(_settings(), wanted, _err), as_json=as_json)
    ingesting.show(report, _out, as_json=as_json)
    raise typer.Exit(1 if report["refused"] else 0)


@app.command()
def reply(
    message: Annotated[str, typer.Argument(help="What the customer wrote; `-` reads it from standard input.")],
    brand: Brand,
    name: Annotated[str | None, typer.Option(help="The customer's name.")] = None,
    variable: Annotated[list[str] | None, typer.Option(help="A business value as name=value; may be repeated.")] = None,
    tone: Annotated[str | None, typer.Option(help="A file name in prompts/tones.")] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639-1; found out when left out.")] = None,
    as_json: Json = False,
) -> None:
    """
    Write a reply to one message, and log it.

    Example: `aplomb reply "Sous combien de jours serai-je livrée ?" --brand maison-lune --name Ana`
    """
    from service.cli import asking, showing

    text = sys.stdin.read() if message == "-" else message
    if not text.strip():
        raise typer.BadParameter("the message is empty")
    ticket = Ticket(
        brand=brand,
        messages=(Message(sender=Sender.CUSTOMER, text=text),),
        customer=Customer(name=name) if name else None,
        variables=dict(_pair(each) for each in variable or []),
        tone=tone,
        language=language,
    )
    written = _run(asking.reply(_settings(), ticket), as_json=as_json)
    if as_json:
        typer.echo(written.model_dump_json(indent=2))
    else:
        showing.show_reply(written, _out)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What a customer might ask.")],
    brand: Brand,
    limit: Annotated[int, typer.Option(min=1, max=20, help="How many passages.")] = 5,
    as_json: Json = False,
) -> None:
    """
    Show the passages that a reply would rest on, and with --json every candidate and why it was dropped.

    Example: `aplomb search "délai de remboursement" --brand maison-lune`
    """
    from service.cli import asking, showing

    found = _run(asking.search(_settings(), question, brand, limit), as_json=as_json)
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        showing.show_finding(found, _out)


@app.command()
def rollback(
    generation: Annotated[int, typer.Argument(min=1, help="The generation to serve again.")],
    brand: Brand,
    as_json: Json = False,
) -> None:
    """
    Serve an earlier generation of a brand's knowledge base again, as a new one.

    Example: `aplomb rollback 3 --brand maison-lune`
    """
    from service.cli import asking

    served = _run(asking.roll_back(_settings(), brand, generation), as_json=as_json)
    if as_json:
        typer.echo(json.dumps(served))
    else:
        _out.print(f"{brand}: serves the articles of generation {generation} as generation {served['number']}")


@app.command()
def doctor(as_json: Json = False) -> None:
    """
    Check the settings, the prompt files, the database, the vectors and the chat model, and say what to do.

    Example: `aplomb doctor --json`
    """
    from service.cli import doctor as checks

    findings = _run(checks.examine(_settings()), as_json=as_json)
    if as_json:
        typer.echo(
            json.dumps([{"part": each.part, "ok": each.ok, "detail": each.detail} for each in findings], indent=2)
        )
    else:
        for each in findings:
            _out.print(
                f"[{'green' if each.ok else 'red'}]{'ok  ' if each.ok else 'fail'}[/] {each.part}: {each.detail}"
            )
    raise typer.Exit(0 if all(each.ok for each in findings) else 1)


def _pair(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals or not name:
        raise typer.BadParameter("a variable is written name=value")
    return name, value
