"""The words of a text as keyword search sees them: lower case, without function words, stemmed in their language."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import tantivy

from service.knowledge.wording.function_words import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_LONGEST = 40
"""Longer runs of letters and digits are hashes and encoded data, not words."""

_ALL_FUNCTION_WORDS = frozenset().union(*FUNCTION_WORDS.values())


def words(text: str) -> list[str]:
    """Return the content words of *text* in their order, lower case, accents kept; none longer than 40 characters."""
    found: list[str] = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return [word for word in found if word not in _ALL_FUNCTION_WORDS and len(word) <= _LONGEST]


def runs(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each run of letters and digits with its place (start, end); a word as `words` gives it, else empty."""
    for found in _WORD.finditer(text):
        kept = words(found[0])
        yield kept[0] if len(kept) == 1 else "", found.span()


@lru_cache(maxsize=200_000)
def stem(word: str, language: str | None) -> str:
    """Return the stem of *word* without accents; only without accents when the language has no stemmer."""
    if language not in _STEMMERS:
        return folded(word)
    stems: list[str] = _stemmer(language).analyze(word)
    return folded(stems[0]) if stems else folded(word)


def folded(word: str) -> str:
    """Return *word* without accents."""
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def guess_language(text: str) -> str | None:
    """Return the language, of those with a list above, whose function words *text* uses most; None without any."""
    found = _WORD.findall(text.lower())
    counts = {language: _count(found, own) for language, own in FUNCTION_WORDS.items()}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else None


def _count(found: Iterable[str], own: frozenset[str]) -> int:
    return sum(word in own for word in found)


@lru_cache
def _stemmer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    return builder.filter(tantivy.Filter.stemmer(_STEMMERS[language])).build()
