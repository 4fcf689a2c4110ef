"""Which of the brand's languages a text is in."""

import re
from collections.abc import Sequence

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_MIN_LETTERS = 6
_MARGIN = 0.75
"""Probability below which the answer is "unknown": two-word messages and order codes stay under it."""

NAMES = {"fr": "French", "en": "English", "de": "German", "es": "Spanish", "it": "Italian", "nl": "Dutch"}

_identifiers: dict[frozenset[str], LanguageIdentifier] = {}


def detect_language(text: str, languages: Sequence[str]) -> str | None:
    """Return the one of *languages* (ISO 639-1) that *text* is in, or None when it is too short or too mixed to say."""
    letters = re.sub(r"https?://\S+|\S+@\S+|[\W\d_]+", " ", text).strip()
    if len(letters.replace(" ", "")) < _MIN_LETTERS or not languages:
        return None
    language, probability = _identifier(frozenset(languages)).classify(letters.lower())
    return str(language) if probability >= _MARGIN else None


def _identifier(languages: frozenset[str]) -> LanguageIdentifier:
    if languages not in _identifiers:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(sorted(languages))
        _identifiers[languages] = identifier
    return _identifiers[languages]
