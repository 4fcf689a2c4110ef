"""The little word before a noun, when another noun takes its place: l’e-mail, le courriel; du mail, de l’e-mail."""

import re
from typing import Final

_BEFORE: Final = re.compile(
    r"(?<![^\W_])(?:(?P<of>de |à )?(?P<elided>l['’])|d['’]|qu['’]|(?:le|la|de|du|au|que|ce|cet) )$",
    re.IGNORECASE,
)
_VOWEL = re.compile(r"[aeiouyhàâéèêëîïôœ]", re.IGNORECASE)
_FEMININE = (
    "tion",
    "sion",
    "ée",
    "ure",
    "ie",
    "té",
    "ance",
    "ence",
    "ette",
    "ande",
    "esse",
    "ine",
    "ise",
    "ade",
    "ille",
)
"""Endings of nouns that are feminine far more often than not."""
_BEFORE_VOWEL: Final = {"le": "l’", "la": "l’", "de": "d’", "du": "de l’", "au": "à l’", "que": "qu’", "ce": "cet "}
_BEFORE_CONSONANT: Final = {"d'": "de ", "qu'": "que ", "cet": "ce "}
_CONTRACTED: Final = {"de": "du ", "à": "au "}


def agreed(before: str, noun: str) -> tuple[int, str]:
    """
    Return how many characters at the end of *before* give way, and what stands in their place before *noun*.

    The gender, where it shows, is guessed from the noun's ending.
    """
    found = _BEFORE.search(before)
    if found is None:
        return 0, ""
    said = found.group()
    if found["elided"]:
        written = said if _VOWEL.match(noun) else _article(found["of"], noun)
    else:
        table = _BEFORE_VOWEL if _VOWEL.match(noun) else _BEFORE_CONSONANT
        written = table.get(said.lower().strip().replace("’", "'"), said)
    return (0, "") if written == said else (len(said), _like(written, said))


def _article(preposition: str | None, noun: str) -> str:
    if noun.endswith(_FEMININE):
        return f"{preposition or ''}la "
    return _CONTRACTED[preposition.strip().lower()] if preposition else "le "


def _like(written: str, said: str) -> str:
    return written[0].upper() + written[1:] if said[0].isupper() else written
