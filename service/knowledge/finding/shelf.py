"""Everything that finding needs of one brand, in memory: a state that follows the store and never changes itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from service.domain import Audience, Passage
from service.knowledge.embedding.embeddings import Vectors, vector_keys
from service.knowledge.finding.lexical import LexicalIndex

_SAMPLE = 2_000
"""Vectors from which the usual nearness of a question to this base is estimated."""
_MOST_DEAD = 0.3
"""Share of dead rows from which on the state is built anew."""
_EXACT_UP_TO = 50_000
"""
Vectors that are all compared with each question: with 20 000 in 1 ms, where Chroma takes 2.3. With more they are kept
in half the memory, as the store has them, and Chroma is the faster.
"""
_COMPARED_AT_ONCE = 10_000


Lines: TypeAlias = NDArray[np.float32] | NDArray[np.float16]
"""One vector a line."""


@dataclass(frozen=True, slots=True)
class Shelf:
    generation: int
    passages: tuple[Passage, ...]
    """By row; dead ones included."""
    rows: Mapping[str, int]
    """Passage id → row, of the living."""
    alive: NDArray[np.bool_]
    public: NDArray[np.bool_]
    """Alive and for customers' eyes."""
    lexical: LexicalIndex
    vectors: Lines
    """Of all passages' windows, row after row; zeros where the store has none."""
    windows: NDArray[np.int64]
    """Row r has `vectors[windows[r]:windows[r + 1]]`: at least one."""
    centre: NDArray[np.float32]
    """Mean of the living vectors."""
    spread: NDArray[np.float32]
    """Covariance of the living vectors."""

    @classmethod
    def empty(cls, dimension: int) -> Self:
        nothing = np.zeros(0, bool)
        centre, spread = np.zeros(dimension, np.float32), np.zeros((dimension, dimension), np.float32)
        vectors = np.zeros((0, dimension), np.float32)
        windows = np.zeros(1, np.int64)
        return cls(0, (), {}, nothing, nothing, LexicalIndex.empty(), vectors, windows, centre, spread)

    def changed(self, generation: int, born: Sequence[Passage], died: Collection[str], vectors: Lines) -> Self:
        """
        Return the state after *died* are forgotten and then *born* added; an id in both has a new title, say.

        *vectors* has a line for each window of *born*, in their order: zeros where there is none.
        """
        died = frozenset(died)
        gone = [self.rows[key] for key in died if key in self.rows]
        counts = np.array([len(vector_keys(passage)) for passage in born], np.int64)
        new = np.array([passage.id not in self.rows or passage.id in died for passage in born], bool)
        if not new.all():
            born = [passage for passage, is_new in zip(born, new, strict=True) if is_new]
            vectors, counts = vectors[np.repeat(new, counts)], counts[new]
        if (~self.alive).sum() + len(gone) > _MOST_DEAD * (len(self.alive) + len(born)):
            return self._rebuilt(generation, born, died, vectors)
        alive = self.alive.copy()
        alive[gone] = False
        alive = np.append(alive, np.ones(len(born), bool))
        rows = {key: row for key, row in self.rows.items() if key not in died}
        rows |= {passage.id: len(self.passages) + place for place, passage in enumerate(born)}
        matrix = self._with(vectors)
        windows = np.append(self.windows, self.windows[-1] + np.cumsum(counts))
        centre, spread = _distribution(matrix, np.flatnonzero(np.repeat(alive, np.diff(windows))))
        return replace(
            self,
            generation=generation,
            passages=(*self.passages, *born),
            rows=rows,
            alive=alive,
            public=alive
            & np.append(self.public, np.array([passage.audience is Audience.PUBLIC for passage in born], bool)),
            lexical=self.lexical.without(gone).added(born),
            vectors=matrix,
            windows=windows,
            centre=centre,
            spread=spread,
        )

    def _rebuilt(self, generation: int, born: Sequence[Passage], died: Collection[str], vectors: Lines) -> Self:
        kept = [row for key, row in self.rows.items() if key not in died]
        passages = [*(self.passages[row] for row in kept), *born]
        lines = _stacked(self.vectors[self._places(np.array(kept, np.int64))], vectors)
        return type(self).empty(self.dimension).changed(generation, passages, (), lines)

    def visible(self, audience: Audience) -> NDArray[np.bool_]:
        """Return which rows *audience* may see; whoever may see the internal sees the public too."""
        return self.public if audience is Audience.PUBLIC else self.alive

    @property
    def dimension(self) -> int:
        return int(self.vectors.shape[1])

    @property
    def is_exact(self) -> bool:
        """Whether `nearest` is faster than any index."""
        return len(self.vectors) <= _EXACT_UP_TO

    def nearest(self, vector: NDArray[np.float32], visible: NDArray[np.bool_], limit: int) -> tuple[int, ...]:
        """Return at most *limit* of the *visible* rows, the nearest to *vector*, in no order; it misses none."""
        if not len(self.vectors) or not vector.any():
            return ()
        cosines = np.maximum.reduceat(_products(self.vectors, vector), self.windows[:-1])
        rows = np.flatnonzero(visible)
        if len(rows) > limit:
            rows = rows[np.argpartition(-cosines[rows], limit)[:limit]]
        # What has no vector is near to nothing.
        return tuple(rows[self.vectors[self.windows[rows]].any(axis=1)].tolist())

    def _vectors_of(self, row: int) -> Vectors:
        return self.vectors[self.windows[row] : self.windows[row + 1]].astype(np.float32)

    def _with(self, vectors: Lines) -> Lines:
        """Return the matrix with *vectors* below."""
        # A first matrix is taken as it is, since a large one would not fit twice.
        both = _stacked(self.vectors, vectors) if len(self.vectors) else vectors
        exact = len(both) <= _EXACT_UP_TO
        return both.astype(np.float32, copy=False) if exact else both.astype(np.float16, copy=False)

    def _places(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the lines of *rows*, row after row."""
        counts = self.windows[rows + 1] - self.windows[rows]
        starts = np.cumsum(counts) - counts
        return np.repeat(self.windows[rows] - starts, counts) + np.arange(counts.sum())

    def cosines(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of *vector* to the nearest window of each of *rows*."""
        if not len(rows):
            return np.zeros(0, np.float32)
        counts = self.windows[rows + 1] - self.windows[rows]
        cosines = _products(self.vectors[self._places(rows)], vector)
        return np.asarray(np.maximum.reduceat(cosines, np.cumsum(counts) - counts), np.float32)

    def meaning(self, row: int) -> NDArray[np.float32]:
        """Return the mean of the row's windows, not of unit length."""
        return np.asarray(self._vectors_of(row).mean(axis=0), np.float32)

    def usual_nearness(self, vector: NDArray[np.float32]) -> tuple[float, float]:
        """Return mean and standard deviation of the cosines of *vector* to the base, without computing them all."""
        variance = float(vector @ _products(self.spread, vector))
        return float(self.centre @ vector), float(np.sqrt(max(variance, 1e-12)))


def _stacked(upper: Lines, lower: Lines) -> Lines:
    return cast("Lines", np.concatenate((upper, lower)))


def _products(matrix: Lines, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Return *matrix* @ *vector*.

    Not by BLAS: its threads wait for each other, and on a busy machine 20 000 rows took 24 ms instead of 1.
    """
    starts = range(0, len(matrix), _COMPARED_AT_ONCE)
    parts = [np.vecdot(matrix[at : at + _COMPARED_AT_ONCE].astype(np.float32, copy=False), vector) for at in starts]
    return np.concatenate(parts)


def _distribution(vectors: Lines, living: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and covariance of an even sample of the *living* lines."""
    dimension = vectors.shape[1]
    sample = vectors[living[:: max(1, len(living) // _SAMPLE)]].astype(np.float32)
    if not len(sample):
        return np.zeros(dimension, np.float32), np.zeros((dimension, dimension), np.float32)
    centre = sample.mean(axis=0)
    apart = sample - centre
    return centre.astype(np.float32), (apart.T @ apart / len(sample)).astype(np.float32)
