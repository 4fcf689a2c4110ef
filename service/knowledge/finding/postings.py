"""BM25 over rows of terms: immutable, so that a search never sees half a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from service.knowledge.finding.sequences import Sequences

K1 = 1.2
B = 0.6
"""Flatter than the usual 0.75: passages are of like length already, and a long title should cost little."""
_SEGMENTS = 8
"""More are merged: each costs a lookup a term."""


@dataclass(frozen=True)
class Field:
    """What BM25 must know of all rows; `added` and `without` return a new one and leave this one as it is."""

    lengths: NDArray[np.float32]
    """Terms of each row, dead ones included."""
    frequencies: NDArray[np.int32]
    """In how many living rows each term occurs; may be shorter than the vocabulary."""
    living: int
    total: float
    """Sum of the living rows' lengths."""

    @classmethod
    def empty(cls) -> Self:
        return cls(np.zeros(0, np.float32), np.zeros(0, np.int32), 0, 0.0)

    def added(self, rows: Sequences) -> Self:
        """Return this field with *rows* at the end."""
        return self._grown(rows, _frequencies(rows))

    def _grown(self, rows: Sequences, frequencies: NDArray[np.int32]) -> Self:
        return replace(
            self,
            lengths=np.concatenate((self.lengths, rows.lengths.astype(np.float32))),
            frequencies=_sum(self.frequencies, frequencies),
            living=self.living + len(rows),
            total=self.total + len(rows.numbers),
        )

    def without(self, rows: Sequence[int], terms: Sequences) -> Self:
        """Return this field with *rows*, which have *terms*, no longer counted; they keep their numbers."""
        return replace(
            self,
            frequencies=_sum(self.frequencies, -_frequencies(terms)),
            living=self.living - len(rows),
            total=self.total - float(self.lengths[list(rows)].sum(dtype=np.float64)),
        )

    @cached_property
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


@dataclass(frozen=True)
class Postings(Field):
    """A field that can be searched."""

    segments: tuple["Segment", ...] = ()

    def added(self, rows: Sequences) -> Self:
        segment = Segment.of(len(self.lengths), rows)
        return replace(self._grown(rows, segment.frequencies), segments=_merged(self.segments, segment))

    def scores(self, weights: Mapping[int, float]) -> NDArray[np.float32]:
        """Return BM25 of every row, dead or not, for a question whose terms have *weights*: as a rule counts."""
        scores = np.zeros(len(self.lengths), np.float32)
        if not weights or not self.living:
            return scores
        terms = np.fromiter(weights, np.int64)
        values = np.fromiter(weights.values(), np.float64) * self.rarities(terms) * (K1 + 1)
        for segment in self.segments:
            for value, (rows, counts) in zip(values, segment.found(terms), strict=True):
                scores[rows] += np.float32(value) * counts / (counts + self.norms[rows])
        return scores


@dataclass(frozen=True, slots=True)
class Segment:
    """The terms of some rows, at least one, and which of these have them."""

    terms: NDArray[np.int32]
    """That occur, ascending; `terms[i]` has `starts[i]:starts[i + 1]` of the two below."""
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    """How often the row has the term."""

    @classmethod
    def of(cls, first: int, rows: Sequences) -> Self:
        """Return the segment of *rows*, the first of which has the number *first*."""
        pairs = _pairs(rows)
        begins = _begins(pairs)
        counts, own = np.diff(np.append(begins, len(pairs))), pairs[begins]
        owners = (own & 0xFFFFFFFF).astype(np.int32) + np.int32(first)
        return cls._listed((own >> 32).astype(np.int32), owners, counts.clip(max=65_535).astype(np.uint16))

    @classmethod
    def _listed(cls, terms: NDArray[np.int32], rows: NDArray[np.int32], counts: NDArray[np.uint16]) -> Self:
        begins = _begins(terms)
        return cls(terms[begins], np.append(begins, len(terms)), rows, counts)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def frequencies(self) -> NDArray[np.int32]:
        """Of each term up to the last that occurs, the number of rows."""
        return np.bincount(self.terms, np.diff(self.starts)).astype(np.int32)

    def found(self, terms: NDArray[np.int64]) -> list[tuple[NDArray[np.int32], NDArray[np.float32]]]:
        """Return for each of *terms* the rows that have it, and how often."""
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        held = self.terms[places] == terms
        bounds = (
            slice(*self.starts[place : place + 2]) if there else slice(0)
            for place, there in zip(places, held, strict=True)
        )
        return [(self.rows[each], self.counts[each].astype(np.float32)) for each in bounds]

    def joined(self, later: Self) -> Self:
        """Return one segment of this one's rows and *later*'s: of each term first these, then those."""
        terms = np.union1d(self.terms, later.terms)
        own, others = (_lengths(each, terms) for each in (self, later))
        starts = np.append(0, np.cumsum(own + others))
        rows, counts = np.empty(len(self) + len(later), np.int32), np.empty(len(self) + len(later), np.uint16)
        for segment, begins, lengths in ((self, starts[:-1], own), (later, starts[:-1] + own, others)):
            places = _places(begins, lengths)
            rows[places], counts[places] = segment.rows, segment.counts
        return type(self)(terms, starts, rows, counts)


def _lengths(segment: Segment, terms: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return how many rows of *segment* have each of *terms*."""
    lengths = np.zeros(len(terms), np.int64)
    lengths[np.searchsorted(terms, segment.terms)] = np.diff(segment.starts)
    return lengths


def _places(begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the places from each of *begins* on, as many as its length; a segment has less than 2 ** 31."""
    before = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum(), dtype=np.int32)
    places += np.repeat((begins - before).astype(np.int32), lengths)
    return places


def rarity(frequencies: ArrayLike, rows: int) -> NDArray[np.float64]:
    """Return BM25's inverse document frequency of terms that occur in *frequencies* of *rows*."""
    frequencies = np.asarray(frequencies, np.float64)
    return np.log1p((rows - frequencies + 0.5) / (frequencies + 0.5))


def _pairs(rows: Sequences) -> NDArray[np.int64]:
    """Return one number for each term of each row, by term and then by row."""
    return np.sort(rows.numbers.astype(np.int64) << 32 | rows.owners)


def _begins(ascending: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.int64]:
    """Return where each value occurs first; np.unique hashes, which takes ten times as long here."""
    return np.flatnonzero(np.diff(ascending, prepend=-1))


def _frequencies(rows: Sequences) -> NDArray[np.int32]:
    """Return in how many of *rows* each term occurs."""
    pairs = _pairs(rows)
    return np.bincount(pairs[_begins(pairs)] >> 32).astype(np.int32)


def _merged(older: tuple[Segment, ...], newest: Segment) -> tuple[Segment, ...]:
    """Merge the newest segments while the one before them is not clearly larger, and when there are too many."""
    segments = (*older, newest) if len(newest) else older
    while len(segments) > 1 and (len(segments) > _SEGMENTS or len(segments[-2]) <= 2 * len(segments[-1])):
        segments = (*segments[:-2], segments[-2].joined(segments[-1]))
    return segments


def _sum(left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.int32]:
    total = np.zeros(max(len(left), len(right)), np.int32)
    total[: len(left)] += left
    total[: len(right)] += right
    return total
