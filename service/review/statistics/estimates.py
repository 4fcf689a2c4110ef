"""A rate estimated from a stratified sample: each rating counts for as many replies as it stands for."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.review.statistics.intervals import Rate, student, wilson

_SMALL = 5
"""Ratings below which a stratum tells too little of its own variance, and is joined with its neighbour."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """What was rated among replies that came into the sample with one probability."""

    rated: int
    approved: int
    weight: float
    """How many replies the rated ones stand for: their number over their inclusion probability."""
    approved_weight: float

    @classmethod
    def of(cls, rated: int, approved: int, probability: float) -> "Stratum":
        return cls(rated, approved, rated / probability, approved / probability)

    @property
    def share(self) -> float:
        return self.approved_weight / self.weight

    def __add__(self, other: "Stratum") -> "Stratum":
        return Stratum(
            self.rated + other.rated,
            self.approved + other.approved,
            self.weight + other.weight,
            self.approved_weight + other.approved_weight,
        )


def weighted_rate(strata: Iterable[Stratum]) -> Rate:
    """
    Estimate the share that is approved among all replies, from ratings of a sample drawn within *strata*.

    The value is the ratio of J. Hájek (1971), each rating weighted by one over its inclusion probability. The interval
    is Wilson's at the effective number of E. L. Korn and B. I. Graubard, Confidence intervals for proportions with
    small expected number of positive counts estimated from survey data, Survey Methodology 24 (1998), with the degrees
    of freedom of F. E. Satterthwaite (1946); where no stratum disagrees within itself, at L. Kish's effective number
    (Survey Sampling, 1965). Strata with very few ratings are collapsed (W. G. Cochran, Sampling Techniques, 5A.12).
    """
    kept = _collapsed([stratum for stratum in strata if stratum.rated])
    k, n = sum(each.approved for each in kept), sum(each.rated for each in kept)
    if len(kept) <= 1 and all(each.weight * each.approved == each.approved_weight * each.rated for each in kept):
        return Rate.of(k, n)
    total = sum(each.weight for each in kept)
    value = min(1.0, sum(each.approved_weight for each in kept) / total)
    spread = [(each.weight / total) ** 2 / each.rated for each in kept]
    variance = sum((each.weight / total) ** 2 * each.share * (1 - each.share) / max(each.rated - 1, 1) for each in kept)
    effective = min(n, value * (1 - value) / variance) if variance > 0 else 1 / sum(spread)
    freedom = sum(spread) ** 2 / sum(
        each**2 / max(stratum.rated - 1, 1) for each, stratum in zip(spread, kept, strict=True)
    )
    return Rate(k, n, value, wilson(value, effective, student(freedom)))


def _collapsed(strata: list[Stratum]) -> list[Stratum]:
    """Join each small stratum with the next one in weight, so that likes are joined."""
    kept: list[Stratum] = []
    for stratum in sorted(strata, key=lambda each: each.weight / each.rated):
        if kept and (kept[-1].rated < _SMALL or stratum.rated < _SMALL):
            kept[-1] += stratum
        else:
            kept.append(stratum)
    return kept
