"""How a customer is, and what they ask beyond an answer: danger, hardship, anger, legal action, a person."""

import re
from collections.abc import Iterable

from service.domain import ReasonCode
from service.replies.guards.signs import any_of, read_signs
from service.replies.text.sentences import split_sentences
from service.replies.text.words import fold

_SIGNS = {
    ReasonCode(code): re.compile(rf"\b{any_of(signs).pattern}(?!\w)") for code, signs in read_signs("mood").items()
}
_SHOUTED = re.compile(r"\b[A-ZÀ-Ý]{3,}\b(?:\W+\b[A-ZÀ-Ý]{2,}\b){3,}|!{3,}|\?!\?!")


def moods(texts: Iterable[str]) -> tuple[ReasonCode, ...]:
    """Return what the customer's *texts* show, the weightiest first; French and English, whatever case and accents."""
    written = "\n".join(texts)
    read = _read(written)
    shown = {code for code, sign in _SIGNS.items() if sign.search(read)}
    if ReasonCode.LEGAL_THREAT in shown and not _SIGNS[ReasonCode.LEGAL_THREAT].search(_statements(written)):
        shown.remove(ReasonCode.LEGAL_THREAT)
    if _SHOUTED.search(written) and not written.isupper():
        shown.add(ReasonCode.ANGRY_CUSTOMER)
    return tuple(code for code in ReasonCode if code in shown)


def _statements(text: str) -> str:
    sentences = (text[start:end] for start, end in split_sentences(text))
    return "\n".join(_read(sentence) for sentence in sentences if not sentence.endswith("?"))


def _read(text: str) -> str:
    return " ".join(fold(text).replace("’", "'").split())
