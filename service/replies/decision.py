"""The decision on a reply, with all its reasons."""

from collections.abc import Sequence

from service.domain import Decision, Reason, ReasonCode, ReplyState, Sentence, Support
from service.prompting.brands import Brand

CONFIDENT = 0.6
"""Answerability from which a reply needs no second look for its passages' sake."""


def decide(
    brand: Brand, sentences: Sequence[Sentence], answerability: float, state: ReplyState, foreign: int
) -> tuple[Decision, tuple[Reason, ...]]:
    """Return `send` only for a whole reply without any reservation of a brand that sends; else `review` and why."""
    reasons = tuple(_reservations(sentences, answerability, state, foreign))
    if not brand.send:
        reasons += (Reason(code=ReasonCode.SEND_OFF, detail="The brand sends nothing without a review."),)
    return (Decision.REVIEW if reasons else Decision.SEND), reasons


def _reservations(sentences: Sequence[Sentence], answerability: float, state: ReplyState, foreign: int) -> list[Reason]:
    unsupported = sum(sentence.support is Support.UNSUPPORTED for sentence in sentences)
    checks = (
        (state is not ReplyState.FINISHED, ReasonCode.INCOMPLETE, "The chat model stopped before the end."),
        (
            answerability < CONFIDENT,
            ReasonCode.LOW_ANSWERABILITY,
            f"The passages answer with probability {answerability:.2f}.",
        ),
        (
            unsupported > 0,
            ReasonCode.UNSUPPORTED_SENTENCE,
            f"{unsupported} of {len(sentences)} sentences have no support.",
        ),
        (not any(sentence.citations for sentence in sentences), ReasonCode.NO_CITATION, "No sentence has a citation."),
        (foreign > 0, ReasonCode.FOREIGN_LINK, f"{foreign} sentences with an unknown address were left out."),
    )
    return [Reason(code=code, detail=detail) for holds, code, detail in checks if holds]
