"""The decision on a reply: every reason that was noted on the way, the heaviest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from service.domain import Decision, Reason, ReasonCode, ReplyState, Sentence
from service.prompting.brands import Brand

CONFIDENT = 0.6
"""Answerability from which a reply needs no second look for its passages' sake."""

_ORDER = list(ReasonCode)


@dataclass(frozen=True, slots=True)
class _Note:
    detail: str
    leads_to: Decision
    times: int = 1

    def reason(self, code: ReasonCode) -> Reason:
        return Reason(code=code, detail=self.detail if self.times == 1 else f"{self.detail} ({self.times} times)")


@dataclass(slots=True)
class Notes:
    """What speaks against simply sending a reply, gathered while it is written."""

    _notes: dict[ReasonCode, _Note] = field(default_factory=dict)

    def add(self, code: ReasonCode, detail: str, leads_to: Decision = Decision.REVIEW) -> None:
        """Note a reason; one that is there already is counted, and a hand-off stays one."""
        known = self._notes.get(code, _Note(detail, leads_to, 0))
        heavier = leads_to is Decision.HANDOFF and known.leads_to is not Decision.HANDOFF
        self._notes[code] = (
            _Note(detail, leads_to, known.times + 1) if heavier else replace(known, times=known.times + 1)
        )

    def __contains__(self, code: ReasonCode) -> bool:
        return code in self._notes

    def copy(self) -> "Notes":
        return Notes(dict(self._notes))

    @property
    def handoff(self) -> bool:
        """Whether one of them gives the ticket to a person."""
        return any(note.leads_to is Decision.HANDOFF for note in self._notes.values())

    def reasons(self) -> tuple[Reason, ...]:
        """Return each reason once: those that hand off first, and within both by their codes' weight."""
        ranked = sorted(self._notes, key=lambda code: (self._notes[code].leads_to is not Decision.HANDOFF, _rank(code)))
        return tuple(self._notes[code].reason(code) for code in ranked)


def decide(
    notes: Notes, brand: Brand, sentences: Sequence[Sentence], answerability: float, state: ReplyState
) -> tuple[Decision, tuple[Reason, ...]]:
    """
    Return the decision and all its reasons.

    `handoff` when a noted reason asks for it; `send` for a whole reply without any reservation of a brand that sends;
    `review` for every other.
    """
    if notes.handoff:
        return Decision.HANDOFF, notes.reasons()
    every = notes.copy()
    if state not in {ReplyState.FINISHED, ReplyState.FAILED}:
        every.add(ReasonCode.INCOMPLETE, "The chat model stopped before the end.")
    if answerability < CONFIDENT:
        every.add(ReasonCode.LOW_ANSWERABILITY, f"The passages answer with probability {answerability:.2f}.")
    if not any(sentence.citations for sentence in sentences):
        every.add(ReasonCode.NO_CITATION, "No sentence has a citation.")
    if not brand.send:
        every.add(ReasonCode.SEND_OFF, "The brand sends nothing without a review.")
    reasons = every.reasons()
    return (Decision.REVIEW if reasons else Decision.SEND), reasons


def _rank(code: ReasonCode) -> int:
    return _ORDER.index(code)
