"""Chooses the extracts that answer a question: all that is asked, nothing twice, in the order of a reader."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from service.replies.extracts import Extract
from service.replies.words import content_stems, fold

MAX_SENTENCES = 5
_RANK_DECAY = 0.75
"""Each further passage counts that much less: retrieval ranked them with more than words."""
_POSITION_DECAY = 0.96
"""Articles say first what matters most."""
_TOPIC_WEIGHT = 0.35
"""A question's word in the passage's title or heading counts as said, in part, by each of its sentences."""
_QUANTITY_BONUS = 1.3
_SECOND_PASSAGE_SHARE = 0.6
"""A passage that brings no new word of the question is used only when it is nearly as good as the best."""
_MIN_SHARE_OF_BEST = 0.3
_SAME = 0.6
"""Jaccard similarity from which two extracts say the same."""
_ASKS_QUANTITY = re.compile(
    r"\b(?:combien|delai|delais|quand|duree|prix|tarif|cout\w*|jusqu a quand|a partir de quand"
    r"|how (?:long|much|many|soon)|when|cost|price|fee|deadline)\b"
)


def select(question: str, candidates: Sequence[Extract], topics: Mapping[int, str]) -> tuple[Extract, ...]:
    """
    Return at most five sentences' worth of extracts, ordered to be read; empty when none touches the question.

    `topics` gives the title and heading of each passage by its number.
    """
    scorer = _Scorer(question, candidates, topics)
    scored = sorted(((scorer.score(each), each) for each in candidates), key=lambda pair: -pair[0])
    if not scored or scored[0][0] <= 0:
        return ()
    chosen = _choose(scored, candidates, scorer)
    return _in_reading_order(chosen)


class _Scorer:
    """Weighs what an extract says of the question, rare words more."""

    def __init__(self, question: str, candidates: Sequence[Extract], topics: Mapping[int, str]) -> None:
        self.wanted = Counter(content_stems(question))
        self._topics = {number: set(content_stems(topic)) for number, topic in topics.items()}
        self._said = {each: set(content_stems(each.text)) for each in candidates}
        in_extracts = Counter(stem for said in self._said.values() for stem in said)
        self._rarity = {stem: math.log(1 + (len(candidates) + 1) / (in_extracts[stem] + 0.5)) for stem in self.wanted}
        self._asks_quantity = bool(_ASKS_QUANTITY.search(fold(question)))

    def said(self, extract: Extract) -> set[str]:
        return self._said[extract]

    def covered(self, extract: Extract) -> set[str]:
        """Return the question's stems that the extract or its passage's topic says."""
        return set(self.wanted) & (self._said[extract] | self._topics.get(extract.passage, set()))

    def score(self, extract: Extract) -> float:
        said, topic = self._said[extract], self._topics.get(extract.passage, set())
        weight = sum(
            self._rarity[stem] * (1.0 if stem in said else _TOPIC_WEIGHT if stem in topic else 0.0)
            for stem in self.wanted
        )
        length = 1 / (1 + max(0, len(said) - 30) / 30)
        quantity = _QUANTITY_BONUS if self._asks_quantity and any(map(str.isdigit, extract.text)) else 1.0
        place = _RANK_DECAY ** (extract.passage - 1) * _POSITION_DECAY**extract.position
        return weight * length * quantity * place


def _choose(scored: Sequence[tuple[float, Extract]], candidates: Sequence[Extract], scorer: _Scorer) -> list[Extract]:
    best_score = scored[0][0]
    chosen: list[Extract] = []
    covered: set[str] = set()
    for score, extract in scored:
        if score < _MIN_SHARE_OF_BEST * best_score:
            break
        news = scorer.covered(extract) - covered
        known_passage = any(extract.passage == other.passage for other in chosen)
        if chosen and not news and not known_passage and score < _SECOND_PASSAGE_SHARE * best_score:
            continue
        group = _with_its_support(extract, candidates)
        group = [each for each in group if not _repeats(each, chosen, scorer)]
        if extract not in group or _size([*chosen, *group]) > MAX_SENTENCES:
            if not chosen:
                return [extract]
            continue
        chosen += group
        covered |= scorer.covered(extract)
    return chosen if _size(chosen) > 1 else _with_neighbour(chosen, candidates, scorer)


def _with_its_support(extract: Extract, candidates: Sequence[Extract]) -> list[Extract]:
    """Return the extract, after the one before it when it leans on that."""
    if not extract.leans:
        return [extract]
    before = [each for each in candidates if each.passage == extract.passage and each.position == extract.position - 1]
    return [*before, extract] if before and not before[0].leans else []


def _with_neighbour(chosen: list[Extract], candidates: Sequence[Extract], scorer: _Scorer) -> list[Extract]:
    """Add the sentence that follows a lone one in its passage: it usually holds the condition or the next step."""
    only = chosen[0]
    following = [
        each
        for each in candidates
        if each.passage == only.passage
        and each.position in {only.position + 1, only.position - 1}
        and (not each.leans or each.position > only.position)
        and not _repeats(each, chosen, scorer)
    ]
    following.sort(key=lambda each: -each.position)
    return [*chosen, *following[:1]]


def _repeats(extract: Extract, chosen: Sequence[Extract], scorer: _Scorer) -> bool:
    said = scorer.said(extract)
    return any(
        extract == other or len(said & scorer.said(other)) >= _SAME * max(1, len(said | scorer.said(other)))
        for other in chosen
    )


def _size(chosen: Sequence[Extract]) -> int:
    """Count sentences; a list counts as two, so that steps stay together."""
    return sum(1 if len(extract.lines) == 1 else 2 for extract in chosen)


def _in_reading_order(chosen: Sequence[Extract]) -> tuple[Extract, ...]:
    """Order by passage, the best one's first, and within a passage as its author wrote."""
    first_seen = {extract.passage: place for place, extract in reversed(list(enumerate(chosen)))}
    return tuple(sorted(chosen, key=lambda extract: (first_seen[extract.passage], extract.position)))
