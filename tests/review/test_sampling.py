"""The sample is uniform within its strata, and says with which probability each reply came into it."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from service.review.allocation import LEAST_PER_VERSION, Stratum, allocate
from service.review.queues import ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler, inclusion_probability
from service.review.tables import review_items
from service.review.tables import reviews as reviews_table
from service.review.verdicts import Judgement, Queue, Verdict
from tests.review.conftest import LogReply

sizes = st.dictionaries(
    st.builds(Stratum, st.sampled_from("abc"), st.sampled_from(["fr", "en"])), st.integers(0, 400), max_size=6
)


@given(waiting=sizes, drawn=sizes, size=st.integers(0, 300))
def test_a_draw_reaches_each_version_and_takes_no_more_than_there_is(
    waiting: dict[Stratum, int], drawn: dict[Stratum, int], size: int
) -> None:
    """Each version comes to thirty, or to all that wait; no stratum gives more than it has."""
    numbers = allocate(waiting, drawn, size)

    assert all(0 < number <= waiting[stratum] for stratum, number in numbers.items())
    for version in {stratum.version for stratum in waiting}:
        there = sum(number for stratum, number in waiting.items() if stratum.version == version)
        had = sum(number for stratum, number in drawn.items() if stratum.version == version)
        given_ = sum(number for stratum, number in numbers.items() if stratum.version == version)
        assert given_ >= min(there, LEAST_PER_VERSION - had)
    floor = len({stratum.version for stratum in waiting}) * (LEAST_PER_VERSION + 1)
    assert sum(numbers.values()) <= max(size + 3, floor)


def test_probabilities_over_several_draws_are_what_a_simulation_finds() -> None:
    """With replies that arrive between two draws, the computed probability is the share of simulations drawn."""
    chance, start = random.Random(3), datetime(2026, 1, 1, tzinfo=UTC)
    early, late = list(range(20)), list(range(20, 50))
    counts: Counter[int] = Counter()
    for _ in range(4_000):
        first = chance.sample(early, 5)
        rest = [each for each in early + late if each not in first]
        counts.update([*first, *chance.sample(rest, 9)])
    draws = [
        {"drawn": 5, "population": 20, "drawn_from": start, "drawn_at": start + timedelta(days=1)},
        {"drawn": 9, "population": 45, "drawn_from": start, "drawn_at": start + timedelta(days=3)},
    ]

    for moment, group in ((start, early), (start + timedelta(days=2), late)):
        share = sum(counts[each] for each in group) / len(group) / 4_000
        assert inclusion_probability(moment, draws) == pytest.approx(share, abs=0.01)


async def test_a_draw_stores_the_probability_and_a_later_one_raises_it(
    engine: AsyncEngine, queues: ReviewQueues, reviews: Reviews, sampler: Sampler, log_reply: LogReply
) -> None:
    """Items and reviews carry the probability that all draws gave them."""
    for number in range(45):
        await log_reply("v1" if number % 9 else "v2", language="fr" if number % 2 else "en")
    first = await sampler.draw(30)
    item = await queues.next(Queue.SAMPLE, "ana")
    assert item
    await reviews.save(item.reply_id, "ana", Judgement(verdict=Verdict.APPROVE), Queue.SAMPLE)
    assert first.drawn == 35  # thirty of v1, all five of v2

    second = await sampler.draw(10)

    async with engine.connect() as connection:
        items = (await connection.execute(select(review_items))).mappings().all()
        saved = (await connection.execute(select(reviews_table))).mappings().one()
    assert second.drawn == 10
    assert len({each["reply_id"] for each in items}) == 45
    assert all(each["inclusion_probability"] == pytest.approx(1) for each in items)
    assert saved["inclusion_probability"] == pytest.approx(1)
    assert {each["stratum"] for each in items} == {"v1/fr", "v1/en", "v2/fr", "v2/en"}
    assert (await sampler.draw(10)).drawn == 0
