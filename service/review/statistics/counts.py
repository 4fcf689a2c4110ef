"""What the database counted: the raw material of every statistic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.review.statistics.wanted import Source, Wanted
from service.review.verdicts import Queue, Verdict

STAGES = ("retrieval", "chat_model", "checks", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What replies are told apart by."""

    version: str
    tone: str
    language: str
    brand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Finished replies that are alike in all of this."""

    traits: Traits
    day: date
    decision: str
    reasons: tuple[str, ...]
    replies: int
    priced: int
    """Those of known cost."""
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A review that counts: neither undone nor superseded."""

    traits: Traits
    reply_id: str
    reviewer: str
    queue: Queue
    verdict: Verdict
    reasons: tuple[str, ...]
    stratum: str | None
    probability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a reply."""

    traits: Traits
    distance: float | None
    """Of the text sent from the reply, in [0, 1]; None when it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    wanted: Wanted
    cells: Sequence[Cell]
    times: Mapping[str, Sequence[float]]
    """Milliseconds by stage, ascending."""
    ratings: Sequence[Rating]
    sent: Sequence[Sent]

    @property
    def replies(self) -> int:
        return sum(cell.replies for cell in self.cells)

    @property
    def judged(self) -> list[Rating]:
        """The ratings that rates rest on: of the source that is asked for, and with a judgement."""
        return [each for each in self.ratings if _counts(each, self.wanted.source)]


def _counts(rating: Rating, source: Source) -> bool:
    if rating.verdict is Verdict.CANNOT_JUDGE or rating.queue is Queue.DOUBLE:
        return False
    return source is Source.ALL or (rating.queue is Queue.SAMPLE) == (source is Source.SAMPLE)
