"""Measures a whole service on a base of any size: how soon it is ready, how fast it finds, what memory it takes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from scripts.measures.knowledge import metrics
from scripts.measures.knowledge.filled_base import BRAND, questions, written

_ROOT = Path(__file__).resolve().parents[3]
_PATIENCE_S = 300.0
_PAUSE_S = 0.01


@dataclass(frozen=True, slots=True)
class Started:
    pid: int
    client: httpx.Client
    ready_s: float
    """From the start of the process to the first `ready` of /readyz."""
    computing_s: float
    """What all its threads computed until then."""


def starting(passages: int, kept: Path | None = None, rounds: int = 3, asked: int = 300) -> dict[str, float]:
    """
    Start `aplomb serve` on a filled base *rounds* times, and ask the last one *asked* questions over HTTP.

    Seconds count from the start of the process, of the rounds the fastest; memory is that of the service's process.
    """
    with written(passages, kept) as place:
        texts = questions(place, passages, asked)
        firsts = [_first_s(place, texts[0]) for _ in range(rounds)]
        with serving(place) as service:
            _ask(service, texts[0])
            _until_open(service.client)
            times = [_ask(service, text) for text in texts]
            now, peak = memory_mb(service.pid)
    return {
        "passages": passages,
        "ready_s": min(ready for ready, _, _ in firsts),
        "ready_computing_s": min(computing for _, computing, _ in firsts),
        "ready_and_found_s": min(ready + found for ready, _, found in firsts),
        "p50_ms": metrics.percentile(times, 0.5) * 1000,
        "p95_ms": metrics.percentile(times, 0.95) * 1000,
        "memory_mb": now,
        "peak_memory_mb": peak,
    }


@contextmanager
def serving(data_dir: Path) -> Iterator[Started]:
    """Start the command in a process of its own, on a free port, and stop it as a service manager does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = "from service.cli.commands import main; main()"
    environment = {**os.environ, "APLOMB_DATA_DIR": str(data_dir), "PYTHONPATH": str(_ROOT)}
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", program, "serve", "--port", str(port), "--json"],
        env=environment, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_PATIENCE_S, trust_env=False) as client:
            _until_ready(client, process)
            yield Started(process.pid, client, time.perf_counter() - started, _computed_s(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(_PATIENCE_S)


def memory_mb(pid: int) -> tuple[float, float]:
    """Return what a process holds now, and what it held at most; zeros where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0, 0.0
    told = dict(line.split(":", 1) for line in status.read_text().splitlines())
    now, peak = (int(told[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, peak


def _first_s(place: Path, text: str) -> tuple[float, float, float]:
    """Return the seconds until a service is ready, what it computed until then, and what the first find took."""
    with serving(place) as service:
        return service.ready_s, service.computing_s, _ask(service, text)


def _computed_s(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    # After the command's name, which may hold spaces: the 12th and 13th fields are ticks as user and as system.
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(service: Started, text: str) -> float:
    start = time.perf_counter()
    answer = service.client.get("/v1/knowledge/search", params={"brand": BRAND, "q": text}).raise_for_status()
    took = time.perf_counter() - start
    if not answer.json()["passages"]:
        raise RuntimeError("nothing was found")
    return took


def _until_ready(client: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(_PAUSE_S)
    raise RuntimeError(f"the service ended with {process.returncode}")


def _until_open(client: httpx.Client) -> None:
    while client.get("/readyz").json()["checks"]["vectors"] != "ready":
        time.sleep(_PAUSE_S)
