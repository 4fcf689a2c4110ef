"""Asks a running service for replies from a process of its own, and prints as JSON what its clients see."""

import json
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.measures.knowledge.filled_base import BRAND

WARM = 10
"""Replies that are asked for first and not counted."""


@dataclass(slots=True)
class Seen:
    """One reply as its client saw it."""

    ms: float
    first: float
    """Monotonic seconds of the first sentence; 0 without one, or when the reply came whole."""
    ended: float
    """Monotonic seconds."""
    answer: bytes

    @property
    def stages(self) -> dict[str, float]:
        return dict(json.loads(self.answer)["timings_ms"]) if self.answer.startswith(b"{") else {}


@dataclass(slots=True)
class Client:
    """
    One connection, kept open.

    The standard library's, since what a client computes it takes from the cores that the service has.
    """

    connection: HTTPConnection
    accept: str
    seen: list[Seen] = field(default_factory=list)

    def ask_all(self, questions: Iterable[str]) -> None:
        for question in questions:
            self.seen.append(self._ask(question))

    def _ask(self, question: str) -> Seen:
        body = json.dumps({"brand": BRAND, "ticket": {"messages": [{"text": question}]}})
        began, first, answer = time.monotonic(), 0.0, b""
        headers = {"Content-Type": "application/json", "Accept": self.accept}
        self.connection.request("POST", "/v1/replies", body, headers)
        response = self.connection.getresponse()
        while not response.isclosed():
            answer += response.read1() if response.chunked else response.read()
            if not first and b"event: sentence" in answer:
                first = time.monotonic()
        ended = time.monotonic()
        return Seen((ended - began) * 1000, first, ended, answer)


def drive(url: str, questions: list[str], clients: int, *, sse: bool) -> dict[str, Any]:
    """Return milliseconds, first sentences and stages of a reply to each of *questions*, so many asked at once."""
    place = urlsplit(url).netloc
    accept = "text/event-stream" if sse else "application/json"
    connected = [Client(HTTPConnection(place, timeout=60), accept) for _ in range(clients)]
    connected[0].ask_all(questions[:WARM])
    connected[0].seen.clear()
    asked = iter(questions)
    began = time.monotonic()
    with ThreadPoolExecutor(clients) as threads:
        # The lock of the interpreter makes one iterator safe for all: each question is taken once.
        list(threads.map(lambda client: client.ask_all(asked), connected))
    took_s = time.monotonic() - began
    seen = [each for client in connected for each in client.seen]
    stages = [each.stages for each in seen]
    return {
        "ms": [each.ms for each in seen],
        "firsts": [(each.first, each.ended) for each in seen],
        "stages": {name: [stage[name] for stage in stages if stage] for name in (stages[0] if stages else ())},
        "failed": sum(b"finished" not in each.answer for each in seen),
        "took_s": took_s,
    }


if __name__ == "__main__":
    _, service_url, file, wanted, at_once, streamed = sys.argv
    texts = json.loads(Path(file).read_text("utf-8"))[: int(wanted)]
    print(json.dumps(drive(service_url, texts, int(at_once), sse=streamed == "1")))
