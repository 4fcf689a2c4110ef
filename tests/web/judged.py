"""Verdicts of the sample, as its queue would have them."""

from collections.abc import Callable
from typing import Any

from service.review.tables import review_items
from service.review.verdicts import Judgement, Queue, Verdict


def judge_in_sample(
    services: Any,  # noqa: ANN401 - the fixture's parts
    call: Callable[..., Any],
    reply_id: str,
    verdict: Verdict,
    *reasons: str,
) -> None:
    """Put a reply into the sample and judge it there."""
    item = {
        "id": reply_id.replace("rep_", "itm_"), "queue": "sample", "reply_id": reply_id, "brand": "approvals",
        "position": 0.5, "stratum": "v/fr", "inclusion_probability": 1.0, "reviewer": "ana",
    }  # fmt: skip

    async def put() -> None:
        async with services.engine.begin() as connection:
            await connection.execute(review_items.insert().values(item))

    call(put)
    call(services.reviews.save, reply_id, "ana", Judgement(verdict=verdict, reasons=reasons), Queue.SAMPLE)
