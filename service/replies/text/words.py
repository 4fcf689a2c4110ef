"""The content words and the figures of a sentence, comparable across inflections, accents and ways of writing."""

import re
import unicodedata

from service.knowledge.wording.words import stem, words

_FIGURE = re.compile(r"\d+(?:[ \u00a0\u202f.,']\d{3})*(?:[.,]\d{1,2})?(?!\d)|\d+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_MAYBE_ACCENTS = re.compile(r"[^\u0000-\u02ff]+")
"""No character before these combines with another."""

_COURTESIES = frozenset(
    {"bonjour", "bonsoir", "cordialement", "hello", "merci", "please", "regards", "salut", "svp", "thank", "thanks"}
)


def content_stems(text: str, language: str) -> tuple[str, ...]:
    """Return the stems of the words that carry meaning, in order, repeats kept; compare stems of one language only."""
    return tuple(stem(word, language) for word in words(text) if word not in _COURTESIES)


def figures(text: str) -> frozenset[str]:
    """Return the figures in *text* without separators of thousands, with a decimal point: 1 234,50 → 1234.5."""
    return frozenset(_figure(found.group()) for found in _FIGURE.finditer(text))


def links(text: str) -> tuple[str, ...]:
    """Return web and e-mail addresses in *text*, in order, without the punctuation that follows them."""
    return tuple(found.group().rstrip(".,;:!?…»”") for found in _LINK.finditer(text))


def fold(text: str) -> str:
    """Return *text* in small letters without accents."""
    if text.isascii():
        return text.lower()
    return _MAYBE_ACCENTS.sub(_without_accents, unicodedata.normalize("NFD", text.casefold()))


def _without_accents(found: re.Match[str]) -> str:
    return "".join(letter for letter in found.group() if not unicodedata.combining(letter))


def _figure(written: str) -> str:
    decimals = re.search(r"[.,](\d{1,2})$", written)
    whole = re.sub(r"\D", "", written[: decimals.start()] if decimals else written)
    cents = decimals.group(1).rstrip("0") if decimals else ""
    return f"{whole.lstrip('0') or '0'}.{cents}" if cents else whole.lstrip("0") or "0"
