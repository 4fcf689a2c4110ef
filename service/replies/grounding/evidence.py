"""What speaks for a sentence in the passages: the windows that come nearest, and the features a scorer weighs."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from service.replies.grounding.names import begins_with, is_spelled
from service.replies.grounding.senses.polarity import conflicts
from service.replies.grounding.senses.rewriting import turning_changes
from service.replies.grounding.statements import Source, Statement, Window
from service.replies.grounding.values.values import Value, backs

_NEAREST = 4
"""Windows that are compared in full."""
_WIDER = 0.04
"""What a further statement in a window must add to the share of words said."""

_PERSONAL = frozenset({"i", "me", "my", "we", "us", "our", "je", "j", "m", "mon", "ma", "mes", "nous", "notre", "nos"})

FEATURES = (
    "said", "said_tokens", "ordered", "paired", "paired_tokens", "said_anywhere", "tokens_anywhere", "missing", "akin",
    "brief", "asks", "personal",
)  # fmt: skip
"""
Shares of a sentence's stems (rare ones weigh more) and words that the window, or any passage, says; of those in the
same order or beside each other; how many stems are missing, how many of these have kin; and what marks small talk.
"""


class Evidence:
    """How one window speaks for one sentence; worked out as far as it is asked for."""

    def __init__(self, claim: Statement, window: Window, sources: "Sources") -> None:
        self.window = window
        self._claim = claim
        self._sources = sources

    @cached_property
    def features(self) -> tuple[float, ...]:
        """In the order of FEATURES."""
        return self._sources.features(self._claim, self.window)

    @cached_property
    def unbacked(self) -> tuple[Value, ...]:
        """Values that neither the window, its title and headings, nor a variable says."""
        return tuple(self._sources.unbacked(self._claim, self.window))

    @cached_property
    def foreign(self) -> frozenset[str]:
        """Names that are not the passage's, or that took the place of the window's own."""
        return self._sources.foreign(self._claim, self.window)

    @cached_property
    def turned(self) -> tuple[str, ...]:
        """Kinds of negations and opposites in which the two differ."""
        claim, said = self._claim, self.window.said
        return conflicts(claim.marks, said.marks, claim.stem_set) or turning_changes(claim.directed, said.directed)

    @property
    def contradicts(self) -> bool:
        return bool(self.unbacked or self.foreign or self.turned)


class Sources:
    """The passages of one reply, and what counts as said beside them."""

    def __init__(self, sources: Sequence[Source], beside: Statement) -> None:
        self._sources = sources
        self._beside = beside

    def may_say(self, claim: Statement, place: int) -> bool:
        """Whether the passage has all the words of *claim*, so that it could say them in this order."""
        return claim.stem_set <= self._sources[place].whole.stem_set

    def evidence(self, claim: Statement, order: Sequence[int]) -> list[Evidence]:
        """Return how the nearest windows speak for *claim*, the nearest first; *order* settles between equals."""
        stems = claim.stem_set - self._beside.stem_set
        ranked = sorted(self._windows(stems, order), key=lambda each: -each[0])[:_NEAREST]
        return [Evidence(claim, window, self) for _, window in ranked]

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

    def features(self, claim: Statement, window: Window) -> tuple[float, ...]:
        said = window.said
        here = said.stem_set | window.source.head.stem_set | self._beside.stem_set
        missing = [stem for stem in claim.stems if stem not in here]
        count, words = len(claim.stems) or 1, len(claim.token_set) or 1
        return (
            self._weight(claim.stem_set & here) / (self._weight(claim.stem_set) or 1.0),
            len(claim.token_set & said.token_set) / words,
            _common(claim.stems, said.stems) / count,
            _paired(claim.stems, said.stems),
            _paired(claim.tokens, said.tokens),
            self._weight(claim.stem_set & self._all) / (self._weight(claim.stem_set) or 1.0),
            len(claim.token_set & self._all_tokens) / words,
            math.log1p(len(missing)),
            sum(_is_akin(stem, here) for stem in missing) / (len(missing) or 1),
            1 / count,
            float(claim.text.endswith("?")),
            float(len(_PERSONAL & claim.token_set - said.token_set)),
        )

    def unbacked(self, claim: Statement, window: Window | None) -> Iterator[Value]:
        """Yield the values of *claim* that neither the window, its title and headings, nor a variable says."""
        source = [*self._beside.values]
        if window:
            source += [*window.said.values, *window.source.head.values]
        for value in claim.values:
            if not value.is_doubtful and not backs(source, value) and not _in_table(value, window):
                yield value

    def foreign(self, claim: Statement, window: Window) -> frozenset[str]:
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
    def _all_tokens(self) -> frozenset[str]:
        heads = [source.head.token_set for source in self._sources]
        return frozenset().union(self._beside.token_set, *heads, *(source.whole.token_set for source in self._sources))

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
