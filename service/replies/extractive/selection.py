"""Chooses the extracts that answer a question: of one article if it can, nothing twice, in the order of a reader."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.replies.extractive.extracts import Extract
from service.replies.text.words import content_stems

MAX_SENTENCES = 4
_SENTENCES_EACH = 2
_CONTEXT_WEIGHT = 0.4
"""For the share of the whole ticket's words, where one of its questions is answered."""
_NEARNESS_WEIGHT = 1.5
"""Against 1 for the share of the question's words that the extract says; both lie in 0 to 1."""
_TOPIC_WEIGHT = 0.3
"""The same share for the title and heading above the extract."""
_RANK_DECAY = 0.87
"""Each further passage counts that much less: retrieval saw more than words."""
_POSITION_DECAY = 0.98
"""Articles say first what matters most."""
_SHARE_OF_BEST = 0.6
_SHARE_OF_BEST_ELSEWHERE = 0.88
"""What another article adds is off the subject more often than not, so it must be nearly as good as the best."""
_ELSEWHERE = 0.85
"""A customer's further questions are mostly about the article that answers the first."""
_SAME = 0.6
"""Jaccard similarity from which two extracts say the same."""
_OPEN = re.compile(
    r"\b(?:comment|combien|quand|pourquoi|où|qui|quels?|quelles?|que (?:dois|faire|puis)"
    r"|how|what|when|where|why|who|which)\b",
    re.IGNORECASE,
)
"""A question that yes or no does not answer."""

