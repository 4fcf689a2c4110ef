"""A server on loopback that answers each request as the test scripted it, byte for byte and pause for pause."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Scripted:
    """One answer; the first piece of the body leaves after `pause_s`, as does each next."""

    body: Iterable[bytes]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    pause_s: float = 0.0


@dataclass
class ScriptedServer:
    """Gives its answers in order, the last one again and again; keeps what it was sent."""

    answers: list[Scripted]
    bodies: list[bytes] = field(default_factory=list)
    answered: list[bytes] = field(default_factory=list)
    url: str = ""

    def wait_for(self, requests: int, timeout_s: float = 10.0) -> None:
        """Return once so many requests have come."""
        ends = time.monotonic() + timeout_s
        while len(self.bodies) < requests and time.monotonic() < ends:
            time.sleep(0.005)

    def next(self, body: bytes) -> Scripted:
        self.bodies.append(body)
        return self.answers[min(len(self.bodies), len(self.answers)) - 1]


@contextmanager
def scripted(*answers: Scripted) -> Iterator[ScriptedServer]:
    script = ScriptedServer(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = script.next(self.rfile.read(int(self.headers["Content-Length"])))
            sent = b""
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in answer.body:
                    time.sleep(answer.pause_s)
                    self.wfile.write(piece)
                    self.wfile.flush()
                    sent += piece
            except OSError:
                return  # The client hung up, as some tests want it to.
            finally:
                script.answered.append(sent)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # Otherwise closing would wait for answers that are scripted to take long.
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
