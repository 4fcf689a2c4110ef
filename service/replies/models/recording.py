"""The exact bytes that went to a chat model and came back, taken where they enter and leave the HTTP client."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import httpx2

from service.domain import Exchange
from service.replies.models.faults import Fault, FaultKind

MAX_RESPONSE_BYTES = 6_000_000
"""Of one answer; 8 192 tokens, each in an event of its own, make about 3 MB."""

_CONNECT_S = 5.0


class NotSent(Exception):  # noqa: N818 - a sign, no error: the request was wanted, not its answer
    """The request was taken down and stays here."""


@dataclass(slots=True)
class Recording:
    """What one attempt sent and got; headers, and errors' bodies, which may name a key, are never part of it."""

    sends: bool = True
    """False lets the call end in NotSent instead."""
    request: bytes = b""
    response: bytearray = field(default_factory=bytearray)
    stream: httpx2.AsyncByteStream | None = None

    async def close(self) -> None:
        """Hang up: an SDK that stumbles over an event leaves its connection open."""
        if self.stream is not None:
            await self.stream.aclose()

    def exchange(self) -> Exchange:
        return Exchange(request=self.request, response=bytes(self.response))


_RECORDING: ContextVar[Recording | None] = ContextVar("chat_model_recording", default=None)


@contextmanager
def recording(taken: Recording) -> Iterator[None]:
    """Take down into *taken* what this task's next call sends and gets."""
    token = _RECORDING.set(taken)
    try:
        yield
    finally:
        _RECORDING.reset(token)


def recording_client(timeout_s: float) -> httpx2.AsyncClient:
    """Return the HTTP client for a provider's SDK; one connection pool for each."""
    timeout = httpx2.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s))
    # Uncompressed, so that the bytes that are kept can be read.
    return httpx2.AsyncClient(
        transport=_RecordingTransport(), timeout=timeout, headers={"Accept-Encoding": "identity"}, trust_env=False
    )


class _RecordingTransport(httpx2.AsyncHTTPTransport):
    def __init__(self) -> None:
        super().__init__(limits=httpx2.Limits(max_connections=None, max_keepalive_connections=32))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        taken = _RECORDING.get()
        if taken is None:
            return await super().handle_async_request(request)
        taken.request = await request.aread()
        taken.response.clear()
        if not taken.sends:
            raise NotSent
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - an asynchronous transport has no other
        # Refusals quote what they refuse, a wrong key among it: what comes back with an error is not kept.
        kept = taken if response.is_success else Recording()
        response.stream = taken.stream = _RecordedStream(response.stream, kept)
        return response


class _RecordedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, taken: Recording) -> None:
        self._stream = stream
        self._taken = taken

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            self._taken.response += part
            if len(self._taken.response) > MAX_RESPONSE_BYTES:
                raise Fault(FaultKind.TOO_LARGE)
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
