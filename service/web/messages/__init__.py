"""The words of the interface, by language."""

from service.web.messages import en, fr

_CATALOGUES = {"en": en.WORDS, "fr": fr.WORDS}


def translate(language: str, key: str, *, default: str | None = None, **values: object) -> str:
    """Return the words for *key*, *values* filled in; KeyError when there are none and no default."""
    words = _CATALOGUES[language].get(key, default)
    if words is None:
        raise KeyError(key)
    return words.format(**values) if values else words
