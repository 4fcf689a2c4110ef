"""What speaks for a sentence in the passages: the windows that come nearest, and the features a scorer weighs."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from service.replies.grounding.names import begins_with, is_spelled
from service.replies.grounding.polarity import conflicts
from service.replies.grounding.statements import Source, Statement, Window
from service.replies.grounding.values import Value, backs

_NEAREST = 4
"""Windows that are compared in full."""
_WIDER = 0.04
"""What a further statement in a window must add to the share of words said."""

FEATURES = (
    "said", "said_tokens", "ordered", "paired", "said_anywhere", "missing", "akin", "brief", "values", "names",
    "turned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one window speaks for one sentence."""

    window: Window
    features: tuple[float, ...]
    """In the order of FEATURES."""
    unbacked: tuple[Value, ...]
    foreign: frozenset[str]
    """Names that the sentence has and the window should have."""
    turned: tuple[str, ...]
    """Kinds of negations and opposites in which the two differ."""


class Sources:
    """The passages of one reply, and what counts as said beside them."""

    def __init__(self, sources: Sequence[Source], beside: Statement) -> None:
        self._sources = sources
        self._beside = beside

    def evidence(self, claim: Statement, order: Sequence[int]) -> list[Evidence]:
        """Return how the nearest windows speak for *claim*, the nearest first; *order* settles between equals."""
        stems = claim.stem_set - self._beside.stem_set
        ranked = sorted(self._windows(stems, order), key=lambda each: -each[0])[:_NEAREST]
        return [self._compare(claim, window) for _, window in ranked]

    def _windows(self, stems: frozenset[str], order: Sequence[int]) -> Iterator[tuple[float, Window]]:
        for place in order:
            source = self._sources[place]
            said = [self._weight(stems & statement.stem_set) for statement in source.statements]
            for best in sorted(range(len(said)), key=lambda each: -said[each])[:2]:
                if not said[best] and stems:
                    continue
                for first, last in _around(best, len(said)):
                    together = frozenset().union(*(each.stem_set for each in source.statements[first : last + 1]))
                    share = self._weight(stems & (together | source.head.stem_set)) / (self._weight(stems) or 1.0)
                    yield share - _WIDER * (last - first), source.window(first, last)

    def _compare(self, claim: Statement, window: Window) -> Evidence:
        said = window.said
        here = said.stem_set | window.source.head.stem_set | self._beside.stem_set
        missing = [stem for stem in claim.stems if stem not in here]
        unbacked = tuple(self.unbacked(claim, window))
        foreign = self._foreign(claim, window)
        turned = conflicts(claim.marks, said.marks, claim.stem_set)
        count = len(claim.stems) or 1
        akin = sum(_is_akin(stem, here) for stem in missing)
        features = (
            self._weight(claim.stem_set & here) / (self._weight(claim.stem_set) or 1.0),
            len(claim.tokens & said.tokens) / (len(claim.tokens) or 1),
            _common(claim.stems, said.stems) / count,
            _paired(claim.stems, said.stems),
            self._weight(claim.stem_set & self._all) / (self._weight(claim.stem_set) or 1.0),
            math.log1p(len(missing)),
            akin / (len(missing) or 1),
            1 / count,
            float(min(len(unbacked), 2)),
            float(min(len(foreign), 2)),
            float(min(len(turned), 2)),
        )
        return Evidence(window, features, unbacked, foreign, turned)

    def unbacked(self, claim: Statement, window: Window | None) -> Iterator[Value]:
        """Yield the values of *claim* that neither the window, its title and headings, nor a variable says."""
        source = [*self._beside.values]
        if window:
            source += [*window.said.values, *window.source.head.values]
        for value in claim.values:
            if not value.is_doubtful and not backs(source, value) and not _in_table(value, window):
                yield value

    def _foreign(self, claim: Statement, window: Window) -> frozenset[str]:
        """Return the claim's names that are not the passage's, or that took the place of the window's own."""
        here = window.said.words | window.source.head.words | self._beside.words
        absent = [name for name in self._names(claim) if not is_spelled(name, here)]
        replaced = any(not is_spelled(name, claim.words) for name in window.said.names)
        return frozenset(name for name in absent if replaced or not is_spelled(name, window.source.whole.words))

    def _names(self, claim: Statement) -> frozenset[str]:
        return claim.names | begins_with(claim.text, self._known_names)

    def _weight(self, stems: Iterable[str]) -> float:
        rarity, most = self._rarity
        return sum(rarity.get(stem, most) for stem in stems)

    @cached_property
    def _rarity(self) -> tuple[dict[str, float], float]:
        statements = [statement for source in self._sources for statement in source.statements]
        count = Counter(stem for statement in statements for stem in statement.stem_set)
        total = len(statements) + 1
        return {stem: math.log(1 + total / (seen + 0.5)) for stem, seen in count.items()}, math.log(1 + total / 0.5)

    @cached_property
    def _all(self) -> frozenset[str]:
        heads = [source.head.stem_set for source in self._sources]
        return frozenset(self._rarity[0]).union(self._beside.stem_set, *heads)

    @cached_property
    def _known_names(self) -> frozenset[str]:
        return frozenset().union(*(source.whole.names | source.head.names for source in self._sources))


def _around(place: int, count: int) -> Iterator[tuple[int, int]]:
    """Yield the statement alone, with a neighbour, and with both."""
    yield place, place
    if place + 1 < count:
        yield place, place + 1
    if place:
        yield place - 1, place
    if place and place + 1 < count:
        yield place - 1, place + 1


def _common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(theirs) + 1)
    for stem in ours:
        diagonal = 0
        for place, other in enumerate(theirs, start=1):
            diagonal, row[place] = row[place], diagonal + 1 if stem == other else max(row[place], row[place - 1])
    return row[-1]


def _paired(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Return the share of neighbouring stems that are neighbours, or nearly, in *theirs*."""
    if len(ours) < 2:  # noqa: PLR2004 - a pair
        return float(bool(ours) and ours[0] in theirs)
    near = {pair for gap in (1, 2) for pair in zip(theirs, theirs[gap:], strict=False)}
    return sum(pair in near for pair in pairwise(ours)) / (len(ours) - 1)


def _is_akin(stem: str, here: Iterable[str]) -> bool:
    """Whether a word of the same family is there: "livr" and "livraison" share their beginning."""
    return len(stem) > 4 and any(other[:5] == stem[:5] for other in here)  # noqa: PLR2004


def _in_table(value: Value, window: Window | None) -> bool:
    """Whether a row has the number and the passage's table names the unit in its header."""
    if not window or not value.unit or "|" not in window.source.text[window.start : window.end]:
        return False
    unit = value.written.split()[-1].casefold()
    return unit in window.source.whole.words and any(value.plain & said.plain for said in window.said.values)
