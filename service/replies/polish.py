"""Holds the reply's sentences to the brand's language, register and words, and mends what can be mended."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain import ReasonCode, Sentence, Support
from service.prompting.language import Fault, FaultCode, Manner, faults, frame_faults, repair, typeset
from service.prompting.prompts import Frame
from service.prompting.voices import Voice

_REASONS = {
    FaultCode.LANGUAGE: (ReasonCode.WRONG_LANGUAGE, "A sentence is not in the reply's language."),
    FaultCode.REGISTER: (ReasonCode.WRONG_REGISTER, "A sentence does not speak in the brand's register."),
    FaultCode.VOCABULARY: (ReasonCode.AVOIDED_WORD, "A sentence has a word that the brand avoids."),
    FaultCode.FRAME: (ReasonCode.WRONG_FRAME, "The greeting or the closing is missing, or stands there twice."),
}

Reservation = tuple[ReasonCode, str]


class Polish:
    """Puts one reply's sentences into the brand's manner."""

    def __init__(self, voice: Voice, frame: Frame, keep: Sequence[str]) -> None:
        """*keep* are exact pieces that no rule of writing may change: the values of variables."""
        self._frame = frame
        self._manner = Manner.of(voice, frame.language, tuple(keep))

    def typeset(self, written: str) -> str:
        """Return a sentence with its language's marks, before it is grounded: so a line of the frame is known again."""
        return typeset(written, self._frame.language, self._manner.keep)

    def polish(self, sentence: Sentence) -> tuple[Sentence, tuple[Reservation, ...]]:
        """
        Return the grounded sentence in the brand's manner, and what only a person can mend.

        A quoted sentence keeps the passage's words, since its citation is checked against them; the frame's lines are
        the brand's own.
        """
        if sentence.text in self._frame.lines:
            return sentence, ()
        manner = replace(self._manner, keep=(*self._manner.keep, *sentence.unbacked))
        if sentence.support is not Support.QUOTED:
            sentence = replace(sentence, text=repair(sentence.text, manner))
        return sentence, _reservations(faults(sentence.text, manner))

    def framed(self, sentences: Sequence[Sentence]) -> tuple[Reservation, ...]:
        """Return the reservation about a whole reply that does not greet once and close once."""
        text = "".join(sentence.before + sentence.text for sentence in sentences)
        return _reservations(frame_faults(text, self._frame.language, self._frame.greeting, self._frame.closing))


def _reservations(found: Sequence[Fault]) -> tuple[Reservation, ...]:
    """Return each reason once; what has a repair, and stays because a passage says it so, is no reason."""
    codes = [each.code for each in found if each.repair is None or each.code is FaultCode.FRAME]
    return tuple(_REASONS[code] for code in dict.fromkeys(codes) if code in _REASONS)
