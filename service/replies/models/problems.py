"""What is said when no chat model answered, to caller and operator; no words of a provider, which may hold keys."""

import math

from service.domain import ChatModelRef
from service.errors import (
    ChatModelBusyError,
    ChatModelError,
    ChatModelRefusedError,
    ChatModelTimeoutError,
    ChatModelUnavailableError,
)
from service.replies.models.faults import Fault, FaultKind

_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google_genai": "GOOGLE_API_KEY"}

_WORDS: dict[FaultKind, tuple[type[ChatModelError], str]] = {
    FaultKind.RATE_LIMITED: (ChatModelUnavailableError, "{model} takes no more requests for now ({name})."),
    FaultKind.OVERLOADED: (ChatModelUnavailableError, "{model} is failing ({name})."),
    FaultKind.UNREACHABLE: (ChatModelUnavailableError, "{model} cannot be reached; is its address right?"),
    FaultKind.RESTING: (ChatModelUnavailableError, "{model} failed several times in a row and rests."),
    FaultKind.BUSY: (ChatModelBusyError, "{model} has as many calls as the settings allow, and the queue is full."),
    FaultKind.SILENT: (ChatModelTimeoutError, "{model} fell silent."),
    FaultKind.OUT_OF_TIME: (ChatModelTimeoutError, "{model} was not done after {seconds:g} seconds."),
    FaultKind.BROKEN_OFF: (ChatModelError, "The connection to {model} broke off."),
    FaultKind.TRUNCATED: (ChatModelError, "The answer of {model} was cut."),
    FaultKind.DAMAGED: (ChatModelError, "The answer of {model} cannot be read."),
    FaultKind.EMPTY: (ChatModelError, "{model} wrote nothing."),
    FaultKind.TOO_LARGE: (ChatModelError, "The answer of {model} is far too large."),
    FaultKind.KEY_REFUSED: (ChatModelRefusedError, "{model} does not take our key ({name}): check {key}."),
    FaultKind.MODEL_UNKNOWN: (ChatModelRefusedError, "There is no {model} at this address: check its name."),
    FaultKind.PROMPT_TOO_LONG: (
        ChatModelRefusedError,
        "The prompt is longer than {model} takes: set APLOMB_PASSAGES_PER_REPLY lower, or choose another model.",
    ),
    FaultKind.REQUEST_REFUSED: (
        ChatModelRefusedError,
        "{model} does not take the request ({name}): check the brand's sampling.",
    ),
    FaultKind.FAILED: (ChatModelError, "{model} failed."),
}


def to_error(fault: Fault, ref: ChatModelRef, total_s: float) -> ChatModelError:
    """Return the error for *fault*, the last of a reply that had *total_s* seconds."""
    kind, words = _WORDS[fault.kind]
    key = _KEYS.get(ref.provider, "its key")
    error = kind(words.format(model=f"{ref.provider}:{ref.name}", name=fault.name, key=key, seconds=total_s))
    if fault.retry_after_s is not None and error.retry_after_s is not None:
        error.retry_after_s = max(1, math.ceil(fault.retry_after_s))
    return error
