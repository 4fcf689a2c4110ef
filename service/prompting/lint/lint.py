"""Reads prompt files as a careful colleague would, before any of them writes to a customer."""

import asyncio
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Protocol

from service.errors import UnknownPromptError
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


class History(Protocol):
    """The prompt versions that were kept."""

    async def text(self, version: str) -> PromptText: ...
    async def before(self, text: PromptText) -> PromptText | None: ...


class PromptLint:
    """Lints the prompt files as they stand on the disk, and any version that was kept."""

    def __init__(self, folder: Path, history: History | None, chat_model: str | None) -> None:
        """*chat_model* (`provider:name`) is the service's own; without *history* no costs are compared."""
        self._folder = folder
        self._history = history
        self._chat_model = chat_model

    async def files(self, today: date, brand: str | None = None) -> tuple[LintFinding, ...]:
        """Return the findings in the files of one brand or all, by file and line; empty when clean."""
        sources = await asyncio.to_thread(Sources.of_folder, self._folder, brand)
        found = await asyncio.to_thread(_findings, sources, today, self._chat_model)
        for text in sources.versions():
            found += await self._costs(text)
        return once(found)

    async def version(self, version: str, today: date) -> tuple[LintFinding, ...]:
        """Return the findings in a version that was kept; UnknownPromptError when there is none of this name."""
        if self._history is None:
            raise UnknownPromptError("No prompt version was kept yet.")
        text = await self._history.text(version)
        found = await asyncio.to_thread(lint_version, text, today, self._chat_model)
        return once([*found, *await self._costs(text)])

    async def _costs(self, text: PromptText) -> list[LintFinding]:
        before = await self._history.before(text) if self._history else None
        return [*cost.check(text, before)] if before else []


def lint_version(text: PromptText, today: date, chat_model: str | None = None) -> tuple[LintFinding, ...]:
    """Return the findings in one version, by file and line; never raises for what stands in it."""
    return once(_findings(Sources.of_version(text), today, chat_model))


def _findings(sources: Sources, today: date, chat_model: str | None) -> list[LintFinding]:
    found = [finding for rule in _RULES for finding in rule.check(sources)]
    return [*found, *sampling.check(sources, chat_model), *samples.check(sources, today)]


def once(findings: Iterable[LintFinding]) -> tuple[LintFinding, ...]:
    """Return each finding once, by file, line and severity."""
    told = {(each.file, each.line, each.code, *sorted(each.words.items())): each for each in findings}
    return tuple(sorted(told.values(), key=lambda each: (each.file, each.line, _ORDER[each.severity], each.code)))
