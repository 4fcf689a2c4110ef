"""What blind pairs come to: wins, ties and losses of the candidate, its win rate, and the evidence for it."""

from dataclasses import dataclass

from service.review.statistics.evidence import STOP, e_value, sign_test
from service.review.statistics.intervals import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How often a reason was given, by what was wrong."""

    reason: str
    candidate: int
    """Against the candidate, where the baseline was better."""
    baseline: int
    both: int

    @property
    def total(self) -> int:
        return self.candidate + self.baseline + self.both


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    wins: int = 0
    losses: int = 0
    equal: int = 0
    both_bad: int = 0
    identical: int = 0
    """Pairs whose texts are the same: ties that nobody had to read."""
    is_final: bool = False
    """Whether every pair that was set at the start is judged: only then a test for a fixed number holds."""
    reasons: tuple[ReasonCount, ...] = ()
    """The most frequent first."""

    @property
    def decided(self) -> int:
        return self.wins + self.losses

    @property
    def ties(self) -> int:
        return self.equal + self.both_bad + self.identical

    @property
    def judged(self) -> int:
        return self.decided + self.ties

    @property
    def rate(self) -> Rate:
        """The candidate's share of the decided pairs, with its Wilson interval."""
        return Rate.of(self.wins, self.decided)

    @property
    def evidence(self) -> float:
        """Odds to one that the sides differ, valid at every look."""
        return e_value(self.wins, self.losses)

    @property
    def may_stop(self) -> bool:
        return self.evidence >= STOP

    @property
    def p_value(self) -> float | None:
        """Of the exact sign test; None until every pair is judged."""
        return sign_test(self.wins, self.losses) if self.is_final and self.decided else None
