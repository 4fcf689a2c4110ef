"""Measures what Aplomb promises: how good, how fast, how safe; every figure of BENCHMARKS.md comes from here."""

import asyncio
import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.measures.knowledge import asking, ingest_speed, judged, rebuilding, speed, starting
from scripts.measures.prompting import linting, rolling_back
from scripts.measures.prompting.voice import measure as measure_voice
from scripts.measures.replies import checking, conversing, injection, replying
from scripts.measures.replies import overhead as beyond_the_model
from scripts.measures.reply_log import logged, personal, reproduced
from scripts.measures.review import coverage as simulated
from scripts.measures.review import looking, reviewed
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.embedding.minilm import MiniLmEmbeddings

ROOT = Path(__file__).resolve().parent.parent

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


class Model(StrEnum):
    MINILM = "minilm"
    HASHED = "hashed"


Base = Annotated[Path | None, typer.Option(help="A folder for the made-up base, which is filled once and used again.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@app.callback()
def _commands() -> None:
    """Send log lines to standard error: standard output is for figures."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With corpus.jsonl and <split>/.")],
    split: str = "dev",
    model: Model = Model.MINILM,
    as_json: AsJson = False,
) -> None:
    """Ask a judged set's questions; the first passage of an article is the article's rank."""
    judged_set = judged.read(folder, split)
    figures = asyncio.run(
        asking.measure(judged_set, MiniLmEmbeddings() if model is Model.MINILM else HashedEmbeddings())
    )
    _print(f"{judged_set.name} ({split}), {len(judged_set.questions)} questions", figures, as_json=as_json)


@app.command()
def replies(
    files: Annotated[Path, typer.Argument(exists=True, help="The articles as files, named by their id.")],
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With corpus.jsonl and <split>/.")],
    split: str = "dev",
    as_json: AsJson = False,
) -> None:
    """Ingest files, send a judged set's questions to the API, and count what the replies cite."""
    judged_set = judged.read(folder, split)
    with replying.temporary_settings(ROOT / "prompts") as settings:
        asyncio.run(replying.ingest(settings, files))
        figures = replying.measure(settings, judged_set)
    title = f"replies on {judged_set.name} ({split}), {len(judged_set.questions)} questions"
    _print(title, figures, as_json=as_json)


@app.command()
def condense(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="A judged set with `user_turns`.")],
    split: str = "dev",
    as_json: AsJson = False,
) -> None:
    """Say how much is found with the question condensed from the turns, beside the last turn and a person's rewrite."""
    judged_set = judged.read(folder, split)
    asked = conversing.read(folder, split, judged_set.questions)
    figures = asyncio.run(asking.condensed(judged_set, asked, MiniLmEmbeddings()))
    _print(f"condense on {judged_set.name} ({split}), {len(judged_set.questions)} questions", figures, as_json=as_json)


@app.command()
def condensed(
    file: Annotated[Path, typer.Argument(exists=True, help="Conversations, one JSON object a line.")],
) -> None:
    """Print each conversation's last turn and, where it differs, the question that it becomes."""
    for last, question in conversing.condensed(file):
        print(last if question == last else f"{last} → {question}")


