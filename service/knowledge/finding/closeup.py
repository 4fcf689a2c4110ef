"""Looks closely at a few candidates: what in the question tells *them* apart, in words and in spelling."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from service.knowledge.finding.lexical import LexicalIndex, Question
from service.knowledge.finding.postings import K1, rarity
from service.knowledge.finding.sequences import Sequences
from service.knowledge.wording.vocabulary import grams

Scores = NDArray[np.float32]
_Term = TypeVar("_Term", int, NDArray[np.int64])

_MOST_GRAMS = 96
"""Of a question's runs of letters, the heaviest; a long ticket has thousands, and the rest adds nothing but time."""


def word_scores(index: LexicalIndex, question: Question, rows: Sequence[int]) -> tuple[Scores, Scores]:
    """
    Return BM25 of *rows* with the rarity of each word among them instead of in the whole base, and their coverage.

    A product's name that every candidate has weighs nothing in the first, however rare it is elsewhere. The coverage is
    the share of the question's words that a row has, a word weighing its rarity in the base.
    """
    if not question.weights or not rows:
        return np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
    stems = index.stems(rows)
    hits = np.flatnonzero(_among(stems.numbers, list(question.weights)))
    wanted, often = _counted(stems.numbers[hits], stems.owners[hits], question.weights, len(rows))
    rare = index.whole.rarities(wanted)
    coverage = (often > 0) @ rare / rare.sum()
    return _bm25(wanted, often, index.whole.norms[rows], question.weights), np.asarray(coverage, np.float32)


def pair_scores(index: LexicalIndex, question: Question, rows: Sequence[int]) -> Scores:
    """Return the same over pairs of neighbouring words, in the question's order."""
    pairs = Counter(_pair(left, right) for left, right in pairwise(question.stems) if left != right)
    if not pairs or not rows:
        return np.zeros(len(rows), np.float32)
    stems = index.stems(rows)
    begins = np.flatnonzero(_among(stems.numbers[:-1], [pair >> 32 for pair in pairs]))
    begins = begins[stems.owners[begins] == stems.owners[begins + 1]]
    codes = _pair(stems.numbers[begins].astype(np.int64), stems.numbers[begins + 1].astype(np.int64))
    wanted, often = _counted(codes, stems.owners[begins], pairs, len(rows))
    return _bm25(wanted, often, index.whole.norms[rows], pairs)


def _pair(left: _Term, right: _Term) -> _Term:
    """Return one number for two."""
    return left << 32 | right


def _among(
    numbers: NDArray[np.int32] | NDArray[np.int64], wanted: Sequence[int] | NDArray[np.int32] | NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which of *numbers* are *wanted*; by a table, which beats sorting as long as the numbers are small."""
    marked = np.asarray(wanted, np.int64)
    table = np.zeros(max(int(numbers.max(initial=0)), int(marked.max(initial=0))) + 1, np.bool_)
    table[marked] = True
    return table[numbers]


def _counted(
    terms: NDArray[np.int32] | NDArray[np.int64], owners: NDArray[np.int64], weights: Mapping[int, float], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the terms of *weights*, ascending, and how often each row has them: (row, term)."""
    wanted = np.array(sorted(weights), np.int64)
    places = np.minimum(np.searchsorted(wanted, terms), len(wanted) - 1)
    hits = wanted[places] == terms
    often = np.bincount(owners[hits] * len(wanted) + places[hits], minlength=rows * len(wanted))
    return wanted, often.reshape(rows, len(wanted))


def _bm25(
    wanted: NDArray[np.int64], often: NDArray[np.int64], norms: NDArray[np.float32], weights: Mapping[int, float]
) -> Scores:
    """Return BM25 of the rows, as if there were no others."""
    rare = rarity((often > 0).sum(axis=0), len(norms))
    saturated = (K1 + 1) * often / (often + norms[:, None])
    return np.asarray(saturated @ (rare * [weights[term] for term in wanted.tolist()]), np.float32)


def spelling_scores(index: LexicalIndex, question: Question, rows: Sequence[int]) -> Scores:
    """
    Return BM25 of *rows* over runs of four letters, which sees through endings, compounds and typing errors.

    In how many rows of the base a run occurs is estimated from the words that have it.
    """
    having, weights = _heaviest_grams(index, question)
    if not having or not rows:
        return np.zeros(len(rows), np.float32)
    words = index.words.some(rows)
    hits = np.flatnonzero(_among(words.numbers, np.concatenate(having)))
    found, grams_of = _by_word(having, words.numbers[hits])
    each = grams_of.some(np.searchsorted(found, words.numbers[hits]))
    cells = words.owners[hits][each.owners] * len(having) + each.numbers
    often = np.bincount(cells, minlength=len(rows) * len(having)).reshape(len(rows), len(having))
    saturated = often / (often + index.spelled.norms[rows][:, None])
    return np.asarray((saturated * weights).sum(axis=1) * (K1 + 1), np.float32)


def _by_word(having: Sequence[NDArray[np.int64]], words: NDArray[np.int32]) -> tuple[NDArray[np.int64], Sequences]:
    """Return which of *words* have any of the runs of letters, ascending, and the places of those that each has."""
    members = np.concatenate(having)
    places = np.repeat(np.arange(len(having), dtype=np.int32), [len(each) for each in having])
    there = np.flatnonzero(_among(members, words))
    order = there[np.argsort(members[there], kind="stable")]
    found, starts = np.unique(members[order], return_index=True)
    return found, Sequences(places[order], np.append(starts, len(order)))


def _heaviest_grams(index: LexicalIndex, question: Question) -> tuple[list[NDArray[np.int64]], NDArray[np.float64]]:
    """Return, for the question's weightiest runs of letters, the words that have it and its weight, heaviest first."""
    frequencies, living = index.spelled.frequencies, index.spelled.living
    asked = Counter(gram for word in question.words for gram in grams(word))
    known = {gram: index.vocabulary.words_with(gram, len(frequencies)) for gram in asked}
    having = [members for members in known.values() if len(members)]
    if not having:
        return [], np.zeros(0)
    starts = np.cumsum([0, *(len(members) for members in having[:-1])])
    often = np.minimum(np.add.reduceat(frequencies[np.concatenate(having)], starts), living)
    weights = rarity(often, living) * [asked[gram] for gram, members in known.items() if len(members)]
    heaviest = np.argsort(-weights, kind="stable")[:_MOST_GRAMS]
    return [having[place] for place in heaviest], weights[heaviest]
