"""Whether a reply greets once, at its beginning, and closes once, at its end."""

import re
from typing import Final

from service.prompting.language.fault import Fault, FaultCode

_GREETINGS: Final = {
    "fr": "bonjour|bonsoir|salut|coucou|ch[eè]re?s?|madame|monsieur",
    "en": "hello|hi|hey|dear|good (?:morning|afternoon|evening)|greetings",
}
_CLOSINGS: Final = {
    "fr": r"(?:bien )?cordialement|bien (?:à vous|à toi|sincèrement)|à (?:très )?bientôt|sincères salutations"
    r"|(?:avec nos )?(?:meilleures|cordiales) salutations|(?:veuillez|nous vous prions).*salutations.*"
    r"|(?:bonne|belle) journée",
    "en": "(?:kind|best|warm|kindest|warmest)? ?regards|all the best|best(?: wishes)?|many thanks|thanks|take care"
    "|(?:yours )?(?:sincerely|faithfully|truly)",
}
_TWICE = ("The reply has this line already", "La réponse a déjà cette ligne")
_NO_GREETING = ("The reply has no greeting", "La réponse ne salue pas")
_NO_CLOSING = ("The reply has no closing", "La réponse ne conclut pas")


def frame_faults(text: str, language: str, greeting: str, closing: str) -> tuple[Fault, ...]:
    """
    Return what is missing or said twice; the repairs write *greeting* and *closing*, and drop later greetings.

    A greeting is a line of its own, or what stands before the first comma of the first line; so is a closing.
    """
    if not text.strip():
        return ()
    greetings = _lines(text, _GREETINGS.get(language, ""), greeting)
    closings = _lines(text, _CLOSINGS.get(language, ""), closing)
    twice = _joined(sorted(_with_break(text, *span) for span in greetings[1:] + closings[:-1]))
    faults = [Fault(*span, FaultCode.FRAME, *_TWICE, repair="") for span in twice]
    if not greetings and not _begins_with(text, greeting):
        faults.append(Fault(0, 0, FaultCode.FRAME, *_NO_GREETING, repair=f"{greeting}\n\n"))
    if not closings:
        end = len(text)
        faults.append(Fault(end, end, FaultCode.FRAME, *_NO_CLOSING, repair=f"\n\n{closing}"))
    return tuple(sorted(faults, key=lambda fault: (fault.start, fault.end)))


def _lines(text: str, known: str, own: str) -> list[tuple[int, int]]:
    """Return the lines that are *own*, or a known formula with at most a short name behind it."""
    formula = rf"(?:{known})\b(?:[ \u00a0][^\n,.!?]{{1,40}})?" if known else r"(?!)"
    line = re.compile(
        rf"^[ \t]*(?:{re.escape(own)}|(?:{formula})[ \u00a0\u202f]*[,.!]?)[ \t]*$", re.IGNORECASE | re.MULTILINE
    )
    return [found.span() for found in line.finditer(text)]


def _begins_with(text: str, greeting: str) -> bool:
    return text.lstrip().startswith(greeting)


def _with_break(text: str, start: int, end: int) -> tuple[int, int]:
    """Take the line's break, and the empty lines behind it, along; at the text's end those before it."""
    behind = re.compile(r"\s*").match(text, end)
    end = behind.end() if behind else end
    return (len(text[:start].rstrip()), end) if end == len(text) else (start, end)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return *spans*, which are in order, with those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
