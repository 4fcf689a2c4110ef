"""Language and register: which language a text is in, and how the brand writes it."""

from service.prompting.language.detection import NAMES, detect_language, is_foreign
from service.prompting.language.fault import Fault, FaultCode
from service.prompting.language.frame import frame_faults
from service.prompting.language.register import Register, register_faults
from service.prompting.language.repair import Manner, faults, repair, typeset
from service.prompting.language.vocabulary import vocabulary_faults

__all__ = [
    "NAMES",
    "Fault",
    "FaultCode",
    "Manner",
    "Register",
    "detect_language",
    "faults",
    "frame_faults",
    "is_foreign",
    "register_faults",
    "repair",
    "typeset",
    "vocabulary_faults",
]
