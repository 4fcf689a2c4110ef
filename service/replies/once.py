"""Exactly once: whoever repeats a request under its key gets the reply that there is, and no chat model is asked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from copy import copy
from dataclasses import dataclass, replace
from typing import Protocol, Self

from service.domain import Finding, LoggedReply, ReplyState, Ticket
from service.errors import (
    RequestKeyMismatchError,
    RequestRunningError,
    ServiceError,
    StaleDraftError,
)
from service.replies.events import PassagesFound, ReplyEvent, ReplyFinished, ReplyStarted, SentenceWritten
from service.replies.privacy.filling import spoken
from service.replies.writer import ReplyWriter
from service.reply_log.once import Answered, RequestKey


class Keys(Protocol):
    async def answered(self, key: RequestKey) -> Answered | None: ...
    async def newest_message(self, key: RequestKey) -> int: ...


class Log(Protocol):
    async def get(self, reply_id: str) -> LoggedReply: ...


_WHOLE = frozenset({ReplyState.FINISHED, ReplyState.INCOMPLETE})


@dataclass(frozen=True, slots=True)
class _Running:
    fingerprint: str
    reply_id: asyncio.Future[str]


class OnceWriter:
    """Writes a reply for a key, or finds the one that was written; within a process duplicates wait for the first."""

    def __init__(self, writer: ReplyWriter, keys: Keys, log: Log) -> None:
        self._writer = writer
        self._keys = keys
        self._log = log
        self._running: dict[tuple[str, str], _Running] = {}

    def only(self, writer: ReplyWriter, log: Log) -> Self:
        """Return the same for who sees what *writer* and *log* see only; duplicates still find each other."""
        seen = copy(self)
        seen._writer, seen._log = writer, log  # noqa: SLF001 - a copy of our own kind
        return seen

    async def events(self, ticket: Ticket, key: RequestKey, *, streamed: bool) -> AsyncGenerator[ReplyEvent]:
        """
        Yield the events of the reply; the first one says whether they are an earlier reply's, told again.

        Raises:
            RequestKeyMismatchError: The key was used for another request.
            RequestRunningError: Another process is writing this reply now.
            StaleDraftError: The customer wrote again since.
            ServiceError: What writing raises; the key is free again then.
        """
        place = (key.scope, key.key)
        while running := self._running.get(place):
            _compare(running.fingerprint, key)
            await asyncio.wait({running.reply_id})
            if not running.reply_id.cancelled():
                for event in retold(await self._log.get(running.reply_id.result())):
                    yield event
                return
        # From here to the end of the reply this request is the only one under its key: nothing was awaited since.
        running = self._running[place] = _Running(key.fingerprint, _future())
        try:
            async with aclosing(self._told(ticket, key, streamed=streamed)) as events:
                async for event in events:
                    if isinstance(event, ReplyFinished):
                        running.reply_id.set_result(event.reply.id)
                    yield event
        except ServiceError as exc:
            running.reply_id.set_exception(exc)
            raise
        finally:
            running.reply_id.cancel()
            del self._running[place]

    async def _told(self, ticket: Ticket, key: RequestKey, *, streamed: bool) -> AsyncGenerator[ReplyEvent]:
        answered = await self._keys.answered(key)
        if answered:
            earlier = await self._earlier(answered, key)
            if earlier:
                for event in retold(earlier):
                    yield event
                return
            key = replace(key, instead_of=answered.reply_id)
        if key.messages and await self._keys.newest_message(key) > key.messages:
            raise StaleDraftError("The customer wrote again since: ask for a reply to the newest message.")
        async with aclosing(self._writer.events(ticket, streamed=streamed, key=key)) as events:
            async for event in events:
                yield event

    async def _earlier(self, answered: Answered, key: RequestKey) -> LoggedReply | None:
        """Return the reply that the key led to; None when nobody ever got it whole."""
        _compare(answered.fingerprint, key)
        logged = await self._log.get(answered.reply_id)
        if logged.reply.state is ReplyState.PENDING:
            raise RequestRunningError("This reply is being written; ask again in a moment.")
        return logged if logged.reply.state in _WHOLE else None


def _future() -> asyncio.Future[str]:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    # Nobody may be waiting: an exception that nobody fetched is no fault then.
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future


def retold(logged: LoggedReply) -> list[ReplyEvent]:
    """Return the events of a reply that is written, as its first reader got them."""
    reply = spoken(logged)
    finding = Finding(passages=reply.passages, answerability=reply.answerability, generation=reply.generation)
    sentences = [SentenceWritten(sentence) for sentence in reply.sentences]
    return [
        ReplyStarted(reply.id, reply.language, reply.prompt, replayed=True),
        PassagesFound(finding),
        *sentences,
        ReplyFinished(reply),
    ]


def _compare(fingerprint: str, key: RequestKey) -> None:
    if fingerprint != key.fingerprint:
        raise RequestKeyMismatchError("This key was used for another request: send a new key with a new body.")
