"""Looks closely at a few candidates: what in the question tells *them* apart, in words and in spelling."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from service.knowledge.finding.lexical import LexicalIndex, Question
from service.knowledge.finding.postings import K1, Postings, rarity
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
    entries = _Entries.of(index.whole, rows)
    wanted, often = _counted(entries.terms, entries.counts, entries.owners, question.weights, len(rows))
    rare = index.whole.rarities(wanted)
    coverage = (often > 0) @ rare / rare.sum()
    return _bm25(wanted, often, entries.norms, question.weights), np.asarray(coverage, np.float32)


def pair_scores(index: LexicalIndex, question: Question, rows: Sequence[int]) -> Scores:
    """Return the same over pairs of neighbouring words, in the question's order."""
    pairs = Counter(_pair(left, right) for left, right in pairwise(question.stems) if left != right)
    if not pairs or not rows:
        return np.zeros(len(rows), np.float32)
    sequences = [index.sequences[row] for row in rows]
    terms = np.concatenate(sequences).astype(np.int64)
    owners = np.repeat(np.arange(len(rows)), [len(sequence) for sequence in sequences])
    neighbours = owners[1:] == owners[:-1]
    codes = _pair(terms[:-1], terms[1:])[neighbours]
    owned = owners[1:][neighbours]
    wanted, often = _counted(codes, np.ones(len(codes), np.uint16), owned, pairs, len(rows))
    return _bm25(wanted, often, index.whole.norms[list(rows)], pairs)


def _pair(left: _Term, right: _Term) -> _Term:
    """Return one number for two."""
    return left << 32 | right


def _counted(
    terms: NDArray[np.int32] | NDArray[np.int64],
    counts: NDArray[np.uint16],
    owners: NDArray[np.int64],
    weights: Mapping[int, float],
    rows: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the terms of *weights*, ascending, and how often each row has them: (row, term)."""
    wanted = np.array(sorted(weights), np.int64)
    places = np.minimum(np.searchsorted(wanted, terms), len(wanted) - 1)
    hits = wanted[places] == terms
    cells = owners[hits] * len(wanted) + places[hits]
    often = np.bincount(cells, counts[hits], rows * len(wanted)).astype(np.float64)
    return wanted, often.reshape(rows, len(wanted))


def _bm25(
    wanted: NDArray[np.int64], often: NDArray[np.float64], norms: NDArray[np.float32], weights: Mapping[int, float]
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
    scores = np.zeros(len(rows), np.float32)
    heaviest = _heaviest_grams(index, question)
    if not heaviest or not rows:
        return scores
    marked = np.zeros(len(index.vocabulary), bool)
    for members, _ in heaviest:
        marked[members] = True
    entries = _Entries.of(index.spelled, rows).only(marked)
    for members, weight in heaviest:
        marked[:] = False
        marked[members] = True
        hits = marked[entries.terms]
        often = np.bincount(entries.owners[hits], entries.counts[hits], len(rows))
        scores += (weight * (K1 + 1) * often / (often + entries.norms)).astype(np.float32)
    return scores


def _heaviest_grams(index: LexicalIndex, question: Question) -> list[tuple[NDArray[np.int64], float]]:
    """Return, for the question's weightiest runs of letters, the words that have it and its weight."""
    frequencies, living = index.spelled.frequencies, index.spelled.living
    weighed = []
    for gram, count in Counter(gram for word in question.words for gram in grams(word)).items():
        members = index.vocabulary.words_with(gram)
        members = members[members < len(frequencies)]
        if len(members):
            weight = count * float(rarity(min(int(frequencies[members].sum()), living), living))
            weighed.append((members, weight))
    return sorted(weighed, key=lambda entry: -entry[1])[:_MOST_GRAMS]


@dataclass(frozen=True, slots=True)
class _Entries:
    """The terms of some rows of a field, one after the other."""

    terms: NDArray[np.int32]
    counts: NDArray[np.uint16]
    owners: NDArray[np.int64]
    """The place among the rows that each term belongs to."""
    norms: NDArray[np.float32]
    """Of each row: what BM25 adds to a count before dividing by it."""

    @classmethod
    def of(cls, postings: Postings, rows: Sequence[int]) -> Self:
        found = [postings.row(row) for row in rows]
        owners = np.repeat(np.arange(len(rows)), [len(terms) for terms, _ in found])
        terms, counts = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return cls(terms, counts, owners, postings.norms[list(rows)])

    def only(self, wanted: NDArray[np.bool_]) -> Self:
        kept = wanted[self.terms]
        return replace(self, terms=self.terms[kept], counts=self.counts[kept], owners=self.owners[kept])
