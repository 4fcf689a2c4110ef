"""What a reviewer did: the session that ends now, and how far the second readings agree."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median

from service.review.statistics.agreement import cohen_kappa
from service.review.statistics.intervals import FEW
from service.review.verdicts import Review, Verdict

_BREAK = timedelta(hours=1)
"""Without a review for so long, a session is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    judged: int
    seconds: float | None
    """A reply, half of them faster; None when nothing was timed."""
    reasons: tuple[tuple[str, int], ...]
    """Why replies were rejected, the most frequent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A reviewer's verdicts beside another's on the same replies."""

    k: int
    n: int
    kappa: float | None
    """Cohen's; None below thirty, where it would say next to nothing."""


def session_of(newest_first: Sequence[Review]) -> Session:
    """Return the session to which the newest of a reviewer's reviews belongs; an empty one when there is none."""
    reviews = list(newest_first[:1])
    for later, earlier in pairwise(newest_first):
        if later.created_at - earlier.created_at > _BREAK:
            break
        reviews.append(earlier)
    seconds = [each.judgement.seconds for each in reviews if each.judgement.seconds is not None]
    reasons = Counter(reason for each in reviews for reason in each.judgement.reasons)
    return Session(
        judged=len(reviews), seconds=median(seconds) if seconds else None, reasons=tuple(reasons.most_common())
    )


def agreement_of(pairs: Sequence[tuple[Verdict, Verdict]]) -> Agreement:
    """Return how often both verdicts of a pair are the same."""
    kappa = cohen_kappa(pairs) if len(pairs) >= FEW else None
    return Agreement(k=sum(own == other for own, other in pairs), n=len(pairs), kappa=kappa)
