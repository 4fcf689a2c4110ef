"""What became of the replies that were offered: sent as they were, edited, or written anew."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from service.domain import Decision
from service.review.statistics.counts import Counts
from service.review.statistics.edits import LIGHT, REWRITTEN, ecdf
from service.review.statistics.intervals import Rate
from service.review.statistics.lines import Line, RateLine, figures
from service.review.statistics.series import quantile

_PLACES = [number / 20 for number in range(21)]


class Step(StrEnum):
    OFFERED = "offered"
    """Of all replies, those that were no hand-off."""
    KNOWN = "known"
    """Of these, those whose sent text is known; the steps below are shares of them."""
    UNEDITED = "unedited"
    LIGHT = "light"
    EDITED = "edited"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine(RateLine):
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLine(Line):
    version: str
    n: int
    """Replies whose sent text is known."""
    p50: float | None
    p90: float | None
    curve: list[float]
    """The share edited by at most 0, 5, 10 … 100 %."""


_STEPS: dict[Step, Callable[[float], bool]] = {
    Step.UNEDITED: lambda distance: distance == 0,
    Step.LIGHT: lambda distance: 0 < distance < LIGHT,
    Step.EDITED: lambda distance: LIGHT <= distance <= REWRITTEN,
    Step.REWRITTEN: lambda distance: distance > REWRITTEN,
}


def funnel(counts: Counts) -> list[StepLine]:
    """Return the steps from all replies to what was sent, in order."""
    offered = sum(cell.replies for cell in counts.cells if cell.decision != Decision.HANDOFF.value)
    known = [each.distance for each in counts.sent if each.distance is not None]
    rates = {Step.OFFERED: Rate.of(offered, counts.replies), Step.KNOWN: Rate.of(min(len(known), offered), offered)}
    for step, is_at in _STEPS.items():
        rates[step] = Rate.of(sum(map(is_at, known)), len(known))
    return [StepLine(step=step, **figures(rate)) for step, rate in rates.items()]


def edits(counts: Counts) -> list[EditLine]:
    """Return a line for each version of which a sent text is known, that with the most first."""
    found: dict[str, list[float]] = defaultdict(list)
    for each in counts.sent:
        if each.distance is not None:
            found[each.traits.version].append(each.distance)
    return [
        EditLine(
            version=version,
            n=len(distances),
            p50=quantile(sorted(distances), 0.5),
            p90=quantile(sorted(distances), 0.9),
            curve=ecdf(distances, _PLACES),
            filters={"version": version},
        )
        for version, distances in sorted(found.items(), key=lambda each: -len(each[1]))
    ]
