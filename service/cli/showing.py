"""A reply in a terminal: its text, its decision, and the quotes that it rests on."""

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from service.api.schemas.finding import FindingOut
from service.api.schemas.reply import ReplyOut


def show_reply(reply: ReplyOut, console: Console) -> None:
    """Print *reply* with a numbered citation after each sentence, then the quotes by number."""
    if reply.handoff:
        console.print(Panel(escape(reply.handoff.summary), title="handed off to a person", title_align="left"))
        return
    numbers: dict[tuple[str, int, int], int] = {}
    text = ""
    for sentence in reply.sentences:
        keys = [(citation.passage, citation.start, citation.end) for citation in sentence.citations]
        marks = "".join(f" [cyan]\\[{numbers.setdefault(key, len(numbers) + 1)}][/]" for key in keys)
        text += sentence.before + escape(sentence.text) + marks
    reasons = ", ".join(reason.code for reason in reply.reasons)
    console.print(Panel(text, title=f"reply · {reply.decision} ({reasons})", title_align="left"))
    _show_quotes(reply, numbers, console)


def _show_quotes(reply: ReplyOut, numbers: dict[tuple[str, int, int], int], console: Console) -> None:
    for sentence in reply.sentences:
        for citation in sentence.citations:
            number = numbers.pop((citation.passage, citation.start, citation.end), None)
            if number is not None:
                quote = " ".join(citation.quote.split())
                console.print(f"[cyan]\\[{number}][/] {escape(citation.title)} [dim]({escape(citation.article)})[/]")
                console.print(f"    [dim]“{escape(quote)}”[/]")


def show_finding(finding: FindingOut, console: Console) -> None:
    """Print the passages of a finding, most relevant first."""
    console.print(f"generation {finding.generation}, answerability {finding.answerability:.2f}", highlight=False)
    for found in finding.passages:
        place = " › ".join(filter(None, (found.title, found.heading)))
        console.print(f"[cyan]{found.relevance:.2f}[/] {escape(place)} [dim]({escape(found.article)})[/]")
        console.print(f"    [dim]{escape(' '.join(found.text.split())[:240])}[/]")
