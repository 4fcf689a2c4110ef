"""One process ingests while another serves: what was ingested is what is found, at once."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.conftest import empty
from tests.knowledge.voucher import BRAND, QUESTION, revisions

CHECKOUT = Path(__file__).parents[3]
PROBES = int(os.environ.get("APLOMB_PROBES", "300"))
_REVISIONS = 5
_LATE_S = 1.0
_PATIENCE_S = 120.0


@dataclass
class Told:
    """The revisions whose ingest has returned, each with the moment; the newest last."""

    returned: list[tuple[float, int]] = field(default_factory=list)

    def newest_at(self, moment: float) -> int:
        return max((revision for at, revision in list(self.returned) if at <= moment), default=0)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("way", ["handed over", "on servers"])
def test_no_answer_is_stale(way: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """
    A second after an ingest has returned, every search in the other process finds its revision, alone.

    The ingest is handed over to the service where they share a data directory, and writes by itself where both use
    PostgreSQL and a Chroma server.
    """
    shared = {"APLOMB_EMBEDDINGS": "hashed", "APLOMB_KNOWLEDGE_DIR": str(tmp_path / "none")}
    own = {"APLOMB_DATA_DIR": str(tmp_path / "served")}
    if way == "on servers":
        empty(request.getfixturevalue("postgres_url"))
        shared |= {"DATABASE_URL": request.getfixturevalue("postgres_url"), "APLOMB_CHROMA_URL": chroma(request)}
        own = {"APLOMB_DATA_DIR": str(tmp_path / "ingesting")}
    with served(shared | {"APLOMB_DATA_DIR": str(tmp_path / "served")}) as client, ingesting(shared | own) as told:
        until(lambda: bool(told.returned))
        seen = list[tuple[bool, bool]]()
        while len(seen) < PROBES or len(told.returned) < _REVISIONS:
            seen.append(probed(client, told))
    late, at_once = (sum(each) for each in zip(*seen, strict=True))
    revisions_told = len(told.returned)
    sys.stdout.write(f"{way}: {len(seen)} probes, {revisions_told} revisions, stale at once {at_once}, later {late}\n")
    assert late == 0


def probed(client: httpx.Client, told: Told) -> tuple[bool, bool]:
    """Ask, and say whether the answer is older than what had returned a second before, and than what had just then."""
    asked = time.monotonic()
    at_once, a_second_ago = told.newest_at(asked), told.newest_at(asked - _LATE_S)
    answer = client.get("/v1/knowledge/search", params={"brand": BRAND, "q": QUESTION}).raise_for_status().json()
    [revision] = revisions([passage["text"] for passage in answer["passages"]])
    return revision < a_second_ago, revision < at_once


@contextmanager
def served(environment: dict[str, str]) -> Iterator[httpx.Client]:
    port = free_port()
    with (
        running(["-m", "service", "serve", "--port", str(port), "--json"], environment) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE_S, trust_env=False) as client,
    ):
        until(lambda: is_ready(client, process))
        yield client


@contextmanager
def ingesting(environment: dict[str, str]) -> Iterator[Told]:
    told = Told()
    with running(["-m", "tests.knowledge.voucher"], environment, stdout=subprocess.PIPE) as process:
        listening = threading.Thread(target=listen, args=(process, told), daemon=True)
        listening.start()
        yield told
    listening.join()


def listen(process: "subprocess.Popen[bytes]", told: Told) -> None:
    assert process.stdout
    for line in process.stdout:
        if line.strip().isdigit():
            told.returned.append((time.monotonic(), int(line)))


@contextmanager
def running(
    arguments: list[str], environment: dict[str, str], stdout: int = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=CHECKOUT, env=os.environ | environment, stdout=stdout,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def is_ready(client: httpx.Client, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "the service ended"
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


def chroma(request: pytest.FixtureRequest) -> str:
    """Start Chroma's own server until the test ends; return its address."""
    port = free_port()
    directory = request.getfixturevalue("tmp_path") / "chroma"
    process = subprocess.Popen(
        [Path(sys.executable).with_name("chroma"), "run", "--path", directory, "--port", str(port),
         "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    request.addfinalizer(process.wait)
    request.addfinalizer(process.kill)
    until(lambda: is_listening(port))
    return f"http://127.0.0.1:{port}"


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)
