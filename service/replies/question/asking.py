"""The questions in a ticket's words: each is to be answered, in the customer's order."""

import re
from collections.abc import Iterator

from service.replies.text.sentences import split_sentences

_MOST = 4
_MIN_WORDS = 3
"""A shorter part of a question asks nothing of its own ("et combien ?" belongs to what it follows)."""
_ASKS = (
    r"(?:à |de |pour |pendant |jusqu['’]à |until |for |by |to )?"
    r"(?:combien|comment|où|quand|pourquoi|quels?|quelles?|qui|que dois|est-ce|puis-je|peut-on|peut-il|peut-elle"
    r"|pourr\w+|dois-je|faut-il|ai-je|avez-vous|pouvez-vous|y a-t-il|how|what|when|where|why|which|who|can|could|do"
    r"|does|did|will|would|is|are|should|may|must)\b"
)
_JOINT = re.compile(rf",? ?(?:\b(?:et|and|ou|or)\b|;) ?,?(?={_ASKS})", re.IGNORECASE)
_ASKING = re.compile(rf"^\W*(?:(?:et|and|mais|but|alors|so|aussi|also),? )?{_ASKS}", re.IGNORECASE)


def questions(text: str) -> tuple[str, ...]:
    """Return at most four questions in their order; the whole *text* when it asks one thing, or nothing openly."""
    asked = [part for start, end in split_sentences(text) for part in _parts(text[start:end])]
    return tuple(asked[:_MOST]) if len(asked) > 1 else (text,)


def _parts(sentence: str) -> Iterator[str]:
    """Yield what a sentence asks: nothing, one thing, or two joined by "and"."""
    if not sentence.rstrip(' "»”)').endswith("?"):
        return
    place = 0
    for joint in _JOINT.finditer(sentence):
        before, after = sentence[place : joint.start()], sentence[joint.end() :]
        if len(before.split()) >= _MIN_WORDS and len(after.split()) >= _MIN_WORDS and _ASKING.search(before):
            yield before.strip()
            place = joint.end()
    yield sentence[place:].strip()
