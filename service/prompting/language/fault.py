"""What is wrong at one place of a text, and what could stand there instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class FaultCode(StrEnum):
    REGISTER = "register"
    LANGUAGE = "language"
    VOCABULARY = "vocabulary"
    TYPOGRAPHY = "typography"
    """Spaces, quotation marks, apostrophes: no letter and no figure."""
    NOTATION = "notation"
    """How a date, a time, an amount or an ordinal is written."""
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class Fault:
    start: int
    end: int
    """The slice of the text, in code points; empty where something is missing."""
    code: FaultCode
    en: str
    """What is wrong, for readers of English."""
    fr: str
    """The same for readers of French."""
    repair: str | None = None
    """What to write in place of the slice; None where only a person can say."""


def apart(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return *faults* from left to right without those that reach into an earlier one."""
    kept: list[Fault] = []
    for fault in sorted(faults, key=lambda each: (each.start, -each.end)):
        if not kept or (fault.start >= kept[-1].end and (fault.start, fault.end) != (kept[-1].start, kept[-1].end)):
            kept.append(fault)
    return tuple(kept)


def mend(text: str, faults: Sequence[Fault]) -> str:
    """Return *text* with the repairs of *faults*, which lie apart from left to right."""
    for fault in reversed(faults):
        if fault.repair is not None:
            text = text[: fault.start] + fault.repair + text[fault.end :]
    return text
