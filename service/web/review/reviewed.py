"""What the reply's own page shows of its reviews and its outcome."""

import time
from typing import Any

from service.domain import LoggedReply
from service.errors import NotFoundError
from service.prompting.versions.diff import Change, word_diff
from service.review.desk import ReviewDesk
from service.review.outcomes import Outcome, Outcomes
from service.review.queues import Draft
from service.review.reviews import Reviews


async def verdicts_of(
    logged: LoggedReply, reviewer: str, desk: ReviewDesk, reviews: Reviews, outcomes: Outcomes
) -> dict[str, Any]:
    """Return the context of `parts/reviews.html`; others' verdicts are not in it until the reviewer judged."""
    reply = logged.reply
    seen = await reviews.of_reply(reply.id, reviewer)
    own = next((review for review in reversed(seen.reviews) if review.reviewer == reviewer), None)
    said = own.judgement if own else None
    return {
        "seen": seen,
        "own": own,
        "draft": Draft(reasons=said.reasons, note=said.note, correction=said.correction) if said else Draft(),
        "reasons": await desk.reasons(reply.brand),
        "action": f"/replies/{reply.id}/review",
        "outcome": await _outcome(outcomes, reply.id),
        "shown_at": time.time(),
        "changes": Change,
        "word_diff": word_diff,
    }


async def _outcome(outcomes: Outcomes, reply_id: str) -> Outcome | None:
    try:
        return await outcomes.get(reply_id)
    except NotFoundError:
        return None
