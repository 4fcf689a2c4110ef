"""Orders to the chat model in a ticket or an article: text from outside is data, and this finds what it orders."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from service.replies.guards.markup import clean
from service.replies.guards.signs import any_of, read_signs
from service.replies.text.sentences import split_sentences
from service.replies.text.words import fold

_SIGNS = read_signs("injection")
_TELLING = frozenset(_SIGNS.pop("telling"))
_JOBS = any_of(_SIGNS.pop("do another job"))
_TOLD = any_of(pattern for patterns in _SIGNS.values() for pattern in patterns)
_TELLING_CHARS = 5
_ENCODED = re.compile(r"\b[A-Za-z0-9+/]{24,}={0,2}")
_HIDDEN = re.compile(r"(?<=\b\w)[ .\-_*](?=\w\b)")
"""What stands between letters that are written one by one."""
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def suspects(text: str, *, article: bool = False) -> tuple[tuple[int, int], ...]:
    """
    Return the slices of *text*, sentence by sentence, that give orders to whoever writes the reply; often none.

    In an *article* that is also what asks for a job, such as writing a poem: a customer may ask, an article does not.
    """
    slices = split_sentences(text)
    return tuple((start, end) for start, end in slices if gives_orders(text[start:end], article=article))


def gives_orders(sentence: str, *, article: bool = False) -> bool:
    """Whether *sentence* tells a chat model what to do, whatever its case, accents, invisible or encoded letters."""
    if any(_TOLD.search(form) for form in _forms(sentence)):
        return True
    return article and bool(_JOBS.search(_read(sentence)))


def _forms(sentence: str) -> Iterator[str]:
    shown = unicodedata.normalize("NFKC", clean(sentence))
    bare = unicodedata.normalize("NFD", shown.lower()).encode("ascii", "ignore").decode()
    if not _TELLING.isdisjoint({word[:_TELLING_CHARS] for word in _WORD.findall(bare)}):
        yield _read(shown)
    if len(_HIDDEN.findall(bare)) > len(bare) / 4:
        yield " ".join(_HIDDEN.sub("", bare).split())
    for found in _ENCODED.finditer(sentence):
        yield fold(_decoded(found.group()))


def _read(text: str) -> str:
    return " ".join(fold(text).replace("’", "'").split())


def _decoded(encoded: str) -> str:
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii", "ignore")
    except (binascii.Error, ValueError):
        return ""
