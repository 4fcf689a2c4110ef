"""`aplomb prompts list|show|diff|promote|rollback|history`: versions and labels from a terminal."""

import json
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Table

from service.cli import previewing
from service.cli.inside import ask
from service.cli.shell import Json, open_settings, out, run
from service.prompting.versions.labels import PRODUCTION

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

Brand = Annotated[str, typer.Option(help="The brand's file name in prompts/brands.")]
Label = Annotated[str, typer.Option(help="The label; any name may be given.")]
Note = Annotated[str, typer.Option(help="Why, for those who read the history.")]
Author = Annotated[str, typer.Option(help="Who.")]


@app.command("list")
def show_list(
    brand: Annotated[str | None, typer.Argument(help="One brand only.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """
    List the versions of each brand's prompt, newest first, with the labels that point at them.

    Example: `aplomb prompts list maison-lune`
    """
    found = _ask("GET", "/v1/prompts", as_json=as_json, brand=brand)
    for seen in found["prompts"]:
        table = Table("version", "tone", "since", "labels", title=seen["brand"], title_justify="left")
        for each in seen["versions"]:
            table.add_row(each["version"], escape(each["tone"]), each["created_at"][:16], ", ".join(each["labels"]))
        out.print(table)
        if seen["files_fault"]:
            answers = f"version {seen['files_version']} answers" if seen["files_version"] else "nothing answers"
            out.print(f"broken: {seen['files_fault']} ({answers})", style="red", markup=False, soft_wrap=True)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A version or a label.")] = PRODUCTION,
    brand: Brand = "maison-lune",
    ticket: Annotated[
        str | None,
        typer.Option(help="What a customer wrote; `-` reads it from standard input, `@FILE` the API's ticket as JSON."),
    ] = None,
    reply: Annotated[str | None, typer.Option(help="The id of a logged reply, whose ticket is taken.")] = None,
    variable: Annotated[list[str] | None, typer.Option("--var", help="A variable, name=value; repeat it.")] = None,
    tone: Annotated[str | None, typer.Option(help="Another tone than the version's.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as fr; left out, the ticket's own.")] = None,
    parameter: Annotated[list[str] | None, typer.Option("--set", help="temperature=0.7 and such; repeat it.")] = None,
    chat_model: Annotated[str | None, typer.Option(help="provider:name, instead of the version's own.")] = None,
    against: Annotated[str | None, typer.Option(help="A version or label to write the reply with as well.")] = None,
    write: Annotated[bool, typer.Option(help="Have the reply written too; it is not logged.")] = False,
    save_as: Annotated[str | None, typer.Option(help="Keep the ticket as a scenario of this name.")] = None,
    as_json: Json = False,
) -> None:
    """
    Show what the chat model would be sent for a ticket, with tokens by part, and with --write the reply.

    Without a ticket it shows the version's texts. Examples: `aplomb prompts show files --ticket "Où est mon colis ?"`,
    `aplomb prompts show files --ticket "Où est mon colis ?" --write --against production --save-as ou-est-mon-colis`
    """
    if ticket is None and reply is None:
        _show_texts(name, brand, as_json=as_json)
        return
    asked = {"reply": reply} if reply else {"brand": brand, "ticket": previewing.ticket_of(ticket or "")}
    chosen = {"tone": tone, "language": language, "chat_model": chat_model, "save_as": save_as}
    given = {"variables": previewing.pairs(variable), "sampling": previewing.pairs(parameter)}
    extra = {key: value for key, value in (chosen | given).items() if value}
    body = {**asked, **extra, "prompt": name, "write": write, "against": against}
    previewing.show(_ask("POST", "/v1/prompts/preview", body, as_json=as_json), out)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="The older version.")],
    new: Annotated[str, typer.Argument(help="The newer version.")],
    as_json: Json = False,
) -> None:
    """
    Compare two versions word by word, file by file.

    Example: `aplomb prompts diff 9f2c01ab34de 34a3ef8e9a39`
    """
    compared = _ask("GET", f"/v1/prompts/{new}/diff?with={quote(old)}", as_json=as_json)
    for file in ("template", "brand", "tone"):
        if any(piece["change"] != "equal" for piece in compared[file]):
            out.print(f"[bold]{file}[/]")
            previewing.show_changes(compared[file], out)


@app.command()
def promote(
    version: Annotated[
        str | None, typer.Argument(help="The version; left out, production follows the files again.")
    ] = None,
    brand: Brand = "maison-lune",
    label: Label = PRODUCTION,
    note: Note = "",
    author: Author = "",
    as_json: Json = False,
) -> None:
    """
    Point a label at a version; `production` is pinned by it until it is moved again.

    Example: `aplomb prompts promote 9f2c01ab34de --brand maison-lune --note "shorter endings" --author Lea`
    """
    body = {"brand": brand, "version": version, "note": note, "author": author}
    _tell(_ask("PUT", f"/v1/prompts/labels/{quote(label)}", body, as_json=as_json))


@app.command()
def rollback(
    brand: Brand,
    label: Label = PRODUCTION,
    note: Note = "",
    author: Author = "",
    as_json: Json = False,
) -> None:
    """
    Undo a label's last move that was not undone yet.

    Example: `aplomb prompts rollback --brand maison-lune --label production`
    """
    body = {"brand": brand, "note": note, "author": author}
    _tell(_ask("POST", f"/v1/prompts/labels/{quote(label)}/rollbacks", body, as_json=as_json))


@app.command()
def history(brand: Brand, label: Label = PRODUCTION, as_json: Json = False) -> None:
    """
    Show a label's moves, newest first; `files` has one for each edit that was seen.

    Example: `aplomb prompts history --brand maison-lune --label files`
    """
    for move in _ask("GET", f"/v1/prompts/labels/{quote(label)}/history", as_json=as_json, brand=brand):
        _tell(move)


def _ask(method: str, path: str, body: dict[str, Any] | None = None, *, as_json: bool, **query: str | None) -> Any:  # noqa: ANN401 - any JSON
    """Ask the API; with --json print the answer and be done."""
    answer = run(ask(open_settings(), method, path, body, **query), as_json=as_json)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        raise typer.Exit
    return answer


def _show_texts(name: str, brand: str, *, as_json: bool) -> None:
    (seen,) = run(ask(open_settings(), "GET", "/v1/prompts", brand=brand), as_json=as_json)["prompts"]
    version = next((each["version"] for each in seen["versions"] if name in each["labels"]), name)
    text = _ask("GET", f"/v1/prompts/{quote(version)}", as_json=as_json)
    for file in ("template", "brand", "tone"):
        out.print(
            f"[bold cyan]# {file}[/] [dim]({text['version']})[/]\n{escape(text[f'{file}_text'])}", highlight=False
        )


def _tell(move: dict[str, Any]) -> None:
    where = move["version"] or ("the files" if move["label"] == PRODUCTION else "nowhere")
    said = " ".join(filter(None, (move["note"] and f"“{move['note']}”", move["author"] and f"({move['author']})")))
    out.print(
        f"{move['moved_at'][:16]} {move['brand']} {move['label']} → {where} {said}", markup=False, highlight=False
    )
