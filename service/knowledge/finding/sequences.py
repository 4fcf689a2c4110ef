"""Rows of numbers of any length, one after the other in one array: what each passage says, in its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Sequences:
    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]
    """Row r has `numbers[starts[r]:starts[r + 1]]`."""

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Self:
        lengths = [len(row) for row in rows]
        numbers = np.fromiter(chain.from_iterable(rows), np.int32, sum(lengths))
        return cls(numbers, _starts(np.array(lengths, np.int64)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> NDArray[np.int32]:
        return self.numbers[self.starts[row] : self.starts[row + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """Of each number, its row."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def added(self, rows: Self) -> Self:
        """Return these rows and then *rows*."""
        starts = np.concatenate((self.starts, rows.starts[1:] + self.starts[-1]))
        return type(self)(np.concatenate((self.numbers, rows.numbers)), starts)

    def some(self, rows: Sequence[int] | NDArray[np.int64]) -> Self:
        """Return *rows* alone, in that order."""
        wanted = np.asarray(rows, np.int64)
        return self._part(self.starts[wanted], self.starts[wanted + 1] - self.starts[wanted])

    def first(self, lengths: NDArray[np.int64]) -> Self:
        """Return of each row the first numbers, *lengths* at most as long as the row is."""
        return self._part(self.starts[:-1], lengths)

    def _part(self, begins: NDArray[np.int64], lengths: NDArray[np.int64]) -> Self:
        starts = _starts(lengths)
        places = np.arange(starts[-1]) + np.repeat(begins - starts[:-1], lengths)
        return type(self)(self.numbers[places], starts)


def _starts(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts
