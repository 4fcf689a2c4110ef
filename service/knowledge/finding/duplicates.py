"""Tells near-duplicates among passages, so that a reply's room is not spent on the same words twice."""

from collections.abc import Hashable, Sequence

from service.domain import Passage
from service.knowledge.wording.words import words

_ALIKE = 0.95
"""
Share of common word triples (Jaccard) from which on two passages say the same, if their figures are the same too: two
countries' delivery times, or two products' manuals, differ in a word here and there and in what matters.
"""
_RUN = 3

Runs = frozenset[tuple[Hashable, ...]]


class Duplicates:
    """Remembers the passages that it was shown."""

    def __init__(self) -> None:
        self._seen: list[tuple[Passage, Runs]] = []

    def of(self, passage: Passage, said: Sequence[Hashable]) -> str | None:
        """
        Return the id of an earlier passage that says the same, else remember this one.

        *said* are the content words of its text in their order, or numbers that stand for them.
        """
        runs = _runs(said)
        for other, others in self._seen:
            if _likeness(runs, others) >= _ALIKE and _figures(passage.text) == _figures(other.text):
                return other.id
        self._seen.append((passage, runs))
        return None


def _runs(said: Sequence[Hashable]) -> Runs:
    runs = frozenset(zip(*(said[start:] for start in range(_RUN)), strict=False))
    return runs or frozenset([tuple(said)])


def _figures(text: str) -> set[str]:
    return {word for word in words(text) if any(map(str.isdigit, word))}


def _likeness(left: Runs, right: Runs) -> float:
    return len(left & right) / len(left | right)
