"""Oddities that no ready-made server has: each ends in exactly one reply or problem, in time, and in a row."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from service.domain import LoggedReply, ReplyState
from tests.replies.desk import PROMPTS, Answer, desk
from tests.replies.models import wire
from tests.replies.models.providers import OPENAI, cells, settings_of
from tests.replies.models.scripted_server import Scripted, ScriptedServer, scripted

TOTAL_S = 4.0
SILENCE_S = 1.0
TEXTS = ["Le remboursement par carte ", "arrive sous 5 jours ouvrés. [1] ", "Le virement demande 10 jours ouvrés. [1]"]
JSON = {"Content-Type": "application/json"}


def _whole(provider: str) -> Scripted:
    return Scripted(wire.stream(provider, TEXTS, "whole"))


def _limited(value: str | None) -> Callable[[str], list[Scripted]]:
    def answers(provider: str) -> list[Scripted]:
        headers = JSON | ({"Retry-After": value} if value else {})
        return [Scripted([b'{"error": {"message": "slow down", "code": 429}}'], 429, headers), _whole(provider)]

    return answers


def _in_seconds(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def _invalid_utf8(provider: str) -> list[Scripted]:
    events = wire.stream(provider, [*TEXTS, "@@"], "whole")
    return [Scripted([event.replace(b"@@", b"\xff\xfe") for event in events])]


def _huge(provider: str) -> list[Scripted]:
    return [Scripted(wire.stream(provider, [*TEXTS, *["Encore une phrase sans fin. " * 400] * 1000], "whole"))]


def _stop(stop: str | None) -> Callable[[str], list[Scripted]]:
    return lambda provider: [Scripted(wire.stream(provider, TEXTS, stop))]


# Each case: the server's answers, and what must be in the log afterwards.
FINISHED, INCOMPLETE, FAILED = ReplyState.FINISHED, ReplyState.INCOMPLETE, ReplyState.FAILED
CASES: dict[str, tuple[Callable[[str], list[Scripted]], set[ReplyState]]] = {
    "retry after 1": (_limited("1"), {FINISHED}),
    "retry after 30": (_limited("30"), {FAILED}),
    "retry after 120": (_limited("120"), {FAILED}),
    "retry after a date": (_limited(_in_seconds(600)), {FAILED}),
    "retry after a past date": (_limited(_in_seconds(-600)), {FINISHED}),
    "retry after nothing": (_limited(None), {FINISHED}),
    "retry after nonsense": (_limited("soon, maybe"), {FINISHED}),
    "slow first byte": (lambda p: [Scripted(wire.stream(p, TEXTS, "whole"), pause_s=6.0)], {FAILED}),
    "drip": (lambda p: [Scripted(wire.stream(p, list("Bonjour à vous"), "whole"), pause_s=0.5)], {FAILED}),
    "wrong content type": (
        lambda _: [Scripted([b"<html>hello</html>"], headers={"Content-Type": "text/html"})],
        {FAILED},
    ),
    "no stream": (lambda _: [Scripted([b'{"id": "c1", "choices": []}'], headers=JSON)], {FAILED}),
    "empty choices": (lambda p: [Scripted(wire.empty(p))], {FAILED}),
    "refusal": (lambda p: [Scripted(wire.refusal(p))], {INCOMPLETE}),
    "content filter": (_stop("filtered"), {INCOMPLETE}),
    "unknown finish reason": (_stop("unknown"), {INCOMPLETE}),
    "length": (_stop("length"), {INCOMPLETE}),
    "no finish reason": (_stop(None), {INCOMPLETE}),
    "tool call": (lambda p: [Scripted(wire.tool_call(p))], {FAILED}),
    "10 MB": (_huge, {INCOMPLETE, FAILED}),
    "control characters": (lambda p: [Scripted(wire.stream(p, [*TEXTS, " \x00\x07\x1b[31m"], "whole"))], {FINISHED}),
    "invalid utf-8": (_invalid_utf8, {FINISHED, FAILED}),
}
QUICK = {"retry after 30", "refusal", "unknown finish reason", "tool call", "control characters", "empty choices"}


@pytest.fixture(scope="module")
def sending_prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped prompts, but the brand sends: a partial text taken for whole would leave."""
    folder = tmp_path_factory.mktemp("prompts") / "prompts"
    shutil.copytree(PROMPTS, folder)
    brand = folder / "brands" / "maison-lune.yaml"
    brand.write_text(brand.read_text("utf-8").replace("send: false", "send: true"), "utf-8")
    return folder


async def _ask(
    folder: Path, prompts: Path, provider: str, case: str, *, sse: bool
) -> tuple[Answer, LoggedReply, ScriptedServer]:
    with scripted(*CASES[case][0](provider)) as server:
        base_url = f"{server.url}/v1" if provider == OPENAI else server.url
        settings = settings_of(provider, base_url)
        async with desk(folder, settings, prompts=prompts, total_s=TOTAL_S, silence_s=SILENCE_S) as at:
            return await at.ask(sse=sse), await at.last(), server


@pytest.mark.parametrize(("provider", "case", "sse"), cells(CASES, QUICK))
async def test_one_end_in_time_and_in_the_log(
    tmp_path: Path, sending_prompts: Path, provider: str, case: str, *, sse: bool
) -> None:
    """Whatever a provider does: one terminal event or problem, a row with its state, and no part offered as a whole."""
    answer, logged, server = await _ask(tmp_path, sending_prompts, provider, case, sse=sse)
    state = logged.reply.state
    assert state in CASES[case][1]
    assert answer.terminal == ["error" if state is FAILED else "reply.finished"]
    assert answer.took_s < TOTAL_S + 1
    assert (state is FINISHED) or logged.reply.decision.value != "send"
    assert len(server.bodies) == len(logged.attempts) <= 3
    assert len(set(server.bodies)) == 1
    if state is not FAILED:
        assert answer.last["text"] == logged.reply.text
        assert not sse or answer.streamed == logged.reply.text
        assert "\x00" not in logged.raw_output


@pytest.mark.parametrize(("provider", "case", "sse"), cells(["retry after 30", "retry after 120"], {"retry after 120"}))
async def test_a_long_wait_is_passed_on(
    tmp_path: Path, sending_prompts: Path, provider: str, case: str, *, sse: bool
) -> None:
    """A wait beyond the deadline is not sat out: the caller is told at once how long it is."""
    answer, logged, _ = await _ask(tmp_path, sending_prompts, provider, case, sse=sse)
    assert answer.took_s < 1.0
    assert len(logged.attempts) == 1
    if not sse:
        assert answer.headers["Retry-After"] == case.rsplit(" ", 1)[1]


@pytest.mark.parametrize(("provider", "case", "sse"), cells(["refusal"], {"refusal"}))
async def test_a_refusal_goes_to_a_person(
    tmp_path: Path, sending_prompts: Path, provider: str, case: str, *, sse: bool
) -> None:
    """A model that will not answer is not asked again: the ticket is handed over, and the reason says why."""
    answer, logged, _ = await _ask(tmp_path, sending_prompts, provider, case, sse=sse)
    assert (answer.last["decision"], answer.last["text"]) == ("handoff", "")
    assert "model_refused" in {reason["code"] for reason in answer.last["reasons"]}
    assert len(logged.attempts) == 1
