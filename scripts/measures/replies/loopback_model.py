"""A chat model without a delay, as a process of its own: it quotes three sentences of the first passage it is sent."""

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterator
from typing import Any

_PASSAGE = re.compile(r'<passage-(\w{8}) id="1"[^>]*>\n(.*?)\n</passage-\1>', re.DOTALL)
_SENTENCES = 3
_LIFETIME_S = 1800
_STARTED = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "loopback"}


class LoopbackModel:
    """Keeps, for each answer, when its first statement and its last piece were on the wire (monotonic seconds)."""

    def __init__(self, pause_s: float) -> None:
        self.pause_s = pause_s
        self.finish: str | None = "stop"
        """The finish reason; None leaves it out, as a stream that breaks off does."""
        self._marks: list[tuple[float, float]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = re.search(rb"content-length: (\d+)", head)
                body = await reader.readexactly(int(length.group(1))) if length else b""
                if head.startswith(b"get"):
                    marks = json.dumps(self._marks).encode()
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(marks), marks))
                else:
                    await self._answer(json.loads(body), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        # Without a pause everything leaves at once: what a model takes to write it is not the service's time.
        written = [b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"]
        first = 0.0
        for piece in _pieces(json.dumps(request, ensure_ascii=False)):
            written.append(_event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}))
            if self.pause_s:
                writer.writelines(written)
                written.clear()
                await writer.drain()
                await asyncio.sleep(self.pause_s)
            if piece.startswith("[1]") and not first:
                first = time.monotonic()
        if self.finish:
            written.append(_event({"choices": [{"index": 0, "delta": {}, "finish_reason": self.finish}]}))
        usage = {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960}
        writer.writelines([*written, _event({"choices": [], "usage": usage}), b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"])
        await writer.drain()
        self._marks.append((first, time.monotonic()))


def _pieces(request: str) -> Iterator[str]:
    found = _PASSAGE.search(request.replace("\\n", "\n").replace('\\"', '"'))
    sentences = re.findall(r"[^.#]+\.", found.group(2))[:_SENTENCES] if found else ["Nothing."]
    answer = "Hi there,\n\n" + " ".join(f"{sentence.strip()} [1]" for sentence in sentences)
    return (piece.group() for piece in re.finditer(r"\S+\s*", answer))


def _event(chunk: dict[str, object]) -> bytes:
    data = b"data: " + json.dumps(_STARTED | chunk).encode() + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(data), data)


async def _main(pause_s: float) -> None:
    model = LoopbackModel(pause_s)
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server, asyncio.timeout(_LIFETIME_S):
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1])))
