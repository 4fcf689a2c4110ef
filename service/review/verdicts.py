"""A person's judgement of a reply: verdict, reasons, note and correction."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    CANNOT_JUDGE = "cannot_judge"
    """Counts in no rate."""


class Queue(StrEnum):
    """Where a review was given; rates are estimated from `sample` alone."""

    SAMPLE = "sample"
    LOW_CONFIDENCE = "low_confidence"
    UNHAPPY = "unhappy"
    HANDED_OFF = "handed_off"
    DOUBLE = "double"
    PICKED = "picked"
    """Chosen by hand from the log."""
    REPLY = "reply"
    """No queue: on the reply's own page, or through the API."""


QUEUES = tuple(queue for queue in Queue if queue is not Queue.REPLY)

REASONS = (
    "wrong_policy",
    "invented_fact",
    "missed_question",
    "tone",
    "language",
    "should_hand_off",
    "bad_passage",
    "too_long",
    "other",
)
"""The usual reasons, in the order of their keys 1 to 9; a brand's `review_reasons` take their place."""

MAX_REASONS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a reviewer says of a reply."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    note: str = ""
    correction: str = ""
    """The better text, whole; empty when there is none."""
    seconds: float | None = None
    """From showing the reply to the verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A saved judgement."""

    id: str
    reply_id: str
    queue: Queue
    reviewer: str
    judgement: Judgement
    created_at: datetime
    stratum: str | None = None
    inclusion_probability: float | None = None
    """The probability in (0, 1] with which the reply came into the sample; None outside of it."""


def reasons_of(brand_reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Return the reasons that a reviewer may choose, at most nine."""
    return (brand_reasons or REASONS)[:MAX_REASONS]
