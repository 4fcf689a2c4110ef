"""How a sentence rewrites the words of its source: whether what was put in, taken out or replaced turns the sense."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from service.replies.grounding.senses.opposites import DENYING, NOT, TURNING, turns

_NEAR = 0.6
"""Share of a sentence's words, in the order of the source, from which it is a rewriting of it."""
_FEW = 5
"""Longer differences are other clauses, not other words."""

Turn = tuple[str, int]
"""Kind and side."""

Change = tuple[Sequence[str], Sequence[str]]
"""Words of the sentence, and those of the source in their place; one may be empty."""


def turning_changes(claim: Sequence[str], source: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of turning words that only one of the two has in its place; empty when none, or no rewriting."""
    operations = SequenceMatcher(None, claim, source, autojunk=False).get_opcodes()
    same = sum(end - start for what, start, end, _, _ in operations if what == "equal")
    if same < _NEAR * len(claim):
        return ()
    changes = list(_changes(claim, source, operations))
    said, meant = (Counter(turn for change in changes for turn in _sides(change[which])) for which in (0, 1))
    return tuple(dict.fromkeys(_one_sided(said, meant))) or tuple(
        dict.fromkeys(kind for change in changes for kind in _opposed(*map(_sides, change)))
    )


def _changes(
    claim: Sequence[str], source: Sequence[str], operations: Sequence[tuple[str, int, int, int, int]]
) -> Iterator[Change]:
    """Yield the differences of a few words; what stands in the source before and after the sentence is none."""
    for place, (what, start, end, first, last) in enumerate(operations):
        ours, theirs = claim[start:end], source[first:last]
        if what == "equal":
            continue
        if place == 0:
            theirs = theirs[max(0, len(theirs) - len(ours)) :] if ours else ()
        elif place == len(operations) - 1:
            theirs = theirs[: len(ours)]
        if len(ours) <= _FEW and len(theirs) <= _FEW:
            yield ours, theirs


def _one_sided(said: Counter[Turn], meant: Counter[Turn]) -> Iterator[str]:
    """Yield negations, exceptions and restrictions that one of the two has more of; what only moved is in both."""
    denied = any(kind in DENYING and side < 0 for kind, side in (said | meant))
    for kind, side in said | meant:
        if kind in TURNING and said[kind, side] != meant[kind, side] and not (kind == NOT and denied):
            yield kind


def _opposed(said: set[Turn], meant: set[Turn]) -> Iterator[str]:
    for kind, side in said:
        if kind not in TURNING and (kind, -side) in meant and (kind, side) not in meant:
            yield kind


def _sides(words: Sequence[str]) -> set[Turn]:
    return {turn for word in words for turn in turns(word)}
