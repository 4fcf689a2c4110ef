"""Reads prompt files as a careful colleague would, before any of them writes to a customer."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from service.prompting.lint.findings import LintFinding, Severity
from service.prompting.lint.rules import (
    conditions,
    contradictions,
    cost,
    readable,
    repetition,
    samples,
    sampling,
    slots,
    topics,
    variants,
    wording,
)
from service.prompting.lint.sources import Sources
from service.prompting.prompts import PromptText

_RULES = (readable, slots, conditions, contradictions, repetition, wording, variants, topics)
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


def lint_folder(
    folder: Path, today: date, brand: str | None = None, chat_model: str | None = None
) -> tuple[LintFinding, ...]:
    """
    Return the findings in the prompt files below *folder*, of one brand or all, by file and line; empty when clean.

    Never raises for what stands in a file. *chat_model* (`provider:name`) is the service's own.
    """
    return _sorted(_findings(Sources.of_folder(folder, brand), today, chat_model))


def lint_version(
    text: PromptText, today: date, before: PromptText | None = None, chat_model: str | None = None
) -> tuple[LintFinding, ...]:
    """Return the findings in one version; with *before*, also what it costs more than that one."""
    found = [*_findings(Sources.of_version(text), today, chat_model)]
    return _sorted([*found, *(cost.check(text, before) if before else ())])


def _findings(sources: Sources, today: date, chat_model: str | None) -> Iterator[LintFinding]:
    for rule in _RULES:
        yield from rule.check(sources)
    yield from sampling.check(sources, chat_model)
    yield from samples.check(sources, today)


def _sorted(findings: Iterator[LintFinding] | list[LintFinding]) -> tuple[LintFinding, ...]:
    once = {(each.file, each.line, each.code, *sorted(each.words.items())): each for each in findings}
    return tuple(sorted(once.values(), key=lambda each: (each.file, each.line, _ORDER[each.severity], each.code)))
