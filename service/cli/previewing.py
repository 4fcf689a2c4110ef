"""A preview in a terminal: the ticket that is tried, the exact messages, tokens and cost by part, the replies."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from service.domain import Sender

_STYLES = {"equal": "", "deleted": "red strike", "inserted": "green"}
_SIGNS = {"equal": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
"""For where there is no colour, as wdiff writes them."""


def ticket_of(written: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the API's ticket: of a JSON file after `@`, of standard input for `-`, else of what a customer wrote."""
    if written.startswith("@"):
        try:
            return json.loads(Path(written[1:]).read_text("utf-8"))
        except (OSError, ValueError) as exc:
            raise typer.BadParameter(f"{written[1:]} cannot be read as a ticket in JSON") from exc
    text = sys.stdin.read() if written == "-" else written
    if not text.strip():
        raise typer.BadParameter("the ticket is empty")
    return {"messages": [{"from": Sender.CUSTOMER.value, "text": text}]}


def pairs(written: Sequence[str] | None) -> dict[str, str]:
    """Return the values by name of what was written as name=value."""
    for each in written or ():
        if "=" not in each:
            raise typer.BadParameter(f"{each}: write name=value")
    return dict(each.split("=", 1) for each in written or ())


def show(preview: Mapping[str, Any], out: Console) -> None:
    """Print what was tried and, when it was written, its reply beside the other version's."""
    tried, against = preview["tried"], preview["against"]
    for message in tried["messages"]:
        out.print(f"[bold cyan]# {message['role']}[/]\n{escape(message['content'])}\n", highlight=False, soft_wrap=True)
    _show_parts(tried, out)
    if tried["reply"]:
        _show_reply("reply", tried, out)
    if against and against["reply"]:
        _show_reply("beside it", against, out)
        _show_difference("reply", preview["reply_changes"], out)
    elif against:
        _show_difference("messages", preview["message_changes"], out)
    if preview["scenario"]:
        out.print(f"\nscenario saved: {escape(preview['scenario']['file'])}", highlight=False)


def show_changes(pieces: Sequence[Mapping[str, str]], out: Console) -> None:
    marked = "".join(_marked(each["change"], each["text"], is_coloured=out.is_terminal) for each in pieces)
    out.print(marked, highlight=False, soft_wrap=True)


def _show_parts(tried: Mapping[str, Any], out: Console) -> None:
    for part in tried["parts"]:
        out.print(f"{part['part']:>14} {part['tokens']:6} tokens{_cost(part['cost_usd'])}", highlight=False)
    whole = f"{'in all':>14} {tried['tokens']:6} tokens{_cost(tried['cost_usd'])} (estimated, within 25 %)"
    out.print(whole, highlight=False)


def _show_reply(title: str, tried: Mapping[str, Any], out: Console) -> None:
    reply, prompt = tried["reply"], tried["prompt"]
    said = reply["text"] or (reply["handoff"] or {}).get("message", "")
    tokens = reply["usage"]["completion_tokens"]
    spent = "" if tokens is None else f", {tokens} tokens{_cost(tried['reply_cost_usd'])}"
    head = f"\n[bold cyan]# {title}[/] [dim]({prompt['version']}, {reply['decision']}{spent})[/]"
    out.print(f"{head}\n{escape(said)}", highlight=False, soft_wrap=True)


def _show_difference(where: str, pieces: Sequence[Mapping[str, str]], out: Console) -> None:
    if all(each["change"] == "equal" for each in pieces):
        out.print(f"\nnothing changes in the {where}", highlight=False)
        return
    out.print(f"\n[bold cyan]# what changes in the {where}[/]", highlight=False)
    show_changes(pieces, out)


def _cost(usd: float | None) -> str:
    return "" if usd is None else f", {usd:.5f} USD"


def _marked(change: str, text: str, *, is_coloured: bool) -> str:
    style = _STYLES[change]
    if not is_coloured:
        before, after = _SIGNS[change]
        return escape(f"{before}{text}{after}")
    return f"[{style}]{escape(text)}[/]" if style else escape(text)
