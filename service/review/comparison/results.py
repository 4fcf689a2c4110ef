"""What came of a comparison: the counts, and the pairs behind them."""

from collections import Counter
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from sqlalchemy import select

from service.reply_log.rows import replies
from service.review.comparison.comparisons import Progress
from service.review.comparison.sides import Comparison, Preferred
from service.review.comparison.tables import comparison_choices, comparison_pairs
from service.review.statistics.preferences import Preferences, ReasonCount
from service.review.transactions import Transactions

_TITLE_CHARS = 90
IDENTICAL = "identical"
"""What is said of a pair that nobody had to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair that was judged."""

    pair_id: str
    position: int
    reply_id: str
    ticket: str
    """How its subject or question begins; empty once its customer's words were erased."""
    outcome: str
    """Who was preferred, `equal`, `both_bad`, or `identical`."""
    reasons: tuple[str, ...]
    reviewer: str
    seconds: float | None
    is_readable: bool
    """False once its customer's words were erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    preferences: Preferences
    judged: tuple[Judged, ...]
    """In the order of the pairs."""


class ComparisonResults:
    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def of(self, comparison: Comparison, progress: Progress) -> Results:
        """Return what was judged so far; the choices of all reviewers, and no open pair."""
        pairs, chosen = comparison_pairs.c, comparison_choices.c
        query = (
            select(
                pairs.id, pairs.position, pairs.reply_id, pairs.candidate.is_not(None).label("readable"),
                replies.c.words,
                chosen.preferred, chosen.reasons, chosen.reviewer, chosen.seconds,
            )
            .outerjoin(comparison_choices, chosen.id == pairs.choice_id)
            .outerjoin(replies, replies.c.id == pairs.reply_id)
            .where(pairs.comparison_id == comparison.id, pairs.done_at.is_not(None))
            .order_by(pairs.position)
        )  # fmt: skip
        judged = tuple(_judged(row) for row in await self._transactions.rows(query))
        is_final = progress.is_over and not progress.is_stopped
        return Results(preferences=counted(judged, is_final=is_final), judged=judged)


def counted(judged: tuple[Judged, ...], *, is_final: bool) -> Preferences:
    number = Counter(each.outcome for each in judged)
    return Preferences(
        wins=number[Preferred.CANDIDATE],
        losses=number[Preferred.BASELINE],
        equal=number[Preferred.EQUAL],
        both_bad=number[Preferred.BOTH_BAD],
        identical=number[IDENTICAL],
        is_final=is_final,
        reasons=_reasons(judged),
    )


def _reasons(judged: tuple[Judged, ...]) -> tuple[ReasonCount, ...]:
    """Return the reasons, the most frequent first; those of an equal pair blame nobody and are left out."""
    found = Counter((reason, each.outcome) for each in judged for reason in each.reasons)
    counts = [
        ReasonCount(
            reason=reason,
            candidate=found[reason, Preferred.BASELINE],
            baseline=found[reason, Preferred.CANDIDATE],
            both=found[reason, Preferred.BOTH_BAD],
        )
        for reason in dict.fromkeys(reason for reason, _ in found)
    ]
    return tuple(sorted((each for each in counts if each.total), key=lambda each: -each.total))


def _judged(row: Any) -> Judged:  # noqa: ANN401 - a row's mapping
    return Judged(
        pair_id=row["id"],
        position=row["position"],
        reply_id=row["reply_id"],
        ticket=shorten((row["words"] or "").partition("\n")[0], _TITLE_CHARS, placeholder="…"),
        outcome=row["preferred"] or IDENTICAL,
        reasons=tuple((row["reasons"] or "").split()),
        reviewer=row["reviewer"] or "",
        seconds=row["seconds"],
        is_readable=row["readable"],
    )
