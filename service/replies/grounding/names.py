"""The names in a text: what is written with a capital where no sentence begins."""

import re
from collections.abc import Iterable
from functools import lru_cache

from service.replies.grounding.level import level
from service.replies.grounding.values.calendar import DAYS_AND_MONTHS

_NAME = re.compile(
    r"(?<![\w.-])(?:(?:[ldnsjmtcLDNSJMTC]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)['’])?([A-ZÀ-ÖØ-Þ](?:[\w&]|[.-](?=\w))+)"
)
_WORD = re.compile(r"[^\W_]+")
_BEGINS = re.compile(r"(?:^|[.!?:;…«»“”\"()\[\]•*|–—\n-])[\s*_`«“\"(]*$")
_LABEL = re.compile(r"^[^.:;!?]{2,50}:(?=\s)")
"""The heading of an item, where every word may have a capital."""
_NO_NAMES = frozenset({"i", "i'm", "i'll", "i've", "i'd", "english", "french", "ok", "pdf", "vs"})


@lru_cache(maxsize=8192)
def names(text: str) -> frozenset[str]:
    """Return the names in *text*, levelled, a word each; the first word of a sentence only when it looks like one."""
    found = set()
    label = _LABEL.match(text)
    for match in _NAME.finditer(text):
        name = match[1]
        if (label and match.end() <= label.end()) or _is_acronym(text, match):
            continue
        has_inner_capital = not name[1:].islower() and any(letter.isupper() for letter in name[1:])
        if has_inner_capital or not _BEGINS.search(text, max(0, match.start() - 12), match.start()):
            found.add(level(name))
    return frozenset(found - _NO_NAMES - DAYS_AND_MONTHS)


def _is_acronym(text: str, name: re.Match[str]) -> bool:
    """Whether it is the short form, in brackets, of the words before."""
    return (
        text[name.start() - 1 : name.start()] == "(" and text[name.end() : name.end() + 1] == ")" and name[1].isupper()
    )


def begins_with(text: str, known: Iterable[str]) -> frozenset[str]:
    """Return the first word of *text* when it is one of the *known* names."""
    first = _NAME.match(text)
    return frozenset({level(first[1])} & frozenset(known)) if first else frozenset()


@lru_cache(maxsize=8192)
def spelled(text: str) -> frozenset[str]:
    """Return all words of *text*, levelled; a hyphen or an apostrophe parts them."""
    return frozenset(_WORD.findall(level(text)))


def is_spelled(name: str, text_words: frozenset[str]) -> bool:
    """Whether *name* stands among the words, give or take a plural; a name of several parts, when they all do."""
    return all(
        part in text_words or part.removesuffix("s") in text_words or f"{part}s" in text_words
        for part in _WORD.findall(name)
    )
