"""A server on loopback that speaks OpenAI's streaming chat completions, well or badly, as a test scripts it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from service.settings import Settings


class OpenAiServer:
    """Answers each request with the script's next pieces; keeps what it was asked."""

    def __init__(self, pieces: list[str], finish: str | None = "stop", status: int = 200, pause_s: float = 0.0) -> None:
        self.pieces, self.finish, self.status, self.pause_s = pieces, finish, status, pause_s
        self.asked: list[dict[str, Any]] = []
        self.was_asked = threading.Event()
        self.url = ""

    @property
    def settings(self) -> Settings:
        """Settings of a service whose chat model this is."""
        return Settings(openai_base_url=self.url)

    def body(self) -> Iterator[bytes]:
        for piece in self.pieces:
            time.sleep(self.pause_s)
            yield self._chunk({"content": piece}, None)
        if self.finish:
            yield self._chunk({}, self.finish)
            yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, str], finish: str | None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        return b"data: " + json.dumps(chunk).encode() + b"\n\n"


@contextmanager
def running(script: OpenAiServer) -> Iterator[OpenAiServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            script.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            script.was_asked.set()
            self.send_response(script.status)
            self.send_header("Content-Type", "text/event-stream" if script.status == 200 else "application/json")
            self.end_headers()
            try:
                for chunk in script.body() if script.status == 200 else [b'{"error": {"message": "no"}}']:
                    self.wfile.write(chunk)
                    self.wfile.flush()
            except OSError:
                return  # The client hung up, as some tests want it to.

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