# The figures above were chosen on the development halves of cnil_fr and servicepublic_fr and on the demo brands:
# the first citation names the right article for 0.53, 0.69 and 0.45 of the questions, against 0.48, 0.68 and 0.48
# with words alone, and 0.49, 0.63 and 0.46 of all citations do, against 0.41, 0.66 and 0.35.


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and what is known about the passages that may answer."""

    question: str
    context: str
    """The whole of what the customer writes, which says what the question is about."""
    language: str
    topics: Mapping[int, str]
    """Title and heading of each passage by its number, a line each."""
    nearness: Mapping[Extract, float]
    """The cosine of question and extract."""


def select(asked: Sequence[Asked], candidates: Sequence[Extract]) -> tuple[tuple[Extract, ...], ...]:
    """
    Return the extracts that answer each question, ordered to be read; a group is empty when none touches its question.

    One question gets at most four sentences' worth, each of several at most two; nothing is said twice.
    """
    room = MAX_SENTENCES if len(asked) == 1 else _SENTENCES_EACH
    groups: list[tuple[Extract, ...]] = []
    for each in asked:
        said = [extract for group in groups for extract in group]
        groups.append(_answer(_Weigher(each, candidates, said), candidates, said, room))
    return tuple(groups)


def _answer(
    weigher: "_Weigher", candidates: Sequence[Extract], said: Sequence[Extract], room: int
) -> tuple[Extract, ...]:
    weights = {each: weigher.weigh(each) for each in candidates}
    supported = {each: _with_its_support(each, candidates, ()) for each in candidates}
    standing = [each for each in candidates if supported[each]]
    if weigher.is_open:
        plain = [each for each in standing if not any(other.says_yes_or_no for other in supported[each])]
        standing = plain or standing
    ranked = sorted(standing, key=lambda each: -weights[each])
    if not ranked or weights[ranked[0]] <= 0 or weigher.repeats(ranked[0], said):
        return ()
    chosen: list[Extract] = []
    for extract in ranked:
        share = _SHARE_OF_BEST if weigher.title(extract) == weigher.title(ranked[0]) else _SHARE_OF_BEST_ELSEWHERE
        if weights[extract] >= share * weights[ranked[0]] and not weigher.repeats(extract, [*said, *chosen]):
            group = _with_its_support(extract, candidates, [*said, *chosen])
            if group and (not chosen or _size([*chosen, *group]) <= room):
                chosen += group
    return _in_reading_order(_with_neighbour(chosen, candidates, said, weigher))


class _Weigher:
    """Weighs what an extract says of the question, rare words more."""

    def __init__(self, asked: Asked, candidates: Sequence[Extract], said: Sequence[Extract] = ()) -> None:
        language = asked.language
        self._language = language
        self.is_open = bool(_OPEN.search(asked.question))
        self._nearness = asked.nearness
        self._titles = {number: topic.split("\n")[0] for number, topic in asked.topics.items()}
        self._topics = {number: set(content_stems(topic, language)) for number, topic in asked.topics.items()}
        self._before = {self._titles[each.passage] for each in said}
        self._said = {each: set(content_stems(each.text, language)) for each in candidates}
        count = Counter(stem for said in self._said.values() for stem in said)
        wanted = dict.fromkeys(content_stems(asked.context, language), _CONTEXT_WEIGHT)
        wanted |= dict.fromkeys(content_stems(asked.question, language), 1.0)
        self._rarity = {
            stem: weight * math.log(1 + (len(candidates) + 1) / (count[stem] + 0.5)) for stem, weight in wanted.items()
        }
        self._whole = sum(self._rarity.values()) or 1.0

    def title(self, extract: Extract) -> str:
        return self._titles[extract.passage]

    def weigh(self, extract: Extract) -> float:
        words = self._share(self._said[extract]) + _TOPIC_WEIGHT * self._share(self._topic(extract))
        # Equal texts must weigh the same in whatever batch they were embedded.
        near = round(max(0.0, self._nearness.get(extract, 0.0)), 3)
        place = _RANK_DECAY ** (extract.passage - 1) * _POSITION_DECAY**extract.position
        elsewhere = bool(self._before) and self.title(extract) not in self._before
        return (words + _NEARNESS_WEIGHT * near) * place * (_ELSEWHERE if elsewhere else 1)

    def _topic(self, extract: Extract) -> set[str]:
        return self._topics[extract.passage] | set(content_stems(extract.heading, self._language))

    def repeats(self, extract: Extract, chosen: Sequence[Extract]) -> bool:
        said = self._said[extract]
        return any(
            extract == other or len(said & self._said[other]) >= _SAME * max(1, len(said | self._said[other]))
            for other in chosen
        )

    def _share(self, said: set[str]) -> float:
        return sum(rarity for stem, rarity in self._rarity.items() if stem in said) / self._whole


def by_words(asked: Asked, candidates: Sequence[Extract]) -> list[Extract]:
    """Return the candidates by what their words alone say of the question, best first."""
    weigher = _Weigher(asked, candidates)
    return sorted(candidates, key=lambda each: -weigher.weigh(each))


def _with_its_support(extract: Extract, candidates: Sequence[Extract], chosen: Sequence[Extract]) -> list[Extract]:
    """Return the extract, after the one before it when it leans on that; nothing when it leans on what is not there."""
    if not extract.leans:
        return [extract]
    before = [each for each in candidates if each.passage == extract.passage and each.position == extract.position - 1]
    if not before or before[0].leans:
        return []
    return [extract] if before[0] in chosen else [before[0], extract]


def _with_neighbour(
    chosen: list[Extract], candidates: Sequence[Extract], said: Sequence[Extract], weigher: _Weigher
) -> list[Extract]:
    """Add to a lone sentence the one after it in its passage, or before: the condition, the next step, the case."""
    if _size(chosen) != 1:
        return chosen
    only = chosen[0]
    neighbours = [
        each
        for each in candidates
        if each.passage == only.passage
        and (each.position == only.position + 1 or (each.position == only.position - 1 and not each.leans))
        and not (each.says_yes_or_no or weigher.repeats(each, [*said, *chosen]))
    ]
    return [*chosen, *sorted(neighbours, key=lambda each: -each.position)[:1]]


def _size(chosen: Sequence[Extract]) -> int:
    """Count sentences; a list counts as two, so that its items stay together."""
    return sum(1 if len(extract.lines) == 1 else 2 for extract in chosen)


def _in_reading_order(chosen: Sequence[Extract]) -> tuple[Extract, ...]:
    """Order by passage, the best one's first, and within a passage as its author wrote."""
    first_seen = {extract.passage: place for place, extract in reversed(list(enumerate(chosen)))}
    return tuple(sorted(chosen, key=lambda extract: (first_seen[extract.passage], extract.position)))
