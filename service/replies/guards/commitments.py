"""Promises to this customer, in French and English: allowed only where a cited passage or a variable makes them."""

import re
from collections.abc import Iterable, Sequence

from service.domain import Sentence, Support
from service.replies.guards.signs import any_of, read_signs
from service.replies.text.words import figures, fold

_KINDS = read_signs("commitments")
_PROMISE = {kind: any_of(signs["promised"]) for kind, signs in _KINDS.items()}
_BACKING = {kind: any_of(signs["backed"]) for kind, signs in _KINDS.items()}
_CONDITION = re.compile(
    r"\b(?:if|unless|provided|only|subject to|except|si|sauf|a condition|uniquement|seulement|sous reserve)\b|\bs'il\b"
)


def unbacked(sentence: Sentence, variables: Iterable[str]) -> str | None:
    """
    Return the kind of promise in *sentence* that nothing it rests on makes, or None.

    A quote makes its own promises. Other words need a cited quote of the same kind, without a condition that the
    sentence leaves out, or, for a time or a delivery, a variable whose value the sentence says.
    """
    if sentence.support is Support.QUOTED:
        return None
    said = fold(sentence.text).replace("’", "'")
    kinds = [kind for kind, promise in _PROMISE.items() if promise.search(said)]
    if not kinds or kinds == ["soon"]:
        return None
    quotes = [fold(citation.quote).replace("’", "'") for citation in sentence.citations]
    return next((kind for kind in kinds if not _is_backed(kind, said, quotes, tuple(variables))), None)


def _is_backed(kind: str, said: str, quotes: Sequence[str], variables: Sequence[str]) -> bool:
    if kind in {"delivery", "soon"} and any(fold(value) in said and figures(value) for value in variables):
        return True
    if kind == "soon":
        word = _PROMISE[kind].search(said)
        return word is not None and any(word.group() in quote for quote in quotes)
    return any(_BACKING[kind].search(quote) and _keeps_condition(said, quote) for quote in quotes)


def _keeps_condition(said: str, quote: str) -> bool:
    return not _CONDITION.search(quote) or bool(_CONDITION.search(said))
