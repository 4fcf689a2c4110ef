"""Tells near-duplicates among passages, so that a reply's room is not spent on the same words twice."""

from service.domain import Passage
from service.knowledge.wording.words import words

_ALIKE = 0.85
"""Share of common word triples (Jaccard) from which on two passages say the same."""
_RUN = 3


class Duplicates:
    """Remembers the passages that it was shown."""

    def __init__(self) -> None:
        self._seen: list[tuple[str, frozenset[tuple[str, ...]]]] = []

    def of(self, passage: Passage) -> str | None:
        """Return the id of an earlier passage that says the same, else remember this one."""
        runs = _runs(passage.text)
        for key, others in self._seen:
            if _likeness(runs, others) >= _ALIKE:
                return key
        self._seen.append((passage.id, runs))
        return None


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    found = words(text)
    runs = frozenset(zip(*(found[start:] for start in range(_RUN)), strict=False))
    return runs or frozenset([tuple(found)])


def _likeness(left: frozenset[tuple[str, ...]], right: frozenset[tuple[str, ...]]) -> float:
    return len(left & right) / len(left | right)
