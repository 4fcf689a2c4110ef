"""Reviews are saved beside the reply, corrected, taken back, hidden from others, and erased with its words."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import NotFoundError
from service.reply_log.erasures import Eraser, Selection
from service.review.outcomes import Outcome, Outcomes
from service.review.queues import Draft, ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler
from service.review.tables import outcomes as outcomes_table
from service.review.tables import review_items
from service.review.tables import reviews as reviews_table
from service.review.verdicts import Judgement, Queue, Verdict
from tests.review.conftest import LogReply

APPROVED = Judgement(verdict=Verdict.APPROVE)
REJECTED = Judgement(
    verdict=Verdict.REJECT, reasons=("tone", "too_long"), note="Trop long", correction="Bonjour.", seconds=9.5
)


async def test_undo_gives_the_reply_back_with_everything(
    queues: ReviewQueues, reviews: Reviews, log_reply: LogReply
) -> None:
    """After undo the reply is open again, in the same hands, with its reasons, note and correction."""
    await log_reply(low=True)
    item = await queues.next(Queue.LOW_CONFIDENCE, "ana")
    assert item
    await reviews.save(item.reply_id, "ana", REJECTED, Queue.LOW_CONFIDENCE)

    undone = await reviews.undo("ana")

    assert undone.judgement == REJECTED
    again = await queues.next(Queue.LOW_CONFIDENCE, "ana")
    assert again
    assert again.draft == Draft(reasons=("tone", "too_long"), note="Trop long", correction="Bonjour.")
    assert (await reviews.of_reply(item.reply_id, "ana")).reviews == ()


async def test_ten_verdicts_can_be_taken_back_and_no_more(
    queues: ReviewQueues, reviews: Reviews, log_reply: LogReply
) -> None:
    """Undo reaches ten reviews back, newest first."""
    for _ in range(12):
        await log_reply(low=True)
    judged = []
    while item := await queues.next(Queue.LOW_CONFIDENCE, "ana"):
        await reviews.save(item.reply_id, "ana", APPROVED, Queue.LOW_CONFIDENCE)
        judged.append(item.reply_id)

    assert [(await reviews.undo("ana")).reply_id for _ in range(10)] == judged[:1:-1]
    with pytest.raises(NotFoundError):
        await reviews.undo("ana")


async def test_a_changed_mind_supersedes_and_keeps_the_weight(
    queues: ReviewQueues, reviews: Reviews, sampler: Sampler, log_reply: LogReply
) -> None:
    """A second verdict of the same reviewer takes the first one's place and weight; undo brings the first back."""
    reply_id = await log_reply()
    await sampler.draw(1)
    assert await queues.next(Queue.SAMPLE, "ana")
    await reviews.save(reply_id, "ana", APPROVED, Queue.SAMPLE)

    changed = await reviews.save(reply_id, "ana", REJECTED)

    assert (changed.queue, changed.inclusion_probability) == (Queue.SAMPLE, 1.0)
    assert [each.id for each in (await reviews.of_reply(reply_id, "ana")).reviews] == [changed.id]
    assert (await queues.item(Queue.SAMPLE, reply_id, "ana")).review_id == changed.id
    await reviews.undo("ana")
    assert [each.judgement for each in (await reviews.of_reply(reply_id, "ana")).reviews] == [APPROVED]


async def test_others_verdicts_are_hidden_until_the_own_is_saved(reviews: Reviews, log_reply: LogReply) -> None:
    """Whoever has not judged a reply sees how many did, and not what they said."""
    reply_id = await log_reply()
    await reviews.save(reply_id, "ana", REJECTED)

    before = await reviews.of_reply(reply_id, "ben")
    await reviews.save(reply_id, "ben", APPROVED)
    after = await reviews.of_reply(reply_id, "ben")

    assert (before.reviews, before.hidden) == ((), 1)
    assert [each.reviewer for each in after.reviews] == ["ana", "ben"]


async def test_a_machine_sees_all_unless_somebody_is_reading(
    queues: ReviewQueues, reviews: Reviews, log_reply: LogReply
) -> None:
    """Without a reader the reviews are shown, but not while the reply is in a reviewer's hands."""
    reply_id = await log_reply(low=True)
    await reviews.save(reply_id, "ben", APPROVED)
    assert len((await reviews.of_reply(reply_id)).reviews) == 1

    await queues.next(Queue.LOW_CONFIDENCE, "ana")

    assert (await reviews.of_reply(reply_id)).hidden == 1


async def test_erasing_a_reply_erases_what_was_written_about_it(
    engine: AsyncEngine, queues: ReviewQueues, reviews: Reviews, outcomes: Outcomes, log_reply: LogReply
) -> None:
    """Notes, corrections, drafts and sent texts go with the customer's words; the verdict stays for the counts."""
    reply_id = await log_reply(low=True)
    await queues.next(Queue.LOW_CONFIDENCE, "ana")
    await queues.keep(Queue.LOW_CONFIDENCE, reply_id, "ana", Draft(note="geheim", correction="geheim"))
    await reviews.save(reply_id, "ben", REJECTED)
    await outcomes.put(reply_id, Outcome(sent_text="geheim", csat=1))

    await Eraser(engine).erase(Selection(customer_id="c1"), "request")

    async with engine.connect() as connection:
        review = (await connection.execute(select(reviews_table))).mappings().one()
        item = (await connection.execute(select(review_items))).mappings().one()
        outcome = (await connection.execute(select(outcomes_table))).mappings().one()
    assert (review["note"], review["correction"], review["verdict"]) == (None, None, "reject")
    assert (item["draft_note"], item["draft_correction"]) == (None, None)
    assert (outcome["sent_text"], outcome["csat"]) == (None, 1)
    assert await queues.next(Queue.LOW_CONFIDENCE, "ana") is None
