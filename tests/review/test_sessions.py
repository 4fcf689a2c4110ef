"""The end of a queue: what was done in this session, and how far the second readings agree."""

from datetime import UTC, datetime, timedelta

import pytest

from service.review.queues import ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler
from service.review.sessions import agreement_of, session_of
from service.review.verdicts import Judgement, Queue, Review, Verdict
from tests.review.conftest import LogReply

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def said(minutes_ago: float, *, seconds: float | None = None, reasons: tuple[str, ...] = ()) -> Review:
    judgement = Judgement(verdict=Verdict.REJECT if reasons else Verdict.APPROVE, seconds=seconds, reasons=reasons)
    at = NOW - timedelta(minutes=minutes_ago)
    return Review(id="rvw", reply_id="rep", queue=Queue.SAMPLE, reviewer="ana", judgement=judgement, created_at=at)


def test_a_session_ends_at_a_break_of_an_hour() -> None:
    """Only what was judged without a long break counts, with its pace and its reasons."""
    newest_first = [
        said(0, seconds=10, reasons=("tone",)),
        said(5, seconds=30, reasons=("tone", "too_long")),
        said(60),
        said(130, seconds=500, reasons=("language",)),
    ]
    session = session_of(newest_first)
    assert (session.judged, session.seconds) == (3, 20)
    assert session.reasons == (("tone", 2), ("too_long", 1))
    assert session_of([]).judged == 0
    assert session_of([]).seconds is None


def test_kappa_waits_for_thirty() -> None:
    """Below thirty there are the counts alone; from thirty on kappa beside them."""
    yes, no = Verdict.APPROVE, Verdict.REJECT
    few = agreement_of([(yes, yes)] * 9 + [(yes, no)])
    assert (few.k, few.n, few.kappa) == (9, 10, None)
    many = agreement_of([(yes, yes)] * 20 + [(no, no)] * 8 + [(yes, no)] * 2)
    assert many.n == 30
    assert many.kappa == pytest.approx(0.8421, abs=1e-3)


async def test_both_readings_of_a_reply_are_found(
    queues: ReviewQueues, reviews: Reviews, sampler: Sampler, log_reply: LogReply
) -> None:
    """Each reply that two judged counts once for either of them; who could not judge does not."""
    for _ in range(3):
        await log_reply()
    await sampler.draw(3)
    for verdict in (Verdict.APPROVE, Verdict.APPROVE, Verdict.REJECT):
        item = await queues.next(Queue.SAMPLE, "ana")
        assert item
        await reviews.save(item.reply_id, "ana", Judgement(verdict=verdict), Queue.SAMPLE)
    for verdict in (Verdict.APPROVE, Verdict.REJECT, Verdict.CANNOT_JUDGE):
        item = await queues.next(Queue.DOUBLE, "ben")
        assert item
        await reviews.save(item.reply_id, "ben", Judgement(verdict=verdict), Queue.DOUBLE)

    mine, others = await reviews.beside_others("ana"), await reviews.beside_others("ben")

    assert len(mine) == len(others) == 2
    assert sorted(mine) == sorted((theirs, own) for own, theirs in others)
    assert await reviews.beside_others("cem") == ()
