"""Whether a line asks for something or forbids it, in English and French."""

import re

_NEGATION = re.compile(
    r"\b(?:never|no|not|nothing|none|neither|nor|avoid|without|refrain|forbid\w*|cannot|don['’]t|can['’]t|mustn['’]t"
    r"|jamais|aucune?|sans|pas|point d|ni|rien|évite[rz]?|interdi\w*|bannir|bannissez|proscri\w*|ne|n['’])(?!\w)"
    r"|\bn['’](?=\w)",
    re.IGNORECASE,
)


def is_negative(text: str) -> bool:
    return bool(_NEGATION.search(text))


def without_negation(text: str) -> str:
    return _NEGATION.sub(" ", text)
