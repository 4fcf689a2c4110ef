"""The names in a text: what is written with a capital where no sentence begins."""

import re
from collections.abc import Iterable
from functools import lru_cache

from service.replies.grounding.level import level
from service.replies.grounding.values import values

_WORD = re.compile(r"[^\W\d_](?:[\w&]|['’.-](?=\w))*")
_BEGINS = re.compile(r"(?:^|[.!?:;…«»“”\"()\[\]•*|–—\n-])[\s*_`«“\"(]*$")
_NO_NAMES = frozenset({"i", "i'm", "i'll", "i've", "i'd", "english", "french", "ok", "pdf", "vs"})
_ELIDED = re.compile(r"^(?:l|d|qu|j|n|s|c|m|t|jusqu|lorsqu|puisqu)['’]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")


@lru_cache(maxsize=8192)
def names(text: str) -> frozenset[str]:
    """Return the names in *text*, levelled, a word each; the first word of a sentence only when it looks like one."""
    found = set()
    timed = [(value.start, value.end) for value in values(text)]
    for word in _WORD.finditer(text):
        name = _POSSESSIVE.sub("", _ELIDED.sub("", word.group()))
        if len(name) < 2 or not name[0].isupper() or any(start <= word.start() < end for start, end in timed):  # noqa: PLR2004
            continue
        has_inner_capital = any(letter.isupper() for letter in name[1:])
        if has_inner_capital or not _BEGINS.search(text, max(0, word.start() - 12), word.start()):
            found.add(level(name))
    return frozenset(found - _NO_NAMES)


def begins_with(text: str, known: Iterable[str]) -> frozenset[str]:
    """Return the first word of *text* when it is one of the *known* names."""
    first = _WORD.match(text)
    name = level(_POSSESSIVE.sub("", _ELIDED.sub("", first.group()))) if first else ""
    return frozenset({name} & frozenset(known))


@lru_cache(maxsize=8192)
def spelled(text: str) -> frozenset[str]:
    """Return all words of *text*, levelled, as `names` would write them."""
    found = (_POSSESSIVE.sub("", _ELIDED.sub("", word)) for word in _WORD.findall(text))
    return frozenset(part for word in found for part in (level(word), *level(word).split("-")))


def is_spelled(name: str, text_words: frozenset[str]) -> bool:
    """Whether *name* stands among the words, give or take a plural; a hyphenated name may stand in its parts."""
    forms = {name, name.removesuffix("s"), f"{name}s"}
    parts = name.split("-")
    return bool(forms & text_words) or (len(parts) > 1 and all(part in text_words for part in parts))