@app.command()
def abstention(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With corpus.jsonl and <split>/.")],
    asked: Annotated[Path, typer.Argument(exists=True, help="Questions, one JSON object a line, with a label.")],
    split: str = "dev",
    domain: Annotated[str | None, typer.Option(help="Only the questions of this domain.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say how well answerability tells a set's own questions from others: the AUROC, and the shares handed off."""
    judged_set = judged.read(folder, split)
    figures = asyncio.run(asking.abstention(judged_set, judged.labelled(asked, domain), MiniLmEmbeddings()))
    _print(f"{asked.parent.parent.name}/{asked.stem} on {judged_set.name} ({split})", figures, as_json=as_json)


@app.command(name="injection")
def attacks(
    data: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With indirect/, direct/ and benign/.")],
    split: str = "dev",
    policy: Annotated[str, typer.Option(help="What becomes of unsupported sentences: drop, mark or handoff.")] = "drop",
    as_json: AsJson = False,
) -> None:
    """Attack tickets and articles before chat models that obey, and say what left; then ask harmless ones."""
    for name, figures in injection.measure(data, split, policy).items():
        _print(f"{name} ({split}, {policy})", figures, as_json=as_json)


@app.command()
def checks(
    data: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With retrieval/ and faithfulness/.")],
    split: str = "dev",
    seed: int = 1,
    as_json: AsJson = False,
) -> None:
    """Spoil sentences of real articles and count what the checks catch; tell labelled replies apart; take the time."""
    _print(f"checks ({split}, seed {seed})", checking.measure(data, split, seed), as_json=as_json)


@app.command()
def embed(*, as_json: AsJson = False) -> None:
    """Time the embedding of a question and of passages, with Chroma's way beside ours."""
    _print("embedding", speed.embedding(), as_json=as_json)


@app.command()
def find(
    passages: Annotated[int, typer.Option(min=100)] = 10_000, *, base: Base = None, as_json: AsJson = False
) -> None:
    """Time finding, one changed article and a rollback on a made-up base of so many passages: minutes for 100 000."""
    _print("finding", asyncio.run(speed.finding(passages, base)), as_json=as_json)


@app.command()
def start(
    passages: Annotated[int, typer.Option(min=100)] = 10_000, *, base: Base = None, as_json: AsJson = False
) -> None:
    """Start `aplomb serve` on such a base: seconds until it is ready, questions over HTTP, memory of its process."""
    _print("starting", starting.starting(passages, base), as_json=as_json)


@app.command()
def rebuild(
    passages: Annotated[int, typer.Option(min=100)] = 10_000, *, base: Base = None, as_json: AsJson = False
) -> None:
    """Build the vector index of such a base anew, as after damage, while questions go on."""
    _print("rebuilding", asyncio.run(rebuilding.rebuilding(passages, base)), as_json=as_json)


@app.command()
def overhead(passages: Annotated[int, typer.Option(min=100)] = 10_000, *, as_json: AsJson = False) -> None:
    """Time whole replies beyond a chat model without a delay: one client, sixteen, and the first sentence."""
    _print("overhead", asyncio.run(beyond_the_model.overhead(passages)), as_json=as_json)


@app.command()
def log(replies: Annotated[int, typer.Option(min=1_000)] = 100_000, *, as_json: AsJson = False) -> None:
    """Write, list and verify a log of so many copies of real replies; a minute for 100 000."""
    _print("reply log", asyncio.run(logged.measure(replies, ROOT / "knowledge")), as_json=as_json)


@app.command()
def reproduce(
    replies: Annotated[int, typer.Option(min=10)] = 10_000,
    database: Annotated[str, typer.Option(help="The address of an empty PostgreSQL; else SQLite.")] = "",
    model: Model = Model.MINILM,
    *,
    as_json: AsJson = False,
) -> None:
    """Write replies of every kind, edit prompts, move labels, ingest anew, restart, and rebuild each byte for byte."""
    figures = asyncio.run(reproduced.measure(replies, database or None, model))
    _print(f"reproducing on {'PostgreSQL' if database else 'SQLite'}", figures, as_json=as_json)


@app.command()
def privacy(
    items: Annotated[Path | None, typer.Argument(exists=True, help="Labelled texts, one JSON object a line.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Count the personal values that are hidden, by kind, and what is hidden wrongly: on our own tickets, and yours."""
    _print("privacy on our own tickets", personal.measure_own(), as_json=as_json)
    _print("privacy on tickets held out", personal.measure_own(held_out=True), as_json=as_json)
    if items:
        _print(f"privacy on {items.parent.parent.name}", personal.measure(items), as_json=as_json)


@app.command()
def voice(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="With kb/, retrieval/, injection/ …")],
    *,
    as_json: AsJson = False,
) -> None:
    """Measure language, register and typography on real messages and articles. Example: voice ../data --json."""
    _print("language and register", measure_voice(folder), as_json=as_json)


@app.command()
def ingest(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Articles as files.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Time whole ingest commands on a copy of a folder: the first, one without a change, one with one changed file."""
    _print("ingesting", ingest_speed.commands(folder), as_json=as_json)


@app.command()
def lint(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Prompt files.")] = ROOT / "prompts",
    *,
    as_json: AsJson = False,
) -> None:
    """Time the lint as a prompt engineer waits for it: the first in this process, and the next fifty."""
    _print("lint, milliseconds", asyncio.run(linting.measure(folder)), as_json=as_json)


@app.command()
def rollback(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Prompt files.")] = ROOT / "prompts",
    *,
    as_json: AsJson = False,
) -> None:
    """Time a label's rollback until the version before writes again."""
    _print("rollback, milliseconds", asyncio.run(rolling_back.measure(folder)), as_json=as_json)


@app.command()
def coverage(runs: Annotated[int, typer.Option(min=100)] = 10_000, *, as_json: AsJson = False) -> None:
    """How often the 95 % interval of a rate estimated from a stratified sample holds the truth, in simulations."""
    figures = {
        f"{line.ratings} ratings a stratum, {line.rates} approved": line.covered
        for line in simulated.table(runs, seed=20261123)
    }
    _print(f"share of {runs} simulations whose interval held the truth", figures, as_json=as_json)


@app.command(name="looking")
def look_early(pairs: Annotated[int, typer.Option(min=10, max=1_000)] = 200, *, as_json: AsJson = False) -> None:
    """How often looking after every decided pair ends a blind comparison, with and without a difference; exact."""
    _print(f"share that stops within {pairs} decided pairs", looking.table(pairs), as_json=as_json)


@app.command()
def review(replies: Annotated[int, typer.Option(min=1_000)] = 50_000, *, as_json: AsJson = False) -> None:
    """How fast the log's lists, statistics and pages are over made-up replies with reviews and outcomes, in SQLite."""
    _print(f"{replies} replies", asyncio.run(reviewed.measure(replies)), as_json=as_json)


def _print(title: str, figures: Mapping[str, float], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"measured": title} | {name: round(value, 4) for name, value in figures.items()}))
        return
    table = Table("figure", "value", title=title)
    for name, value in figures.items():
        table.add_row(name, f"{value:.3f}")
    Console().print(table)


if __name__ == "__main__":
    app()
