"""One attempt at one chat model: its text as it comes, within the deadlines, and how it ended."""

import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict

from langchain_core.messages import AIMessageChunk

from service.domain import Attempt, Exchange
from service.replies.models.calls import ChatCall, Ending, Piece
from service.replies.models.endings import AnswerEnd, Stop
from service.replies.models.faults import Fault, FaultKind, fault_of
from service.replies.models.opened import OpenChatModel
from service.replies.models.prices import estimate_usage
from service.replies.models.recording import NotSent, Recording, recording

MAX_ANSWER_CHARS = 100_000
"""Far beyond 8 192 tokens of text: a model that writes on is cut here."""

_REFUSED = re.compile(rb'"refusal"\s*:\s*"[^"]|"blockReason"\s*:')
"""Refusals that LangChain leaves out of its chunks."""


class ChatAttempt:
    """Made for one attempt: its `pieces` first, then its `ending` and its `note` in the call's tally."""

    def __init__(self, model: OpenChatModel, call: ChatCall) -> None:
        self.model = model
        self._call = call
        self._began = time.perf_counter()
        self._end = AnswerEnd()
        self._recording = Recording()
        self._parts: list[str] = []
        self._chars = 0

    async def pieces(self, left_s: float, silence_s: float) -> AsyncGenerator[Piece]:
        """
        Yield the text as it comes.

        Raises:
            Fault: The model failed, fell silent, was out of time, wrote nothing, or was cut without a finish reason.
        """
        try:
            async with aclosing(_ask(self.model, self._call)) as chunks:
                async for text in self._texts(chunks, time.monotonic() + left_s, silence_s):
                    self._parts.append(text)
                    self._chars += len(text)
                    yield Piece(text)
                    if self._chars > MAX_ANSWER_CHARS:
                        return
        except Exception as exc:  # noqa: BLE001 - SDKs let errors of JSON, of HTTP and of their own escape
            fault = fault_of(exc)
            raise fault from (None if fault is exc else exc)
        finally:
            await self._recording.close()
        self._check()

    def ending(self) -> Ending:
        """Return how it ended; only after the last piece, or for a text that was cut."""
        stop = self._stop
        shown = self.model.sees_images or not self._call.images
        return Ending(
            whole=stop is Stop.WHOLE,
            refused=stop is Stop.REFUSED,
            ref=self.model.ref,
            usage=self._end.usage,
            exchange=self._exchange(),
            images_shown=shown,
        )

    def note(self, error: str | None) -> None:
        """Enter this attempt, its exchange and its cost into the call's tally."""
        took_ms = round((time.perf_counter() - self._began) * 1000, 1)
        ref, tally = self.model.ref, self._call.tally
        tally.attempts.append(Attempt(provider=ref.provider, name=ref.name, error=error, took_ms=took_ms))
        exchange = self._exchange()
        if exchange.request:
            tally.exchange = exchange
        if self.model.price and (error is None or self._parts):
            reported = self._end.usage
            usage = reported if reported.completion_tokens else estimate_usage(self._call.chars, self._chars)
            tally.charge(self.model.price.of(usage))

    async def _texts(self, chunks: AsyncIterator[AIMessageChunk], ends: float, silence_s: float) -> AsyncIterator[str]:
        """Yield what is text in *chunks*; only text breaks a silence."""
        limit = min(ends, time.monotonic() + silence_s)
        with recording(self._recording):
            chunk = await _next(chunks, limit, ends)
        while chunk is not None:
            self._end.add(chunk)
            text = _storable(str(chunk.text))
            if text:
                yield text
                limit = min(ends, time.monotonic() + silence_s)
            chunk = await _next(chunks, limit, ends)

    def _check(self) -> None:
        stop = self._stop
        if stop is Stop.MISSING and self._parts:
            raise Fault(FaultKind.TRUNCATED)
        if not self._parts and stop is not Stop.REFUSED:
            raise Fault(FaultKind.EMPTY)

    @property
    def _stop(self) -> Stop:
        if self._chars > MAX_ANSWER_CHARS:
            return Stop.LENGTH
        if not self._parts and _REFUSED.search(self._recording.response):
            return Stop.REFUSED
        return self._end.stop if self.model.calls_out else Stop.WHOLE

    def _exchange(self) -> Exchange:
        if self.model.calls_out:
            return self._recording.exchange()
        return Exchange(request=canonical(self._call), response="".join(self._parts).encode())


async def request_bytes(model: OpenChatModel, call: ChatCall) -> bytes:
    """
    Return exactly what an attempt at *model* sends for *call*, without sending it.

    Raises:
        Fault: The request cannot even be made.
    """
    if not model.calls_out:
        return canonical(call)
    taken = Recording(sends=False)
    try:
        async with aclosing(_ask(model, call)) as chunks:
            with recording(taken):
                await anext(chunks)
    except Exception as exc:
        if not isinstance(_root(exc), NotSent):
            raise fault_of(exc) from exc
    return taken.request


def canonical(call: ChatCall) -> bytes:
    """Return the messages as JSON, for a model that takes no request over a wire."""
    messages = [asdict(message) for message in call.messages]
    return json.dumps(messages, ensure_ascii=False, separators=(",", ":")).encode()


async def _ask(model: OpenChatModel, call: ChatCall) -> AsyncGenerator[AIMessageChunk]:
    messages = model.to_messages(call.messages, call.images)
    async for chunk in model.chat_model.astream(messages, **model.parameters(model.ref.name, call.sampling)):
        if not isinstance(chunk, AIMessageChunk):
            raise Fault(FaultKind.DAMAGED)
        yield chunk


async def _next(chunks: AsyncIterator[AIMessageChunk], limit: float, ends: float) -> AIMessageChunk | None:
    """Return the next chunk before *limit*, None at the end."""
    try:
        async with asyncio.timeout(max(0.0, limit - time.monotonic())):
            return await anext(chunks, None)
    except TimeoutError:
        raise Fault(FaultKind.OUT_OF_TIME if limit >= ends else FaultKind.SILENT) from None


def _storable(text: str) -> str:
    """Return *text* without what no database takes: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _root(error: BaseException) -> BaseException:
    while (behind := error.__cause__ or error.__context__) is not None:
        error = behind
    return error
