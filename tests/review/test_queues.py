"""Queues hand each reply to one reviewer at a time, and lose nobody's text."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import Decision
from service.errors import ReservationLostError
from service.review.outcomes import Outcome, Outcomes
from service.review.queues import Draft, ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler
from service.review.tables import review_items
from service.review.verdicts import Judgement, Queue, Verdict
from tests.review.conftest import LogReply

APPROVED = Judgement(verdict=Verdict.APPROVE)

both_databases = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


async def let_reservations_run_out(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(review_items).values(reserved_until=datetime.now(UTC) - timedelta(seconds=1)))


@both_databases
@pytest.mark.parametrize("queue", [Queue.SAMPLE, Queue.LOW_CONFIDENCE])
async def test_fifty_reviewers_never_meet_on_one_reply(
    queues: ReviewQueues, reviews: Reviews, sampler: Sampler, log_reply: LogReply, queue: Queue
) -> None:
    """Fifty people reviewing at once judge sixty replies, each of them exactly once."""
    ids = {await log_reply(low=True) for _ in range(60)}
    await sampler.draw(60)
    judged: list[str] = []

    async def review_all(reviewer: str) -> None:
        while item := await queues.next(queue, reviewer):
            await asyncio.sleep(0)
            await reviews.save(item.reply_id, reviewer, APPROVED, queue)
            judged.append(item.reply_id)

    await asyncio.gather(*(review_all(f"reviewer {number}") for number in range(50)))

    assert sorted(judged) == sorted(ids)


async def test_a_reserved_reply_comes_back_to_its_reviewer_with_the_draft(
    queues: ReviewQueues, log_reply: LogReply
) -> None:
    """Whoever closes the page finds the same reply again, and what was typed."""
    await log_reply(low=True)
    item = await queues.next(Queue.LOW_CONFIDENCE, "ana")
    assert item
    draft = Draft(reasons=("tone",), note="Trop sec", correction="Bonjour !")
    await queues.keep(Queue.LOW_CONFIDENCE, item.reply_id, "ana", draft)

    again = await queues.next(Queue.LOW_CONFIDENCE, "ana")

    assert again
    assert (again.reply_id, again.draft) == (item.reply_id, draft)
    assert await queues.next(Queue.LOW_CONFIDENCE, "ben") is None


async def test_a_reservation_that_ran_out_goes_to_another_without_the_draft(
    engine: AsyncEngine, queues: ReviewQueues, reviews: Reviews, log_reply: LogReply
) -> None:
    """After fifteen minutes another reviewer gets the reply, and the first is told so instead of judging it too."""
    await log_reply(low=True)
    item = await queues.next(Queue.LOW_CONFIDENCE, "ana")
    assert item
    await queues.keep(Queue.LOW_CONFIDENCE, item.reply_id, "ana", Draft(note="Anas Notiz"))
    await let_reservations_run_out(engine)

    taken = await queues.next(Queue.LOW_CONFIDENCE, "ben")

    assert taken
    assert (taken.reply_id, taken.draft) == (item.reply_id, Draft())
    with pytest.raises(ReservationLostError):
        await queues.keep(Queue.LOW_CONFIDENCE, item.reply_id, "ana")
    with pytest.raises(ReservationLostError):
        await reviews.save(item.reply_id, "ana", APPROVED, Queue.LOW_CONFIDENCE)
    assert (await reviews.of_reply(item.reply_id, "ana")).reviews == ()


async def test_a_reservation_that_nobody_took_still_holds(
    engine: AsyncEngine, queues: ReviewQueues, reviews: Reviews, log_reply: LogReply
) -> None:
    """A reviewer who was slow, but alone, saves the verdict."""
    await log_reply(low=True)
    item = await queues.next(Queue.LOW_CONFIDENCE, "ana")
    assert item
    await let_reservations_run_out(engine)

    assert (await reviews.save(item.reply_id, "ana", APPROVED, Queue.LOW_CONFIDENCE)).reviewer == "ana"


async def test_a_skipped_reply_waits_behind_the_others(queues: ReviewQueues, log_reply: LogReply) -> None:
    """Skip shows the next reply, and the skipped one comes last."""
    older, newer = await log_reply(low=True), await log_reply(low=True)
    first = await queues.next(Queue.LOW_CONFIDENCE, "ana")
    assert first
    assert first.reply_id == newer

    await queues.skip(Queue.LOW_CONFIDENCE, newer, "ana")
    second = await queues.next(Queue.LOW_CONFIDENCE, "ana")
    assert second
    assert second.reply_id == older
    await queues.skip(Queue.LOW_CONFIDENCE, older, "ana")

    third = await queues.next(Queue.LOW_CONFIDENCE, "ben")
    assert third
    assert third.reply_id in {older, newer}


async def test_each_queue_holds_what_its_name_says(
    queues: ReviewQueues, outcomes: Outcomes, log_reply: LogReply
) -> None:
    """Low confidence, unhappy customers and hand-offs are found; a reply without a reservation is in none of them."""
    low, plain = await log_reply(low=True), await log_reply()
    handed, rated = await log_reply(decision=Decision.HANDOFF), await log_reply()
    await outcomes.put(rated, Outcome(csat=2))
    await outcomes.put(plain, Outcome(csat=5, reopened=False))

    found = {queue: await queues.next(queue, "ana") for queue in Queue if queue is not Queue.REPLY}

    assert {queue: item.reply_id for queue, item in found.items() if item} == {
        Queue.LOW_CONFIDENCE: low,
        Queue.UNHAPPY: rated,
        Queue.HANDED_OFF: handed,
    }
    assert (await queues.progress(Queue.UNHAPPY, "ana")).open == 1


async def test_the_second_reading_is_by_somebody_else(
    queues: ReviewQueues, reviews: Reviews, sampler: Sampler, log_reply: LogReply
) -> None:
    """A reply judged in the sample is offered once more, never to the one who judged it."""
    await log_reply()
    await sampler.draw(1)
    item = await queues.next(Queue.SAMPLE, "ana")
    assert item
    await reviews.save(item.reply_id, "ana", APPROVED, Queue.SAMPLE)

    assert await queues.next(Queue.DOUBLE, "ana") is None
    assert (await queues.progress(Queue.DOUBLE, "ana")).open == 0
    second = await queues.next(Queue.DOUBLE, "ben")
    assert second
    assert second.reply_id == item.reply_id
    assert (await reviews.of_reply(item.reply_id, "ben")).hidden == 1
    await reviews.save(item.reply_id, "ben", Judgement(verdict=Verdict.REJECT), Queue.DOUBLE)
    assert len((await reviews.of_reply(item.reply_id, "ben")).reviews) == 2


async def test_a_brand_s_reviewers_see_its_replies_only(queues: ReviewQueues, log_reply: LogReply) -> None:
    """A queue that is asked for one brand offers no other's."""
    await log_reply(low=True)

    assert await queues.only(frozenset({"other"})).next(Queue.LOW_CONFIDENCE, "ana") is None
    assert await queues.only(frozenset({"b"})).next(Queue.LOW_CONFIDENCE, "ana")


async def test_arrows_walk_through_what_was_judged(queues: ReviewQueues, reviews: Reviews, log_reply: LogReply) -> None:
    """From an open reply the way leads back to those judged before, and forth again."""
    for _ in range(3):
        await log_reply(low=True)
    seen = []
    for _ in range(2):
        item = await queues.next(Queue.LOW_CONFIDENCE, "ana")
        assert item
        seen.append(item.reply_id)
        await reviews.save(item.reply_id, "ana", APPROVED, Queue.LOW_CONFIDENCE)
    item = await queues.next(Queue.LOW_CONFIDENCE, "ana")
    assert item

    assert await queues.neighbours(item, "ana") == (seen[1], None)
    judged = await queues.item(Queue.LOW_CONFIDENCE, seen[1], "ana")
    assert await queues.neighbours(judged, "ana") == (seen[0], None)
    assert await queues.neighbours(await queues.item(Queue.LOW_CONFIDENCE, seen[0], "ana"), "ana") == (None, seen[1])
