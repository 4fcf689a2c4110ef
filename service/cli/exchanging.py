"""Imports prompts and test cases of other tools, and exports ours; shows the plan before anything is written."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import typer
from rich.console import Console

from service.domain import Message, Sender, Ticket
from service.errors import InvalidInputError, PromptError
from service.prompting.brands import Brand
from service.prompting.exchange import promptfoo
from service.prompting.exchange.importing import ImportPlan, Kind, plan_scenarios, plan_template, plan_tone, slug
from service.prompting.exchange.reading import read_foreign
from service.prompting.exchange.slots import SLOTS
from service.prompting.files import PromptFiles
from service.prompting.own_files import write_own
from service.prompting.prompts import PromptText, build_prompt
from service.prompting.scenarios import Scenario, parse_scenario
from service.prompting.templates.rendering import render
from service.settings import Settings


class Target(StrEnum):
    PROMPTFOO = "promptfoo"


@dataclass(frozen=True, slots=True)
class Wanted:
    path: Path
    kind: Kind
    brand: str | None
    mapping: Mapping[str, str]


def plan(settings: Settings, wanted: Wanted) -> ImportPlan:
    """Return what the import would write; InvalidInputError when nothing usable is left."""
    foreign = [slot for slot in wanted.mapping.values() if slot not in SLOTS]
    if foreign:
        raise InvalidInputError(f"--map takes one of these: {', '.join(SLOTS)}.")
    file = read_foreign(wanted.path)
    if wanted.kind is Kind.TONE:
        return plan_tone(file)
    files = PromptFiles(settings.prompts_dir)
    if wanted.kind is Kind.SCENARIO:
        return plan_scenarios(file, files.brand(wanted.brand) if wanted.brand else None)
    brand = files.brand(wanted.brand or files.brand_ids()[0])
    return plan_template(file, _current(files, brand), brand, wanted.mapping)


def write(settings: Settings, planned: ImportPlan, *, overwrite: bool) -> None:
    """Write the plan's files; InvalidInputError before the first when one is there and may not be overwritten."""
    for path in planned.files:
        if (settings.prompts_dir / path).exists() and not overwrite:
            raise InvalidInputError(f"{path} is already there; add --overwrite to replace it, or --plan to compare.")
    for path, text in planned.files.items():
        target = settings.prompts_dir / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def show(planned: ImportPlan, console: Console, *, written: bool, as_json: bool) -> None:
    """Print each file's text, what was changed, and what was left out."""
    if as_json:
        said = {"files": planned.files, "notes": planned.notes, "left_out": planned.left_out, "written": written}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    for path, text in planned.files.items():
        console.print(f"{'wrote' if written else 'would write'} {path}", style="bold", markup=False)
        if not written:
            console.print(text, markup=False, soft_wrap=True)
    for title, lines in (("changed", planned.notes), ("left out", planned.left_out)):
        for line in lines:
            console.print(f"{title}: {line}", markup=False, soft_wrap=True)


def export(settings: Settings, folder: Path) -> tuple[str, ...]:
    """Write scenarios and prompts for promptfoo into *folder*; return the paths that changed."""
    pages = {"promptfooconfig.yaml": promptfoo.write(scenarios(settings.prompts_dir))}
    files = PromptFiles(settings.prompts_dir)
    for brand_id in files.brand_ids():
        brand = files.brand(brand_id)
        for language in brand.languages:
            pages[f"prompts/{brand_id}.{language}.json"] = _prompt(_current(files, brand), language)
    return write_own(folder, pages, Target.PROMPTFOO)


def scenarios(folder: Path) -> dict[str, Scenario]:
    """Return the scenarios below the prompts folder by name, in alphabetical order."""
    paths = sorted((folder / "scenarios").glob("*.yaml"))
    return {path.stem: parse_scenario(path.stem, _text(path)) for path in paths if not path.name.startswith(".")}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise PromptError(f"scenarios/{path.name} is not UTF-8 text; save it as UTF-8") from exc
    except OSError as exc:
        raise PromptError(f"scenarios/{path.name} cannot be read: {exc.strerror}") from exc


def pairs(written: Sequence[str]) -> dict[str, str]:
    """Read `name=slot` options; BadParameter when one is written otherwise."""
    split = [each.partition("=") for each in written]
    if any(not name or not equals for name, equals, _ in split):
        raise typer.BadParameter("a slot is written name=slot, such as question=conversation")
    return {name: slot for name, _, slot in split}


def _current(files: PromptFiles, brand: Brand) -> PromptText:
    return PromptText(
        files.template_text(), brand.id, files.brand_text(brand.id), brand.tone, files.tone_text(brand.tone)
    )


def _prompt(text: PromptText, language: str) -> str:
    """Return the prompt as a chat in which promptfoo fills in what comes from outside."""
    prompt = build_prompt(text, None)
    ticket = Ticket(brand=text.brand_id, messages=(Message(sender=Sender.CUSTOMER, text=slug(text.brand_id)),))
    values = prompt.values(ticket, prompt.frame(language, None, datetime(2026, 1, 5, 12, tzinfo=UTC)), (), ())
    slots = {slot: f"{{{{ {slot} }}}}" for slot in ("conversation", "passages", "variables")}
    messages = render(text.template, {**values, **slots})
    return promptfoo.chat([(each.role, each.content) for each in messages])
