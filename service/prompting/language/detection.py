"""Which language a text is in: the letters' own model, corrected by the words that only one language has."""

import math
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final

from service.prompting.language.own_words import own_words
from service.prompting.language.telling_words import TELLING

NAMES: Final = {"fr": "French", "en": "English", "de": "German", "es": "Spanish", "it": "Italian", "nl": "Dutch"}
"""Languages that are told apart whatever the brand writes, so that a German message is not taken for English."""

_MARGIN = 0.8
"""Probability below which the answer is "unknown"."""
_WORD_WEIGHT = 1.2
"""Log-odds of one telling word against a language that does not have it."""
_HOME = 1.5
"""Log-odds that a customer writes one of the brand's languages rather than another one."""
_ENOUGH = 0.9
"""What a text without any telling word must reach: codes and names look like any language."""
_MIN_LETTERS = 6
_MIN_WORDS = 3
_TOLD_IF_SHORT = 2
"""Telling words that one or two words must all be: one of two proves nothing."""
_READ_CHARS = 2_000

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\S*[\d_]\S*|[^\w\s'’-]|[\ue000]")
_WORD = re.compile(r"[^\W\d_]+(?:['’])?")
_ACCENTS: Final = {
    language: frozenset(letters)
    for language, letters in {
        "fr": "àâçèêëîïôùûœ", "de": "äöüß", "es": "ñáíóú¿¡", "it": "àèìòù", "nl": "ëï",
    }.items()
}  # fmt: skip


def detect_language(text: str, languages: Sequence[str]) -> str | None:
    """
    Return the one of *languages* (ISO 639-1) that *text* is in.

    None is "unknown": too short, too mixed, only codes and names, or a language that is none of them. What the writer
    said counts before the mail that a message quotes.
    """
    text = text[:_READ_CHARS]
    own = own_words(text)
    told = _detected(own, tuple(languages))
    return told if told or len(_words(own)) >= _MIN_WORDS else _detected(text, tuple(languages))


@lru_cache(maxsize=256)
def _detected(text: str, languages: tuple[str, ...]) -> str | None:
    words = _words(text)
    if not languages or sum(map(len, words)) < _MIN_LETTERS:
        return None
    scores = _scores(words, languages)
    best = max(scores, key=scores.__getitem__)
    told = _count(words, best)
    short = sum(len(word) > 1 for word in words) < _MIN_WORDS
    sure = scores[best] >= (_MARGIN if told else _ENOUGH) and (told >= _TOLD_IF_SHORT or not short)
    return best if sure and best in languages else None


def is_foreign(sentence: str, language: str) -> bool:
    """Whether *sentence* is surely in another language than *language*; a name, a code or a short greeting is not."""
    words = _words(sentence)
    if len(words) < _MIN_WORDS or language not in NAMES:
        return False
    own = _count(words, language) + 1
    others = {other for other in NAMES if other != language and _count(words, other) > own}
    # A home everywhere is a home nowhere. Most sentences have no such words, and the model is not asked.
    return bool(others) and detect_language(sentence, tuple(NAMES)) in others


def _words(text: str) -> list[str]:
    found: list[str] = _WORD.findall(_NOISE.sub(" ", text[:_READ_CHARS]).lower().replace("’", "'"))
    return found


def _scores(words: Sequence[str], home: Sequence[str]) -> dict[str, float]:
    """Return the probability of each language that is told apart; the words' evidence is added to the model's."""
    ranked = dict(_identifier(frozenset({*home, *NAMES})).rank(" ".join(words)))
    logs = {
        language: math.log(max(float(chance), 1e-9))
        + _WORD_WEIGHT * _evidence(words, language)
        + (_HOME if language in home else 0)
        for language, chance in ranked.items()
    }
    highest = max(logs.values())
    odds = {language: math.exp(value - highest) for language, value in logs.items()}
    return {language: value / sum(odds.values()) for language, value in odds.items()}


def _evidence(words: Sequence[str], language: str) -> float:
    accents = _ACCENTS.get(language, frozenset())
    accented = sum(not accents.isdisjoint(word) for word in words if not word.isascii())
    return _count(words, language) + 0.5 * accented


def _count(words: Sequence[str], language: str) -> int:
    telling = _telling(language)
    return sum(map(telling.__contains__, words))


@cache
def _telling(language: str) -> frozenset[str]:
    return frozenset(TELLING.get(language, "").split())


@cache
def _identifier(languages: frozenset[str]) -> Any:  # noqa: ANN401 - py3langid ships no types
    # Imported late: the model takes over a second to load, and a brand of one language needs none.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(languages))
    return identifier
