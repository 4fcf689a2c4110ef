"""What a handbook tells: the prompts as they stand, the versions that wrote replies, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.prompting.brands import Brand
from service.prompting.lint.findings import LintFinding, Severity
from service.prompting.prompts import PromptText
from service.prompting.tones import Tone


@dataclass(frozen=True, slots=True)
class Results:
    """How the replies of one version were decided."""

    send: int = 0
    review: int = 0
    handoff: int = 0
    failed: int = 0
    """Begun and never finished; not among the replies."""

    @property
    def replies(self) -> int:
        return self.send + self.review + self.handoff

    @property
    def handoff_rate(self) -> float | None:
        """In [0, 1]; None without replies."""
        return self.handoff / self.replies if self.replies else None


@dataclass(frozen=True, slots=True)
class Move:
    """A label that was put on a version."""

    label: str
    at: datetime
    author: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChapter:
    text: PromptText
    created_at: datetime
    results: Results = Results()
    moves: tuple[Move, ...] = ()
    """Oldest first."""
    lint: tuple[LintFinding, ...] = ()

    @property
    def version(self) -> str:
        return self.text.version

    def count(self, severity: Severity) -> int:
        return sum(each.severity is severity for each in self.lint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    template: str
    brands: Sequence[tuple[str, str, Brand | None]]
    """File name without ending, text, and what it says; None when it is broken."""
    tones: Sequence[tuple[str, str, Tone | None]]
    lint: tuple[LintFinding, ...]
    """Of the files as they stand."""
    versions: Sequence[VersionChapter] = field(default=())
    """Oldest first."""
