"""Whether a text keeps the brand's register: tu or vous in French, formal or not in English."""

from typing import Literal

from service.prompting.language import english
from service.prompting.language.fault import Fault, FaultCode, apart
from service.prompting.language.french.address import addresses
from service.prompting.language.rules import check
from service.prompting.language.untouched import Untouched

Register = Literal["formal", "informal"]

_TU = ("The customer is addressed with tu; the brand says vous", "Le client est tutoyé ; la marque vouvoie")
_VOUS = ("The customer is addressed with vous; the brand says tu", "Le client est vouvoyé ; la marque tutoie")


def register_faults(
    text: str, language: str, register: Register, untouched: Untouched | None = None
) -> tuple[Fault, ...]:
    """
    Return where *text* leaves the *register*, from left to right.

    French formal is vous and informal is tu; what is quoted addresses nobody, and no repair is offered. English formal
    does without contractions, slang and exclamation marks. Other languages, and informal English, are not judged.
    """
    untouched = untouched or Untouched(text)
    if language == "fr":
        familiar, polite = addresses(text, untouched)
        found, messages = (familiar, _TU) if register == "formal" else (polite, _VOUS)
        return tuple(Fault(token.start, token.end, FaultCode.REGISTER, *messages) for token in found)
    if language == "en" and register == "formal":
        unmended = (
            Fault(*found.span(), FaultCode.REGISTER, *english.NO_SLANG)
            for found in english.INFORMAL.finditer(text)
            if not untouched.touches(*found.span())
        )
        return apart([*check(text, english.FORMALITY, untouched), *unmended])
    return ()
