"""The words of a comparison: its two sides, its tickets, a pair, and what a reviewer may choose."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.domain import LoggedReply

MAX_PAIRS = 200
USUAL_PAIRS = 40
ERASED = "erased"
"""Why a pair cannot be written or read: its customer's words are gone."""


class Tickets(StrEnum):
    """Which logged tickets are answered again; the number that is wanted is drawn from them at random."""

    SAMPLE = "sample"
    """Those in the sample queue: they stand for all."""
    RECENT = "recent"
    """All of the last 30 days."""
    REJECTED = "rejected"
    """Those whose reply a reviewer rejected: they tell whether the candidate mends them, not how often it is better."""
    NAMED = "named"
    """Those that the order names."""


class Preferred(StrEnum):
    CANDIDATE = "candidate"
    BASELINE = "baseline"
    EQUAL = "equal"
    BOTH_BAD = "both_bad"


class Choice(StrEnum):
    """What a reviewer says of a pair, who does not know which side is which."""

    A = "a"
    B = "b"
    EQUAL = "equal"
    BOTH_BAD = "both_bad"

    def preferred(self, *, is_swapped: bool) -> Preferred:
        """Return the side that is meant: A is the baseline unless the sides are swapped."""
        if self in {Choice.A, Choice.B}:
            return Preferred.CANDIDATE if (self is Choice.A) == is_swapped else Preferred.BASELINE
        return Preferred(self.value)

    @classmethod
    def of(cls, preferred: Preferred, *, is_swapped: bool) -> "Choice":
        """Return what the reviewer pressed."""
        return next(each for each in cls if each.preferred(is_swapped=is_swapped) is preferred)


class PairState(StrEnum):
    WAITING = "waiting"
    WRITTEN = "written"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What writes one reply of each pair; frozen when the comparison begins, wherever the label moves."""

    asked: str
    """The label or version that was asked for."""
    version: str
    chat_model: str | None = None
    """`provider:name`; None takes the version's own."""
    sampling: Mapping[str, Any] = field(default_factory=dict)
    """What the label sets of the chat model's parameters."""

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Side":
        return cls(**json.loads(text))

    @property
    def writes_like(self) -> tuple[str, str | None, str]:
        """What tells two sides apart."""
        return self.version, self.chat_model, json.dumps(dict(self.sampling), sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    id: str
    brand: str
    created_at: datetime
    created_by: str
    baseline: Side
    candidate: Side
    tickets: Tickets
    planned: int
    stopped_at: datetime | None

    @property
    def versions(self) -> str:
        return f"{self.candidate.version} against {self.baseline.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A choice as it was saved."""

    choice: Choice
    reasons: tuple[str, ...] = ()
    seconds: float | None = None
    """From showing the pair to the choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A ticket with both replies to it, as they are shown: which side is A says only `is_swapped`."""

    id: str
    comparison_id: str
    position: int
    """From 1."""
    reply_id: str
    """The logged reply whose ticket it is."""
    is_swapped: bool
    a: LoggedReply
    b: LoggedReply
    reserved_until: datetime | None
    """None once it is judged."""
    said: Said | None = None
    """What was chosen; of an open pair, what its reviewer had chosen and took back."""
