"""What is sent from the pages of comparison: an order for a new one, and a choice."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from service.review.comparison.comparisons import Order
from service.review.comparison.sides import MAX_PAIRS, USUAL_PAIRS, Choice, Said, Tickets

KEEP = "keep"
_MAX_SECONDS = 86_400.0
_MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class OrderForm:
    values: Mapping[str, str]

    @classmethod
    def of(cls, sent: Any) -> "OrderForm":  # noqa: ANN401 - Starlette's form data or query
        names = ("brand", "baseline", "candidate", "baseline_chat_model", "candidate_chat_model", "tickets", "size")
        return cls({name: str(sent.get(name) or "").strip()[:_MAX_CHARS] for name in names})

    def to_order(self) -> Order:
        """Return the order; what cannot be read is as if it were not said."""
        said = self.values
        size = int(said["size"]) if said["size"].isascii() and said["size"].isdecimal() else USUAL_PAIRS
        return Order(
            brand=said["brand"],
            baseline=said["baseline"],
            candidate=said["candidate"],
            baseline_chat_model=said["baseline_chat_model"] or None,
            candidate_chat_model=said["candidate_chat_model"] or None,
            tickets=Tickets(said["tickets"]) if said["tickets"] in set(Tickets) else Tickets.SAMPLE,
            size=max(1, min(size, MAX_PAIRS)),
        )


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    do: str
    """What was pressed: a choice, or `keep`."""
    reasons: tuple[str, ...]
    shown_at: float
    """When the page was made, in seconds since 1970; 0 when it does not say."""

    @classmethod
    def of(cls, sent: Any) -> "ChoiceForm":  # noqa: ANN401 - Starlette's form data
        shown_at = 0.0
        with suppress(ValueError):
            shown_at = float(str(sent.get("shown_at") or "0"))
        reasons = tuple(value for value in sent.getlist("reason") if isinstance(value, str))
        return cls(str(sent.get("do") or ""), reasons, shown_at)

    @property
    def choice(self) -> Choice | None:
        return Choice(self.do) if self.do in set(Choice) else None

    @property
    def seconds(self) -> float | None:
        took = time.time() - self.shown_at
        return round(took, 1) if 0 <= took < _MAX_SECONDS else None

    def to_said(self, choice: Choice, reasons: tuple[str, ...]) -> Said:
        return Said(choice=choice, reasons=reasons, seconds=self.seconds)
