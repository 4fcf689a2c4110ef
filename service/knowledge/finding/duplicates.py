"""Tells near-duplicates among passages, so that a reply's room is not spent on the same words twice."""

from service.domain import Passage
from service.knowledge.wording.words import words

_ALIKE = 0.95
"""
Share of common word triples (Jaccard) from which on two passages say the same, if their figures are the same too: two
countries' delivery times, or two products' manuals, differ in a word here and there and in what matters.
"""
_RUN = 3

Runs = frozenset[tuple[str, ...]]


class Duplicates:
    """Remembers the passages that it was shown."""

    def __init__(self) -> None:
        self._seen: list[tuple[str, Runs]] = []

    def of(self, passage: Passage) -> str | None:
        """Return the id of an earlier passage that says the same, else remember this one."""
        runs = _runs(passage.text)
        for key, others in self._seen:
            if _likeness(runs, others) >= _ALIKE and _figures(runs) == _figures(others):
                return key
        self._seen.append((passage.id, runs))
        return None


def _runs(text: str) -> Runs:
    found = words(text)
    runs = frozenset(zip(*(found[start:] for start in range(_RUN)), strict=False))
    return runs or frozenset([tuple(found)])


def _figures(runs: Runs) -> set[str]:
    return {word for run in runs for word in run if any(map(str.isdigit, word))}


def _likeness(left: Runs, right: Runs) -> float:
    return len(left & right) / len(left | right)
