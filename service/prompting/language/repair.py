"""Everything that is wrong with a text in one manner of speaking, and the text with what can be repaired repaired."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.prompting.language import english
from service.prompting.language.detection import is_foreign
from service.prompting.language.fault import Fault, FaultCode, apart, mend
from service.prompting.language.french import typography as french
from service.prompting.language.register import Register, register_faults
from service.prompting.language.rules import check
from service.prompting.language.untouched import Untouched
from service.prompting.language.vocabulary import vocabulary_faults

_TYPOGRAPHY = {"fr": french.TYPOGRAPHY, "en": english.TYPOGRAPHY}
_NOTATION = {"fr": french.NOTATION}
_ROUNDS = 12
"""Repairs that make room for others come to rest in three; the bound is for what nobody thought of."""

_FOREIGN = ("The sentence is not in the reply’s language", "La phrase n’est pas dans la langue de la réponse")


class Speaker(Protocol):
    """What a brand's voice says of its words."""

    @property
    def register_(self) -> Register: ...
    @property
    def avoid(self) -> Sequence[str]: ...
    @property
    def prefer(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is to be written."""

    language: str
    register_: Register = "formal"
    avoid: Sequence[str] = ()
    prefer: Mapping[str, str] = field(default_factory=dict)
    keep: Sequence[str] = ()
    """Exact pieces that stay as they are, such as the values of variables."""

    @classmethod
    def of(cls, speaker: Speaker, language: str, keep: Sequence[str] = ()) -> "Manner":
        return cls(language, speaker.register_, speaker.avoid, speaker.prefer, keep)


def typeset(text: str, language: str, keep: Sequence[str] = ()) -> str:
    """Return *text* with the spaces, quotation marks and apostrophes of *language*; its letters and figures stay."""
    return _settled(text, lambda each: check(each, _TYPOGRAPHY.get(language, ()), Untouched(each, keep)))


def faults(text: str, manner: Manner) -> tuple[Fault, ...]:
    """
    Return what is wrong with a sentence or a whole text, from left to right; of two that overlap, the first.

    A text in another language comes first, whole.
    """
    untouched = Untouched(text, manner.keep)
    found = [
        *vocabulary_faults(text, manner.language, manner.avoid, manner.prefer, untouched),
        *register_faults(text, manner.language, manner.register_, untouched),
        *check(text, (*_TYPOGRAPHY.get(manner.language, ()), *_NOTATION.get(manner.language, ())), untouched),
    ]
    foreign = [Fault(0, len(text), FaultCode.LANGUAGE, *_FOREIGN)] if is_foreign(text, manner.language) else []
    return (*foreign, *apart(found))


def repair(text: str, manner: Manner) -> str:
    """Return *text* with every fault repaired that has a repair; repairing the result again changes nothing."""
    return _settled(text, lambda each: faults(each, manner))


def _settled(text: str, find: Callable[[str], Sequence[Fault]]) -> str:
    """Mend until nothing changes; a text that never comes to rest stays as it was."""
    mended = text
    for _ in range(_ROUNDS):
        before, mended = mended, mend(mended, [fault for fault in find(mended) if fault.repair is not None])
        if mended == before:
            return mended
    return text
