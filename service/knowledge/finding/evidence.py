"""What speaks for and against the passages found holding an answer, in figures that every language shares."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from service.knowledge.finding.lexical import LexicalIndex, Question
from service.knowledge.finding.postings import K1, rarity
from service.knowledge.finding.scoring import Candidates
from service.knowledge.finding.shelf import Shelf
from service.knowledge.wording.vocabulary import grams, marked
from service.knowledge.wording.words import words

KEYWORD_EVIDENCE = ("known", "keywords", "spelled", "matched")
"""
Of the question's words, each weighing its rarity, the share that the base knows; BM25 of the best candidate by the best
possible; the share of the question's runs of letters that the first passage has; the logarithm of one and the number of
the question's words that the best of the first passages has.
"""
EVIDENCE = (*KEYWORD_EVIDENCE, "nearest")
"""The above and the highest cosine."""

_LOOKED_AT = 3


def evidence(shelf: Shelf, question: Question, found: Candidates, scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the figures in the order of EVIDENCE; *found* has at least one row."""
    first = found.rows[np.argsort(-scores, kind="stable")[:_LOOKED_AT]].tolist()
    weights = _rarities(shelf.lexical, question)
    unknown = len(question.unknown) * float(rarity(0, shelf.lexical.whole.living))
    total = max(sum(weights.values()) + unknown, 1e-6)
    covered = max(_covered(shelf.lexical, weights, row) for row in first) / total
    return np.array(
        [
            1 - unknown / total,
            float(found.keywords.max()) / (total * (K1 + 1)),
            _spelled(shelf, question, first[0]),
            np.log1p(covered * len(set(question.words))),
            float(found.cosines.max()),
        ]
    )


def _covered(index: LexicalIndex, weights: Mapping[int, float], row: int) -> float:
    """Return the weight of the stems that *row* has."""
    return sum(weights[stem] for stem in weights.keys() & set(index.stems([row]).numbers.tolist()))


def _rarities(index: LexicalIndex, question: Question) -> dict[int, float]:
    stems = np.array(sorted(set(question.stems)), np.int64)
    return dict(zip(stems.tolist(), index.whole.rarities(stems).tolist(), strict=True))


def _spelled(shelf: Shelf, question: Question, row: int) -> float:
    """Return the share of the question's runs of letters that the passage has."""
    passage = shelf.passages[row]
    asked = Counter(gram for word in set(question.words) for gram in grams(word))
    there = marked(words(f"{passage.title} {passage.heading} {passage.text}"))
    return sum(count for gram, count in asked.items() if gram in there) / max(asked.total(), 1)
