"""How far the reviewers agree who read the same replies."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from service.review.statistics.agreement import alpha_of, bootstrap, cohen_kappa, kappa_of, krippendorff_alpha
from service.review.statistics.counts import Counts
from service.review.statistics.intervals import FEW, Interval, Rate
from service.review.statistics.lines import RateLine, figures
from service.review.verdicts import Verdict


class Measure(StrEnum):
    RAW = "raw"
    KAPPA = "kappa"
    ALPHA = "alpha"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLine(RateLine):
    """*n* replies were read twice, *k* with one verdict; kappa and alpha have no figure below thirty."""

    measure: Measure


def agreement(counts: Counts) -> list[AgreementLine]:
    """Return raw agreement, Cohen's kappa of the first two verdicts and Krippendorff's alpha of all, in this order."""
    read: dict[str, dict[str, Verdict]] = defaultdict(dict)
    for each in counts.ratings:
        if each.verdict is not Verdict.CANNOT_JUDGE:
            read[each.reply_id].setdefault(each.reviewer, each.verdict)
    # By name, so that with two reviewers each has a side of the table of its own.
    units = [tuple(by[name] for name in sorted(by)) for by in read.values() if len(by) > 1]
    pairs = [(unit[0], unit[1]) for unit in units]
    raw = Rate.of(sum(left == right for left, right in pairs), len(pairs))
    enough = len(pairs) >= FEW
    return [
        AgreementLine(measure=Measure.RAW, **figures(raw)),
        _beyond_chance(
            Measure.KAPPA,
            raw,
            cohen_kappa(pairs) if enough else None,
            bootstrap(kappa_of, pairs) if enough else None,
        ),
        _beyond_chance(
            Measure.ALPHA,
            raw,
            krippendorff_alpha(units) if enough else None,
            bootstrap(alpha_of, units) if enough else None,
        ),
    ]


def _beyond_chance(measure: Measure, raw: Rate, value: float | None, interval: Interval | None) -> AgreementLine:
    found = Rate(raw.k, raw.n, value, interval if value is not None else None)
    return AgreementLine(measure=measure, **figures(found))
