"""A chat model on loopback that does what its name says: answers, refuses, is filtered, breaks off, or is slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from scripts.measures.replies.loopback_model import LoopbackModel

_SLOW_S = 0.02


class MoodyModel(LoopbackModel):
    """Names: `good`, `refused` (400), `filtered`, `cut` (no finish reason), `slow` (a pause before each word)."""

    def __init__(self) -> None:
        super().__init__(0)

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        name = request["model"]
        if name == "refused":
            said = b'{"error": {"message": "no", "type": "invalid_request_error"}}'
            head = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            writer.write(head % len(said) + said)
            await writer.drain()
            return
        self.finish = {"filtered": "content_filter", "cut": None}.get(name, "stop")
        self.pause_s = _SLOW_S if name == "slow" else 0.0
        await super()._answer(request, writer)


@asynccontextmanager
async def moody() -> AsyncIterator[str]:
    """Serve one on a free port; give its address."""
    server = await asyncio.start_server(lambda reader, writer: MoodyModel().serve(reader, writer), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        server.close()
