import asyncio
from pathlib import Path

import pytest

from service.replies.models.breaker import FAILURES, REST_S, Breaker
from service.replies.models.faults import Fault, FaultKind
from service.replies.models.lane import Lane
from tests.replies.desk import desk
from tests.replies.models import wire
from tests.replies.models.providers import OPENAI, settings_of
from tests.replies.models.scripted_server import Scripted, scripted
from tests.replies.models.test_faults_on_the_wire import JSON, TEXTS

DOWN = Fault(FaultKind.OVERLOADED, 503)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def down(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.admit()
        breaker.judge(DOWN)
    return breaker


def test_five_failures_in_a_row_let_a_provider_rest(down: Breaker) -> None:
    """Nobody is admitted, and each is told how long."""
    with pytest.raises(Fault) as told:
        down.admit()
    assert (told.value.kind, told.value.retry_after_s) == (FaultKind.RESTING, REST_S)


def test_after_the_rest_one_attempt_decides(down: Breaker, clock: Clock) -> None:
    """One looks whether the provider is back while the others still wait; its luck is everyone's."""
    clock.now = REST_S
    down.admit()
    with pytest.raises(Fault):
        down.admit()
    down.judge(None)
    down.admit()
    down.admit()


def test_a_failed_look_begins_a_new_rest(down: Breaker, clock: Clock) -> None:
    clock.now = REST_S
    down.admit()
    down.judge(DOWN)
    assert down.rests_for_s == REST_S


def test_a_look_that_was_stopped_lets_the_next_one_look(down: Breaker, clock: Clock) -> None:
    """A reader who goes away at that moment does not keep the provider closed for ever."""
    clock.now = REST_S
    down.admit()
    down.forget()
    down.admit()


@pytest.mark.parametrize("kind", [FaultKind.KEY_REFUSED, FaultKind.RATE_LIMITED, FaultKind.REQUEST_REFUSED])
def test_a_provider_that_answers_is_not_down(clock: Clock, kind: FaultKind) -> None:
    """A wrong key or a limit of ours says nothing against the provider."""
    breaker = Breaker(clock)
    for _ in range(FAILURES * 2):
        breaker.admit()
        breaker.judge(Fault(kind))


async def test_a_full_lane_turns_away_at_once() -> None:
    """One runs, one waits, the third hears `busy`; places come free again."""
    lane = Lane(1, 1)
    async with lane.place(1.0):
        waiting = asyncio.create_task(_pass(lane))
        await asyncio.sleep(0)
        assert lane.is_full
        with pytest.raises(Fault):
            await _pass(lane)
    await waiting
    assert not lane.is_full


async def test_a_place_that_never_comes_free_is_not_waited_for() -> None:
    lane = Lane(1, 1)
    async with lane.place(1.0):
        with pytest.raises(Fault) as told:
            await _pass(lane, 0.01)
    assert told.value.kind is FaultKind.BUSY


async def test_a_provider_that_is_down_is_told_at_once(tmp_path: Path) -> None:
    """After five failures replies are refused within 100 ms, readiness knows it, and the provider is left alone."""
    with scripted(Scripted([b"{}"], 503, JSON)) as server:
        async with desk(tmp_path, settings_of(OPENAI, f"{server.url}/v1"), backoff_s=0.01) as at:
            for _ in range(2):
                await at.ask(sse=False)
            asked = len(server.bodies)
            answer = await at.ask(sse=False)
            logged = await at.last()
            assert not at.chain.is_ready
            assert at.chain.resting[OPENAI] > REST_S / 2
    assert (asked, len(server.bodies)) == (FAILURES, FAILURES)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert logged.reply.timings_ms.chat_model < 100
    assert logged.attempts[0].error == "resting"


async def test_too_many_replies_at_once_are_told_before_any_work(tmp_path: Path) -> None:
    """Two run, one waits; the fourth gets 429 with Retry-After in a moment, and the others finish."""
    slow = Scripted(wire.stream(OPENAI, TEXTS, "whole"), pause_s=0.15)
    with scripted(slow) as server:
        async with desk(tmp_path, settings_of(OPENAI, f"{server.url}/v1"), calls=2, queue=1, total_s=10) as at:
            first = [asyncio.create_task(at.ask(sse=False)) for _ in range(3)]
            await asyncio.to_thread(server.wait_for, 2)
            late = await at.ask(sse=False)
            answers = await asyncio.gather(*first)
    assert (late.status, late.headers["Retry-After"]) == (429, "1")
    assert late.took_s < 0.25
    assert [answer.status for answer in answers] == [201, 201, 201]


async def _pass(lane: Lane, timeout_s: float = 1.0) -> None:
    async with lane.place(timeout_s):
        return
