"""Everything that finding needs of one brand, in memory: a state that follows the store and never changes itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from service.domain import Audience, Passage
from service.knowledge.embedding.embeddings import Vectors, vector_keys
from service.knowledge.finding.lexical import LexicalIndex

_SAMPLE = 2_000
"""Vectors from which the usual nearness of a question to this base is estimated."""
_MOST_DEAD = 0.3
"""Share of dead rows from which on the state is built anew."""


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
    vectors: Vectors
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

    def changed(
        self, generation: int, born: Sequence[Passage], died: Collection[str], vectors: Mapping[str, Vectors]
    ) -> Self:
        """
        Return the state after *died* are forgotten and then *born* added; an id in both has a new title, say.

        *vectors* holds the vectors of *born* as far as there are any.
        """
        died = frozenset(died)
        gone = [self.rows[key] for key in died if key in self.rows]
        born = [passage for passage in born if passage.id not in self.rows or passage.id in died]
        if (~self.alive).sum() + len(gone) > _MOST_DEAD * (len(self.alive) + len(born)):
            return self._rebuilt(generation, born, died, vectors)
        alive = self.alive.copy()
        alive[gone] = False
        alive = np.append(alive, np.ones(len(born), bool))
        rows = {key: row for key, row in self.rows.items() if key not in died}
        rows |= {passage.id: len(self.passages) + place for place, passage in enumerate(born)}
        keys = [vector_keys(passage) for passage in born]
        matrix = np.concatenate((self.vectors, _matrix([key for own in keys for key in own], vectors, self.dimension)))
        windows = np.append(self.windows, self.windows[-1] + np.cumsum([len(own) for own in keys], dtype=np.int64))
        centre, spread = _distribution(matrix[np.repeat(alive, np.diff(windows))])
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

    def _rebuilt(
        self, generation: int, born: Sequence[Passage], died: Collection[str], vectors: Mapping[str, Vectors]
    ) -> Self:
        kept = [self.passages[row] for key, row in self.rows.items() if key not in died]
        known = {
            key: vector
            for passage in kept
            for key, vector in zip(vector_keys(passage), self._vectors_of(self.rows[passage.id]), strict=True)
        }
        return type(self).empty(self.dimension).changed(generation, [*kept, *born], (), {**known, **vectors})

    def visible(self, audience: Audience) -> NDArray[np.bool_]:
        """Return which rows *audience* may see; whoever may see the internal sees the public too."""
        return self.public if audience is Audience.PUBLIC else self.alive

    @property
    def dimension(self) -> int:
        return int(self.vectors.shape[1])

    def _vectors_of(self, row: int) -> Vectors:
        return self.vectors[self.windows[row] : self.windows[row + 1]]

    def cosines(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of *vector* to the nearest window of each of *rows*."""
        if not len(rows):
            return np.zeros(0, np.float32)
        counts = self.windows[rows + 1] - self.windows[rows]
        starts = np.cumsum(counts) - counts
        places = np.repeat(self.windows[rows] - starts, counts) + np.arange(counts.sum())
        # Not BLAS: it would share these few rows among threads that wait for each other on a busy machine.
        nearness = np.einsum("ij,j->i", self.vectors[places], vector)
        return np.asarray(np.maximum.reduceat(nearness, starts), np.float32)

    def usual_nearness(self, vector: NDArray[np.float32]) -> tuple[float, float]:
        """Return mean and standard deviation of the cosines of *vector* to the base, without computing them all."""
        return float(self.centre @ vector), float(
            np.sqrt(max(float(np.einsum("i,ij,j", vector, self.spread, vector)), 1e-12))
        )


def _matrix(keys: Sequence[str], vectors: Mapping[str, Vectors], dimension: int) -> Vectors:
    matrix = np.zeros((len(keys), dimension), np.float32)
    for line, key in zip(matrix, keys, strict=True):
        if key in vectors:
            line[:] = vectors[key]
    return matrix


def _distribution(vectors: Vectors) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and covariance of an even sample."""
    dimension = vectors.shape[1]
    sample = vectors[:: max(1, len(vectors) // _SAMPLE)]
    if not len(sample):
        return np.zeros(dimension, np.float32), np.zeros((dimension, dimension), np.float32)
    centre = sample.mean(axis=0)
    apart = sample - centre
    return centre.astype(np.float32), (apart.T @ apart / len(sample)).astype(np.float32)
