"""What speaks for and against the passages found holding an answer, in figures that every language shares."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from service.knowledge.lexical import LexicalIndex, Question
from service.knowledge.postings import K1, rarity
from service.knowledge.scoring import Candidates
from service.knowledge.shelf import Shelf
from service.knowledge.vocabulary import grams
from service.knowledge.words import words

KEYWORD_EVIDENCE = ("known", "covered", "covered_together", "keywords", "spelled", "length", "lead")
"""
Of the question's words, each weighing its rarity: the share that the base knows, that the best of the first three
passages has, and that the three have together; BM25 of the best candidate by the best possible; the share of the
question's runs of letters in the first passage; the logarithm of its number of words; how far the first passage's
score is above the candidates' mean.
"""
EVIDENCE = (*KEYWORD_EVIDENCE, "nearest", "nearness")
"""The above, the highest cosine, and the highest in standard deviations above this question's usual."""

_LOOKED_AT = 3


def evidence(shelf: Shelf, question: Question, found: Candidates, scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the figures in the order of EVIDENCE; *found* has at least one row."""
    first = np.argsort(-scores, kind="stable")[:_LOOKED_AT]
    weights = _rarities(shelf.lexical, question)
    unknown = len(question.unknown) * float(rarity(0, shelf.lexical.whole.living))
    total = max(sum(weights.values()) + unknown, 1e-6)
    present = [weights.keys() & set(shelf.lexical.whole.row(int(row))[0].tolist()) for row in found.rows[first]]
    covered = [sum(weights[stem] for stem in stems) for stems in present]
    together = sum(weights[stem] for stem in set().union(*present))
    return np.array([
        1 - unknown / total,
        max(covered) / total,
        together / total,
        float(found.keywords.max()) / (total * (K1 + 1)),
        _spelled(shelf, question, int(found.rows[first[0]])),
        np.log1p(len(set(question.words))),
        float(scores[first[0]] - scores.mean()),
        float(found.cosines.max()),
        float(found.features[:, 0].max()),
    ])


def _rarities(index: LexicalIndex, question: Question) -> dict[int, float]:
    stems = np.array(sorted(set(question.stems)), np.int64)
    return dict(zip(stems.tolist(), index.whole.rarities(stems).tolist(), strict=True))


def _spelled(shelf: Shelf, question: Question, row: int) -> float:
    """Return the share of the question's runs of letters that the passage has."""
    passage = shelf.passages[row]
    asked = Counter(gram for word in set(question.words) for gram in grams(word))
    there = {gram for word in words(f"{passage.title} {passage.heading} {passage.text}") for gram in grams(word)}
    return sum(count for gram, count in asked.items() if gram in there) / max(asked.total(), 1)
