"""Says how far an ingest is, how fast it goes and how long it will take."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Stage: TypeAlias = Literal["writing", "embedding", "indexing", "comparing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    stage: Stage
    """`writing` counts articles, `embedding` texts, `indexing` vectors, `comparing` passages."""
    done: int
    total: int
    rate: float
    """Done per second since the stage began; 0 before the first."""
    seconds_left: float | None
    """For this stage; None while nothing is known."""


OnProgress: TypeAlias = Callable[[Progress], None]


class Stopwatch:
    """Reports one stage to *tell*."""

    def __init__(self, stage: Stage, total: int, tell: OnProgress | None) -> None:
        self._stage = stage
        self._total = total
        self._tell = tell
        self._done = 0
        self._started = time.monotonic()

    def advance(self, count: int) -> None:
        """Count *count* more, and tell."""
        self._done += count
        if self._tell is None:
            return
        rate = self._done / max(time.monotonic() - self._started, 1e-9)
        left = (self._total - self._done) / rate if self._done else None
        self._tell(Progress(stage=self._stage, done=self._done, total=self._total, rate=rate, seconds_left=left))
