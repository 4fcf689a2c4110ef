"""Against a server that nobody here wrote, which breaks on demand and then grades the client."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from llmock.pytest_plugin import LLMock

from service.domain import ReplyState
from tests.replies.desk import desk
from tests.replies.models.providers import ANTHROPIC, GOOGLE, OPENAI, cells, settings_of

SPOKEN = {OPENAI: "openai", ANTHROPIC: "anthropic", GOOGLE: "gemini"}
TEXT = "Le remboursement par carte arrive sous 5 jours ouvrés. [1] Le virement demande 10 jours ouvrés. [1]"

ONCE: dict[str, tuple[str, dict[str, Any]]] = {
    "rate limit": ("rate_limit", {"retry_after": 0.3}),
    "429 without a wait": ("fail", {"status": 429}),
    "500": ("fail", {"status": 500}),
    "503": ("fail", {"status": 503}),
    "529": ("fail", {"status": 529}),
    "disconnect": ("disconnect", {"after_chunks": 2}),
    "truncated": ("truncate", {"after_chunks": 2}),
    # Anthropic's third event is a ping, whose body nobody reads.
    "damaged chunk": ("corrupt", {"after_chunks": 4}),
    "stall": ("stall", {"after_chunks": 2, "seconds": 2.0}),
    "slow first word": ("slow_first_token", {"seconds": 2.0}),
    "slow answer": ("delay", {"seconds": 2.0}),
}
REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "400": ("fail", {"status": 400}),
    "401": ("fail", {"status": 401}),
    "403": ("fail", {"status": 403}),
    "404": ("fail", {"status": 404}),
    "too long": ("context_overflow", {}),
}


def _strict(server: LLMock) -> None:
    """Ask for the grade as a client of any language would."""
    server.requests  # noqa: B018 - waits for what is still in flight
    verdict = httpx.get(f"{server.url}/_llmock/verdict").json()
    assert (verdict["passed"], verdict["findings"]) == (True, [])


@pytest.mark.parametrize(("provider", "case", "sse"), cells(["none", *ONCE], quick={"none", "disconnect", "truncated"}))
async def test_a_fault_that_passes_is_not_seen(
    llmock: LLMock, tmp_path: Path, provider: str, case: str, *, sse: bool
) -> None:
    """One failure before the customer saw a word costs a retry, and the reply is whole."""
    # As a model writes: otherwise all is on the wire before the client can stop, and the server cannot see that it did.
    llmock.reply(TEXT, times=None).pace(20)
    if case != "none":
        name, arguments = ONCE[case]
        getattr(llmock, name)(**arguments, times=1)
    settings = settings_of(provider, llmock.base_url(SPOKEN[provider]))
    async with desk(tmp_path, settings, total_s=8.0, silence_s=1.0, backoff_s=0.2) as at:
        answer = await at.ask(sse=sse)
        logged = await at.last()
    assert answer.terminal == ["reply.finished"]
    assert logged.reply.state is ReplyState.FINISHED
    assert answer.last["text"] == logged.reply.text
    assert not sse or answer.streamed == logged.reply.text
    assert [attempt.error is None for attempt in logged.attempts] == ([True] if case == "none" else [False, True])
    assert (logged.reply.usage.completion_tokens or 0) > 0
    assert (logged.reply.usage.cost_usd or 0) > 0
    _strict(llmock)


@pytest.mark.parametrize(("provider", "case", "sse"), cells(REFUSED, quick={"401", "too long"}))
async def test_a_refusal_is_not_asked_twice(
    llmock: LLMock, tmp_path: Path, provider: str, case: str, *, sse: bool
) -> None:
    """What a second request cannot mend is one attempt, and a sentence for the operator."""
    name, arguments = REFUSED[case]
    getattr(llmock, name)(**arguments, times=None)
    settings = settings_of(provider, llmock.base_url(SPOKEN[provider]))
    async with desk(tmp_path, settings) as at:
        answer = await at.ask(sse=sse)
        logged = await at.last()
    assert answer.terminal == ["error"]
    assert (answer.last["status"], answer.last["type"]) == (502, "/problems/chat-model-refused")
    assert ("APLOMB_PASSAGES_PER_REPLY" in answer.last["detail"]) == (case == "too long")
    assert (logged.reply.state, len(logged.attempts)) == (ReplyState.FAILED, 1)
    _strict(llmock)


@pytest.mark.parametrize(("provider", "case", "sse"), cells(["429", "500", "503", "529"], quick={"500"}))
async def test_an_outage_ends_in_one_problem(
    llmock: LLMock, tmp_path: Path, provider: str, case: str, *, sse: bool
) -> None:
    """A provider that stays down is asked three times with growing pauses, then the caller hears of it once."""
    llmock.outage(status=int(case))
    settings = settings_of(provider, llmock.base_url(SPOKEN[provider]))
    async with desk(tmp_path, settings, total_s=5.0, backoff_s=0.2) as at:
        answer = await at.ask(sse=sse)
        logged = await at.last()
    assert answer.terminal == ["error"]
    assert (answer.last["status"], answer.last["type"]) == (503, "/problems/chat-model-unavailable")
    assert (logged.reply.state, len(logged.attempts)) == (ReplyState.FAILED, 3)
    _strict(llmock)
