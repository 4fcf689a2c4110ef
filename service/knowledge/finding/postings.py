"""BM25 over rows of terms: immutable, so that a search never sees half a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = Mapping[int, int]
"""How often each term occurs in a row."""

K1 = 1.2
B = 0.6
"""Flatter than the usual 0.75: passages are of like length already, and a long title should cost little."""
_SEGMENTS = 8
"""More are merged: each costs a lookup a term."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive rows, kept twice: by row, and by term."""

    first: int
    """Number of the first row."""
    starts: NDArray[np.int64]
    """Row `first + i` has the entries `starts[i]:starts[i + 1]` of `terms` and `counts`."""
    terms: NDArray[np.int32]
    counts: NDArray[np.uint16]
    listed: NDArray[np.int32]
    """The terms that occur, ascending; `listed[i]` has `listed_starts[i]:listed_starts[i + 1]` of the two below."""
    listed_starts: NDArray[np.int64]
    listed_rows: NDArray[np.int32]
    listed_counts: NDArray[np.uint16]

    @classmethod
    def make(cls, first: int, starts: NDArray[np.int64], terms: NDArray[np.int32], counts: NDArray[np.uint16]) -> Self:
        order = np.argsort(terms, kind="stable")
        rows = np.repeat(np.arange(len(starts) - 1, dtype=np.int32) + first, np.diff(starts))
        listed, listed_starts = np.unique(terms[order], return_index=True)
        bounds = np.append(listed_starts, len(terms)).astype(np.int64)
        return cls(first, starts, terms, counts, listed, bounds, rows[order].astype(np.int32), counts[order])

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Postings:
    """One field of an index; `added` and `without` return a new one and leave this one as it is."""

    segments: tuple[Segment, ...]
    lengths: NDArray[np.float32]
    """Terms of each row, dead ones included."""
    frequencies: NDArray[np.int32]
    """In how many living rows each term occurs; may be shorter than the vocabulary."""
    living: int
    total: float
    """Sum of the living rows' lengths."""

    @classmethod
    def empty(cls) -> Self:
        return cls((), np.zeros(0, np.float32), np.zeros(0, np.int32), 0, 0.0)

    def added(self, rows: Sequence[Counts]) -> Self:
        """Return these postings with *rows* at the end."""
        if not rows:
            return self
        segment = _segment(len(self.lengths), rows)
        lengths = np.array([sum(row.values()) for row in rows], np.float32)
        return replace(
            self,
            segments=_merged((*self.segments, segment)),
            lengths=np.concatenate((self.lengths, lengths)),
            frequencies=_sum(self.frequencies, np.bincount(segment.terms).astype(np.int32)),
            living=self.living + len(rows),
            total=self.total + float(lengths.sum()),
        )

    def without(self, rows: Sequence[int]) -> Self:
        """Return these postings with *rows* no longer counted; they keep their numbers and still get scores."""
        if not rows:
            return self
        terms = np.concatenate([self.row(row)[0] for row in rows])
        return replace(
            self,
            frequencies=_sum(self.frequencies, -np.bincount(terms).astype(np.int32)),
            living=self.living - len(rows),
            total=self.total - float(self.lengths[list(rows)].sum()),
        )

    def row(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """Return the terms of *row* and how often each occurs."""
        for segment in self.segments:
            place = row - segment.first
            if place < len(segment):
                start, end = segment.starts[place], segment.starts[place + 1]
                return segment.terms[start:end], segment.counts[start:end]
        raise IndexError(row)

    @property
    def norms(self) -> NDArray[np.float32]:
        """Of each row, what BM25 adds to a count before dividing by it: the more, the longer the row is."""
        usual = np.float32(max(self.total / max(self.living, 1), 1e-6))
        return np.asarray(K1 * (1 - B + B * self.lengths / usual), np.float32)

    def rarities(self, terms: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the inverse document frequencies of *terms*."""
        frequencies = np.zeros(len(terms), np.int64)
        known = terms < len(self.frequencies)
        frequencies[known] = self.frequencies[terms[known]]
        return rarity(frequencies, self.living)

    def scores(self, weights: Mapping[int, float]) -> NDArray[np.float32]:
        """Return BM25 of every row for a question whose terms have *weights*: as a rule their counts."""
        scores = np.zeros(len(self.lengths), np.float32)
        if not weights or not self.living:
            return scores
        terms = np.fromiter(weights, np.int64)
        values = np.fromiter(weights.values(), np.float64) * self.rarities(terms) * (K1 + 1)
        norms = self.norms
        for segment in self.segments:
            _add_scores(scores, segment, terms, values, norms)
        return scores


def rarity(frequencies: ArrayLike, rows: int) -> NDArray[np.float64]:
    """Return BM25's inverse document frequency of terms that occur in *frequencies* of *rows*."""
    frequencies = np.asarray(frequencies, np.float64)
    return np.log1p((rows - frequencies + 0.5) / (frequencies + 0.5))


def _add_scores(
    scores: NDArray[np.float32],
    segment: Segment,
    terms: NDArray[np.int64],
    values: NDArray[np.float64],
    norms: NDArray[np.float32],
) -> None:
    places = np.searchsorted(segment.listed, terms)
    for place, term, value in zip(places, terms, values, strict=True):
        if place < len(segment.listed) and segment.listed[place] == term:
            bounds = slice(*segment.listed_starts[place : place + 2])
            rows, counts = segment.listed_rows[bounds], segment.listed_counts[bounds].astype(np.float32)
            scores[rows] += np.float32(value) * counts / (counts + norms[rows])


def _segment(first: int, rows: Sequence[Counts]) -> Segment:
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    terms = np.fromiter((term for row in rows for term in row), np.int32, starts[-1])
    counts = np.fromiter((min(count, 65_535) for row in rows for count in row.values()), np.uint16, starts[-1])
    return Segment.make(first, starts, terms, counts)


def _merged(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Merge the newest segments while the one before them is not clearly larger, and when there are too many."""
    while len(segments) > 1 and (len(segments) > _SEGMENTS or len(segments[-2]) <= 2 * len(segments[-1])):
        segments = (*segments[:-2], _joined(segments[-2], segments[-1]))
    return segments


def _joined(left: Segment, right: Segment) -> Segment:
    return Segment.make(
        left.first,
        np.concatenate((left.starts, right.starts[1:] + left.starts[-1])),
        np.concatenate((left.terms, right.terms)),
        np.concatenate((left.counts, right.counts)),
    )


def _sum(left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.int32]:
    total = np.zeros(max(len(left), len(right)), np.int32)
    total[: len(left)] += left
    total[: len(right)] += right
    return total
