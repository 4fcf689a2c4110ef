import asyncio
import gc
import hashlib
import logging
from contextlib import aclosing
from pathlib import Path

import pytest

from service.domain import Exchange, ReplyState
from service.prompting.brands import Sampling
from service.prompting.templates.rendering import ChatMessage
from service.replies.events import SentenceWritten
from service.replies.models.calls import ChatCall, Ending
from tests.replies.desk import desk, ticket
from tests.replies.models import wire
from tests.replies.models.providers import ANTHROPIC, KEYS, NAMES, OPENAI, cells, settings_of
from tests.replies.models.scripted_server import Scripted, scripted
from tests.replies.models.test_faults_on_the_wire import JSON, TEXTS

MESSAGES = (ChatMessage("system", "Réponds."), ChatMessage("user", "Où est mon colis ? 📦"))


def _base_url(provider: str, url: str) -> str:
    return f"{url}/v1" if provider == OPENAI else url


@pytest.mark.parametrize(("provider", "case", "sse"), cells(["captured"], {"captured"}))
async def test_the_exchange_is_what_went_over_the_wire(tmp_path: Path, provider: str, case: str, *, sse: bool) -> None:  # noqa: ARG001 - one form, one case
    """Request and response are kept byte for byte, and the request can be made again without being sent."""
    call = ChatCall(brand="b", messages=MESSAGES, sampling=Sampling(temperature=0.3))
    with scripted(Scripted(wire.stream(provider, TEXTS, "whole"))) as server:
        async with desk(tmp_path, settings_of(provider, _base_url(provider, server.url))) as at:
            async with aclosing(at.chain.stream(call)) as events:
                ending = [event async for event in events][-1]
            again = await at.chain.request_bytes(call, f"{provider}:{NAMES[provider]}")
    assert isinstance(ending, Ending)
    assert ending.exchange == Exchange(request=server.bodies[0], response=server.answered[0])
    assert hashlib.sha256(again).digest() == hashlib.sha256(server.bodies[0]).digest()
    assert len(server.bodies) == 1
    assert KEYS[provider].encode() not in ending.exchange.request + ending.exchange.response


def _stored(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("aplomb.db*"))


async def test_the_next_model_answers_and_the_reply_says_so(tmp_path: Path) -> None:
    """A fallback is never silent: who answered, who was asked before, and why that one did not."""
    with (
        scripted(Scripted([b"{}"], 503, JSON)) as down,
        scripted(Scripted(wire.stream(ANTHROPIC, TEXTS, "whole"))) as up,
    ):
        fallback = f"{ANTHROPIC}:{NAMES[ANTHROPIC]}"
        settings = settings_of(OPENAI, f"{down.url}/v1", (fallback,)).model_copy(update={"anthropic_base_url": up.url})
        async with desk(tmp_path, settings) as at:
            reply = await at.writer.write(ticket())
            logged = await at.last()
    assert (reply.state, reply.chat_model.provider) == (ReplyState.FINISHED, ANTHROPIC)
    assert [(attempt.provider, attempt.error) for attempt in logged.attempts] == [
        *[(OPENAI, "overloaded (503)")] * 3,
        (ANTHROPIC, None),
    ]


@pytest.mark.parametrize(("status", "asked"), [(401, 1), (400, 1), (429, 1)])
async def test_what_waiting_cannot_mend_goes_to_the_next_model_at_once(tmp_path: Path, status: int, asked: int) -> None:
    """A wrong key, a refused request or a long Retry-After is not waited for while another model stands behind."""
    with (
        scripted(Scripted([b"{}"], status, JSON | {"Retry-After": "20"})) as down,
        scripted(Scripted(wire.stream(ANTHROPIC, TEXTS, "whole"))) as up,
    ):
        fallback = f"{ANTHROPIC}:{NAMES[ANTHROPIC]}"
        settings = settings_of(OPENAI, f"{down.url}/v1", (fallback,)).model_copy(update={"anthropic_base_url": up.url})
        async with desk(tmp_path, settings, total_s=30.0) as at:
            reply = await at.writer.write(ticket())
    assert (len(down.bodies), reply.chat_model.provider) == (asked, ANTHROPIC)


async def test_nothing_is_tried_again_once_a_sentence_has_left(tmp_path: Path) -> None:
    """A stream that breaks after its first statement ends as incomplete; read whole, it is tried again."""
    cut, whole = Scripted(wire.stream(OPENAI, TEXTS, None)), Scripted(wire.stream(OPENAI, TEXTS, "whole"))
    with scripted(cut, whole) as server:
        async with desk(tmp_path, settings_of(OPENAI, f"{server.url}/v1")) as at:
            seen = [event async for event in at.writer.stream(ticket())]
            streamed = await at.last()
    left = "".join(each.sentence.before + each.sentence.text for each in seen if isinstance(each, SentenceWritten))
    assert (streamed.reply.state, len(server.bodies), left) == (ReplyState.INCOMPLETE, 1, streamed.reply.text)
    with scripted(cut, whole) as server:
        async with desk(tmp_path, settings_of(OPENAI, f"{server.url}/v1")) as at:
            reply = await at.writer.write(ticket())
    assert (reply.state, len(server.bodies)) == (ReplyState.FINISHED, 2)
    assert reply.text.count("5 jours ouvrés") == 1


@pytest.mark.parametrize(("provider", "case", "sse"), cells(["401", "503", "cut", "damaged"], {"401", "cut"}))
async def test_no_key_is_ever_told(  # noqa: PLR0913 - fixtures and parameters
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    provider: str,
    case: str,
    *,
    sse: bool,
) -> None:
    """With every library at DEBUG and a provider that fails and repeats the key, no log line, answer or row has it."""
    echo = [b'{"error": {"message": "Incorrect API key provided: ' + KEYS[provider].encode() + b'"}}']
    events = wire.stream(provider, TEXTS[:1], None)
    faults = {"cut": Scripted(events), "damaged": Scripted([*events, b"data: {nonsense\n\n"])}
    fault = faults.get(case) or Scripted(echo, int(case), JSON)
    with scripted(fault) as server, caplog.at_level(logging.DEBUG):
        async with desk(tmp_path, settings_of(provider, _base_url(provider, server.url)), backoff_s=0.01) as at:
            answer = await at.ask(sse=sse)
            logged = await at.last()
            lines = caplog.text
            # What a damaged answer left open hangs on the log's records, and can be closed only while the loop runs.
            caplog.clear()
            gc.collect()
            await asyncio.sleep(0)
    stored = _stored(tmp_path)
    told = "\n".join((lines, *capfd.readouterr(), str(answer), str(logged)))
    assert server.bodies
    assert KEYS[provider] not in told
    assert KEYS[provider].encode() not in stored
