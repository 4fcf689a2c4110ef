"""Pairs: each is read by one reviewer at a time, and every choice can be taken back."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from service.errors import NotFoundError, ReservationLostError
from service.review.comparison.sides import Choice, Comparison, Preferred, Said
from service.review.comparison.tables import comparison_pairs
from tests.review.comparison.conftest import Bench
from tests.review.comparison.test_comparisons import OPENING, OTHER, TONE


async def begun(bench: Bench, number: int) -> Comparison:
    before = await bench.version()
    await bench.log(number)
    bench.edit(TONE, OPENING, OTHER)
    return await bench.begin(before)


@given(st.sampled_from(list(Choice)), st.booleans())
def test_what_was_pressed_is_told_back(choice: Choice, is_swapped: bool) -> None:
    """From the choice to the side that is meant, and back again."""
    preferred = choice.preferred(is_swapped=is_swapped)
    assert Choice.of(preferred, is_swapped=is_swapped) is choice
    assert (preferred is Preferred.CANDIDATE) == (choice == ("a" if is_swapped else "b"))


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True)
async def test_reviewers_never_meet_on_one_pair(bench: Bench) -> None:
    """Twenty people at once judge twelve pairs, each of them exactly once."""
    comparison = await begun(bench, 12)
    judged: list[str] = []

    async def judge_all(reviewer: str) -> None:
        while pair := await bench.pairs.next(comparison, reviewer):
            await asyncio.sleep(0)
            await bench.pairs.choose(comparison, pair.id, reviewer, Said(choice=Choice.A))
            judged.append(pair.id)

    await asyncio.gather(*(judge_all(f"reviewer {number}") for number in range(20)))

    assert len(judged) == len(set(judged)) == 12
    assert (await bench.found(comparison)).preferences.judged == 12


async def test_a_pair_in_other_hands_is_not_judged_twice(bench: Bench) -> None:
    """After fifteen minutes another reviewer gets the pair, and the first is told so."""
    comparison = await begun(bench, 1)
    pair = await bench.pairs.next(comparison, "ana")
    assert pair
    assert await bench.pairs.next(comparison, "ben") is None
    assert await bench.pairs.keep(comparison, pair.id, "ana") > datetime.now(UTC)
    async with bench.engine.begin() as connection:
        late = datetime.now(UTC) - timedelta(seconds=1)
        await connection.execute(update(comparison_pairs).values(reserved_until=late))
    assert await bench.pairs.next(comparison, "ben")
    with pytest.raises(ReservationLostError):
        await bench.pairs.keep(comparison, pair.id, "ana")
    with pytest.raises(ReservationLostError):
        await bench.pairs.choose(comparison, pair.id, "ana", Said(choice=Choice.A))
    assert (await bench.found(comparison)).preferences.judged == 0


async def test_a_choice_taken_back_is_there_to_be_changed(bench: Bench) -> None:
    """Undo shows the same pair again, with what was chosen and why, before any other."""
    comparison = await begun(bench, 3)
    first = await bench.pairs.next(comparison, "ana")
    assert first
    said = Said(choice=Choice.BOTH_BAD, reasons=("invented_fact", "tone"), seconds=3.0)
    await bench.pairs.choose(comparison, first.id, "ana", said)
    second = await bench.pairs.next(comparison, "ana")
    assert second
    assert second.said is None

    assert await bench.pairs.undo(comparison, "ana") == first.id

    again = await bench.pairs.next(comparison, "ana")
    assert again
    assert (again.id, again.said) == (first.id, said)
    assert (await bench.found(comparison)).preferences.judged == 0
    with pytest.raises(NotFoundError):
        await bench.pairs.read(comparison, first.id)
    with pytest.raises(NotFoundError):
        await bench.pairs.undo(comparison, "ben")


async def test_ten_choices_can_be_taken_back(bench: Bench) -> None:
    """Of twelve choices the newest ten can be undone, newest first, and no more."""
    comparison = await begun(bench, 12)
    order = []
    while pair := await bench.pairs.next(comparison, "ana"):
        await bench.pairs.choose(comparison, pair.id, "ana", Said(choice=Choice.EQUAL))
        order.append(pair.id)
    undone = [await bench.pairs.undo(comparison, "ana") for _ in range(10)]
    assert undone == order[:1:-1]
    with pytest.raises(NotFoundError):
        await bench.pairs.undo(comparison, "ana")


async def test_a_foreign_pair_is_none_of_this_comparison(bench: Bench) -> None:
    """A pair is reached through its own comparison only."""
    one = await begun(bench, 1)
    bench.edit(TONE, OTHER, "Bien reçu.")
    other = await bench.begin("files", one.candidate.version)
    pair = await bench.pairs.next(other, "ana")
    assert pair
    with pytest.raises(NotFoundError):
        await bench.pairs.choose(one, pair.id, "ana", Said(choice=Choice.A))
    with pytest.raises(NotFoundError):
        await bench.pairs.read(other, pair.id)
