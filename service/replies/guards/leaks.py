"""What never leaves: the words of the prompt, the token of its fences, keys and card numbers."""

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from stdnum import luhn

from service.prompting.templates.rendering import ChatMessage
from service.replies.text.words import fold

_FENCE = re.compile(r"</?[a-z]+-([0-9a-f]{8})\b")
_KEY = re.compile(
    r"\b(?:sk|pk|rk)[-_][\w-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|-----BEGIN [A-Z ]+-----|\bBearer [\w.~+/-]{16,}",
)
_CARD = re.compile(r"\b(?:\d[ -]?){13,19}\b")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}")
_RUN = 6
"""Words in a row that no sentence shares with the prompt by chance."""


class Secrets:
    """The prompt of one reply, and what of it may be said all the same."""

    def __init__(self, messages: Sequence[ChatMessage], sayable: Iterable[str]) -> None:
        """*sayable* are the texts that a reply may repeat though the prompt holds them: passages, variables, frame."""
        self._texts = tuple(sayable)
        self._tokens = frozenset(token for message in messages for token in _FENCE.findall(message.content))
        told = [message.content for message in messages if message.role == "system"]
        self._lines = [_said(line) for line in "\n".join(told).splitlines()]
        self._prompt = _spaced(" ".join(filter(None, self._lines)))

    def told_by(self, sentence: str) -> bool:
        """Whether *sentence* gives away the prompt, its token however disguised, a key or a card number."""
        return self._tells_prompt(_said(sentence)) or self._tells_token(sentence) or self._tells_key(sentence)

    def _tells_prompt(self, said: str) -> bool:
        if said and said in self._lines and said not in map(_said, self._texts):
            return True
        told = [run for run in _runs(said) if run in self._prompt]
        return bool(told) and any(run not in self._repeatable for run in told)

    @cached_property
    def _repeatable(self) -> str:
        return _spaced(_said(self._sayable))

    @cached_property
    def _sayable(self) -> str:
        return " ".join(self._texts)

    def _tells_token(self, sentence: str) -> bool:
        if not self._tokens:
            return False
        forms = list(_disguises(sentence))
        return any(token in form for token in self._tokens for form in forms)

    def _tells_key(self, sentence: str) -> bool:
        told = [found.group() for found in _KEY.finditer(sentence)]
        told += [found.group().strip() for found in _CARD.finditer(sentence) if luhn.is_valid(_bare(found.group()))]
        return any(each not in self._sayable for each in told)


def _runs(said: str) -> list[str]:
    words = said.split()
    return [_spaced(" ".join(words[at : at + _RUN])) for at in range(len(words) - _RUN + 1)]


@lru_cache(maxsize=1024)
def _said(text: str) -> str:
    """Return the folded words of *text* with a space between them; the prompt's lines are mostly the same."""
    return " ".join(re.findall(r"\w+", fold(text)))


def _spaced(words: str) -> str:
    return f" {words} "


def _disguises(sentence: str) -> Iterable[str]:
    bare = _bare(sentence)
    yield from (bare, bare[::-1], codecs.decode(bare, "rot13"), _bare(sentence.translate(_LEET)))
    for found in _ENCODED.finditer(sentence):
        yield from (_bare(text) for text in _decoded(found.group()))


_LEET = str.maketrans("oOiIlLsSzZ", "0011115522")


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _decoded(encoded: str) -> Iterable[str]:
    try:
        yield base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8", "ignore")
        yield bytes.fromhex(encoded.rstrip("=")).decode("utf-8", "ignore")
    except (binascii.Error, ValueError):
        return
