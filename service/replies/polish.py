"""Holds the reply's sentences to the brand's language, register and words, and mends what can be mended."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain import ReasonCode, Sentence, Support
from service.prompting.language import Fault, FaultCode, Manner, faults, frame_faults, repair
from service.prompting.prompts import Frame

_REASONS = {
    FaultCode.LANGUAGE: (ReasonCode.WRONG_LANGUAGE, "A sentence is not in the reply's language."),
    FaultCode.REGISTER: (ReasonCode.WRONG_REGISTER, "A sentence does not speak in the brand's register."),
    FaultCode.VOCABULARY: (ReasonCode.AVOIDED_WORD, "A sentence has a word that the brand avoids."),
    FaultCode.FRAME: (ReasonCode.WRONG_FRAME, "The greeting or the closing is missing, or stands there twice."),
}

Reservation = tuple[ReasonCode, str]


def polish(sentence: Sentence, manner: Manner, frame: Frame) -> tuple[Sentence, tuple[Reservation, ...]]:
    """
    Return the sentence in the brand's manner, and what only a person can mend.

    A quoted sentence keeps the passage's words, since its citation is checked against them; the frame's lines are the
    brand's own.
    """
    if sentence.text in frame.lines:
        return sentence, ()
    if sentence.support is not Support.QUOTED:
        sentence = replace(sentence, text=repair(sentence.text, manner))
    return sentence, _reservations(faults(sentence.text, manner))


def framed(text: str, frame: Frame) -> tuple[Reservation, ...]:
    """Return the reservation about a whole reply that does not greet once and close once."""
    return _reservations(frame_faults(text, frame.language, frame.greeting, frame.closing))


def _reservations(found: Sequence[Fault]) -> tuple[Reservation, ...]:
    """Return each reason once; what has a repair, and stays because a passage says it so, is no reason."""
    codes = [each.code for each in found if each.repair is None or each.code is FaultCode.FRAME]
    return tuple(_REASONS[code] for code in dict.fromkeys(codes) if code in _REASONS)
