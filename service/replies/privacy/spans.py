"""A personal value in a text: where it stands, what it is, and whose it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a personal value is; the order is the order in which overlapping finds win."""

    VALUE = "VALUE"
    """One that the helpdesk sent and the brand calls sensitive."""
    EMAIL = "EMAIL"
    IBAN = "IBAN"
    CARD = "CARD"
    NATIONAL_ID = "ID"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    NAME = "NAME"


PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(Kind)})_\d{{1,4}}\]")

_RANK = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    kind: Kind
    identity: str
    """Equal for two ways of writing one value: `06 12 34 56 78` and `+33612345678`."""


def without_overlaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in the text's order; of two that overlap the one of the stronger kind stays, then the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda each: (_RANK[each.kind], each.start - each.end, each.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda each: each.start))
