"""The words of the interface, by language."""

from collections.abc import Mapping

from service.web.messages import en, fr

_CATALOGUES = {"en": en.WORDS, "fr": fr.WORDS}


def translate(language: str, key: str, values: Mapping[str, object]) -> str:
    """Return the words for *key*, *values* filled in; KeyError when there are none."""
    words = _CATALOGUES[language][key]
    return words.format(**values) if values else words


def knows(language: str, key: str) -> bool:
    return key in _CATALOGUES[language]
