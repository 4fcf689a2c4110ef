"""The shipped prompt files with one edit each, as the lint's tests break and almost break them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from service.prompting.files import PromptFiles
from service.prompting.lint.findings import LintFinding
from service.prompting.lint.lint import lint_version
from service.prompting.prompts import PromptText

PROMPTS = Path(__file__).parents[3] / "prompts"
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Edit:
    """Where *old* stands in a shipped file, *new* takes its place; an empty *old* is the end of the file."""

    file: str
    old: str
    new: str

    def on(self, text: str) -> str:
        assert self.old in text, self.old
        return text.replace(self.old, self.new, 1) if self.old else text.rstrip("\n") + "\n" + self.new


def template(old: str, new: str) -> Edit:
    return Edit("template", old, new)


def brand(old: str, new: str) -> Edit:
    return Edit("brand", old, new)


def tone(old: str, new: str) -> Edit:
    return Edit("tone", old, new)


def shipped() -> PromptText:
    files = PromptFiles(PROMPTS)
    return PromptText(
        template=files.template_text(),
        brand_id="maison-lune",
        brand=files.brand_text("maison-lune"),
        tone_id="attentive",
        tone=files.tone_text("attentive"),
    )


def edited(*edits: Edit) -> PromptText:
    text = shipped()
    parts = {"template": text.template, "brand": text.brand, "tone": text.tone}
    for edit in edits:
        parts[edit.file] = edit.on(parts[edit.file])
    return PromptText(
        template=parts["template"],
        brand_id=text.brand_id,
        brand=parts["brand"],
        tone_id=text.tone_id,
        tone=parts["tone"],
    )


def findings(*edits: Edit, chat_model: str | None = None) -> tuple[LintFinding, ...]:
    return lint_version(edited(*edits), TODAY, chat_model)


def codes(*edits: Edit, chat_model: str | None = None) -> list[str]:
    return [each.code for each in findings(*edits, chat_model=chat_model)]
