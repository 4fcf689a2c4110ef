"""Picked replies: in a queue of their own, once, and never in a rate."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.audit import AuditLog
from service.access.callers import LOCAL
from service.domain import ReplyState
from service.errors import NotFoundError
from service.reply_log.erasures import Eraser, Selection
from service.review.outcomes import Outcome, Outcomes
from service.review.picking import Picked, Picker
from service.review.queues import MOST_WAITING, Draft, ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler
from service.review.tables import review_items
from service.review.transactions import Transactions
from service.review.verdicts import Judgement, Queue, Verdict
from tests.review.conftest import LogReply

both_databases = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


@pytest.fixture
def audit(engine: AsyncEngine) -> AuditLog:
    return AuditLog(engine)


@pytest.fixture
def picker(transactions: Transactions, audit: AuditLog) -> Picker:
    return Picker(transactions, audit)


@both_databases
async def test_a_reply_is_picked_once(
    picker: Picker, queues: ReviewQueues, reviews: Reviews, audit: AuditLog, log_reply: LogReply
) -> None:
    """The newest comes first; what is in the queue or judged there stays as it is, and each picking is in the audit."""
    older, newer = await log_reply(), await log_reply()
    unfinished = await log_reply(state=ReplyState.CUT_OFF)
    assert await picker.pick([older, newer, newer, unfinished], LOCAL) == Picked(picked=2, left=1)
    assert await picker.pick([older], LOCAL) == Picked(picked=0, left=1)
    item = await queues.next(Queue.PICKED, "ana")
    assert item
    assert item.reply_id == newer
    review = await reviews.save(newer, "ana", Judgement(verdict=Verdict.APPROVE), Queue.PICKED)
    assert (review.queue, review.inclusion_probability) == (Queue.PICKED, None)
    assert await picker.pick([newer], LOCAL) == Picked(picked=0, left=1)
    progress = await queues.progress(Queue.PICKED, "ana")
    assert (progress.done, progress.open) == (1, 1)
    told = [each for each in await audit.page() if each.action == "replies.picked"]
    assert [each.detail for each in told[::-1]] == [" ".join(sorted([older, newer])), older, newer]


async def test_a_picked_reply_never_comes_into_the_sample(
    picker: Picker, sampler: Sampler, log_reply: LogReply, transactions: Transactions, queues: ReviewQueues
) -> None:
    """Picking leaves the sample empty, and a draw takes from all replies alike, picked or not."""
    ids = [await log_reply() for _ in range(4)]
    await picker.pick(ids[:2], LOCAL)
    assert (await queues.progress(Queue.SAMPLE, "ana")).open == 0
    await sampler.draw(4)
    rows = await transactions.rows(select(review_items).where(review_items.c.queue == Queue.SAMPLE.value))
    assert {row["reply_id"] for row in rows} == set(ids)
    assert {row["inclusion_probability"] for row in rows} == {1.0}


async def test_what_is_not_there_picks_nothing(
    picker: Picker, queues: ReviewQueues, engine: AsyncEngine, log_reply: LogReply
) -> None:
    """An unknown reply, an erased one, or one of another brand refuses all, and none comes into the queue."""
    reply_id, elsewhere = await log_reply(), await log_reply(brand="larkline")
    own = picker.only(frozenset({"maison-lune"}))
    with pytest.raises(NotFoundError):
        await own.pick([reply_id, elsewhere], LOCAL)
    with pytest.raises(NotFoundError):
        await picker.pick([reply_id, "rep_nowhere"], LOCAL)
    await Eraser(engine).erase(Selection(customer_id="c1"), "request")
    with pytest.raises(NotFoundError):
        await picker.pick([reply_id], LOCAL)
    assert (await queues.progress(Queue.PICKED, "ana")).open == 0


async def test_an_erasure_takes_the_picked_reply_out(
    picker: Picker, queues: ReviewQueues, transactions: Transactions, engine: AsyncEngine, log_reply: LogReply
) -> None:
    """What was typed about an erased reply is gone, nobody gets it, and it waits no longer."""
    reply_id = await log_reply()
    await picker.pick([reply_id], LOCAL)
    assert await queues.next(Queue.PICKED, "ana")
    await queues.keep(Queue.PICKED, reply_id, "ana", Draft(note="Ana Beispiel"))
    assert await queues.waiting() == 1
    await Eraser(engine).erase(Selection(customer_id="c1"), "request")
    [row] = await transactions.rows(select(review_items))
    assert row["draft_note"] is None
    assert await queues.next(Queue.PICKED, "ben") is None
    assert (await queues.progress(Queue.PICKED, "ana")).open == 0
    assert await queues.waiting() == 0


@both_databases
async def test_the_bar_counts_what_somebody_put_there(
    picker: Picker, queues: ReviewQueues, sampler: Sampler, transactions: Transactions, log_reply: LogReply
) -> None:
    """Sample, picked and unhappy customers count, given out or not; weak evidence alone does not."""
    outcomes, reviews = Outcomes(transactions), Reviews(transactions)
    ids = [await log_reply(low=True) for _ in range(3)]
    assert await queues.waiting() == 0
    await outcomes.put(ids[0], Outcome(csat=1))
    assert await queues.waiting() == 1
    assert await queues.next(Queue.UNHAPPY, "ana")
    assert await queues.waiting() == 1
    await picker.pick(ids[1:], LOCAL)
    assert await queues.waiting() == 3
    await sampler.draw(3)
    assert await queues.waiting() == 6
    await reviews.save(ids[0], "ana", Judgement(verdict=Verdict.REJECT), Queue.UNHAPPY)
    assert await queues.waiting() == 5
    assert await queues.only(frozenset({"nobody"})).waiting() == 0


async def test_the_count_has_an_end(
    picker: Picker, queues: ReviewQueues, log_reply: LogReply, transactions: Transactions
) -> None:
    """However much waits, no more is counted than the bar tells."""
    for _ in range(MOST_WAITING + 3):
        await picker.pick([await log_reply()], LOCAL)
    assert await queues.waiting() == MOST_WAITING + 1
    assert len(await transactions.rows(select(review_items.c.id))) == MOST_WAITING + 3
