"""Measures what a reply costs beyond its chat model: the service as `aplomb serve` starts it, asked over HTTP."""

import asyncio
import json
import os
import shutil
import socket
import sys
import tempfile
from bisect import bisect_right
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from scripts.measures.knowledge import metrics
from scripts.measures.knowledge.filled_base import BRAND, questions, written
from scripts.measures.replies.reply_driver import WARM

ROOT = Path(__file__).resolve().parents[3]
_PAUSE_S = 0.005
_READY_S = 120.0
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Place:
    folder: Path
    """For what is written while measuring."""
    data: Path
    """The service's data directory, with the filled base."""


async def overhead(passages: int, replies: int = 400) -> dict[str, float]:
    """
    Return milliseconds beyond the model on a base of so many passages (see filled_base), and replies a second.

    `overhead`: a plain reply, one client, the loopback model's own time (which it takes none of) included.
    `first_sentence`: from the end of the model's first statement on its wire to the customer's, the model pausing 5 ms
    between words. `replies_per_s`: sixteen clients at once. `cpu`: what all threads of the service compute for a reply.
    Client, service and model are three processes; the service has its own settings, log and guards, as a user's.
    """
    with tempfile.TemporaryDirectory(prefix="aplomb-overhead-") as folder, written(passages) as data:
        place, asked = Place(Path(folder), data), Path(folder) / "questions.json"
        texts = await asyncio.to_thread(questions, data, passages, replies)
        asked.write_text(json.dumps(texts), "utf-8")
        async with _served(place, 0.0) as (url, _, service):
            await _drive(url, asked, 1, replies // 4)
            one = await _computed(service, _drive(url, asked, 1, replies))
            many = await _computed(service, _drive(url, asked, 16, replies))
        async with _served(place, _PAUSE_S) as (url, model, _):
            streamed = await _drive(url, asked, 1, replies // 8, sse=True)
            async with httpx.AsyncClient() as client:
                marks = (await client.get(f"{model}/marks")).json()
    delays = _delays(streamed["firsts"], marks)
    stages = {f"stage_{name}_ms": metrics.percentile(values, 0.5) for name, values in one["stages"].items()}
    return {
        "passages": float(passages),
        "overhead_p50_ms": metrics.percentile(one["ms"], 0.5),
        "overhead_p95_ms": metrics.percentile(one["ms"], 0.95),
        "cpu_ms": one["cpu_ms"],
        "first_sentence_p50_ms": metrics.percentile(delays, 0.5),
        "first_sentence_p95_ms": metrics.percentile(delays, 0.95),
        "replies_per_s": len(many["ms"]) / many["took_s"],
        "p95_at_16_ms": metrics.percentile(many["ms"], 0.95),
        "cpu_at_16_ms": many["cpu_ms"],
        "not_201": float(one["failed"] + many["failed"] + streamed["failed"]),
        **stages,
    }


@asynccontextmanager
async def _served(place: Place, pause_s: float) -> AsyncIterator[tuple[str, str, int]]:
    """Serve the data in *place* with a loopback model; give the service's address, the model's, and its process."""
    model = await _started(
        "-m", "scripts.measures.replies.loopback_model", str(pause_s), stdout=asyncio.subprocess.PIPE
    )
    try:
        port = await model.stdout.readline() if model.stdout else b""
        model_url = f"http://127.0.0.1:{int(port)}"
        settings = {
            "APLOMB_DATA_DIR": str(place.data),
            "APLOMB_PROMPTS_DIR": str(_prompts(place.folder)),
            "APLOMB_MIN_ANSWERABILITY": "0",
            "APLOMB_LOG_FORMAT": "json",
            "OPENAI_BASE_URL": f"{model_url}/v1",
        }
        with (place.folder / "service.log").open("ab") as log:
            own = str(_free_port())
            command = ("-m", "service", "serve", "--json", "--port", own)
            service = await _started(*command, stderr=log, stdout=log, **settings)
            try:
                await _ready(service, f"http://127.0.0.1:{own}")
                yield f"http://127.0.0.1:{own}", model_url, service.pid
            finally:
                await _ended(service)
    finally:
        await _ended(model)


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()


async def _started(*arguments: str, stdout: Any, stderr: Any = None, **settings: str) -> asyncio.subprocess.Process:  # noqa: ANN401 - a file or a constant
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env=os.environ | settings, stdout=stdout, stderr=stderr
    )


async def _ready(service: asyncio.subprocess.Process, url: str) -> None:
    """Wait until every part of the service says that it is ready, the vector index included."""
    async with httpx.AsyncClient(timeout=_READY_S) as client, asyncio.timeout(_READY_S):
        while service.returncode is None:
            try:
                checks = (await client.get(f"{url}/readyz")).json()["checks"]
            except httpx.TransportError:
                checks = {"service": "starting"}
            if all(state == "ready" for state in checks.values()):
                return
            await asyncio.sleep(0.2)
    raise RuntimeError("the service ended before it was ready")


def _prompts(folder: Path) -> Path:
    """Return the folder of the shipped prompts with the one brand that has articles."""
    copied = folder / "prompts"
    if not copied.exists():
        shutil.copytree(ROOT / "prompts", copied)
        for file in (copied / "brands").glob("*.yaml"):
            if file.stem != BRAND:
                file.unlink()
    return copied


async def _drive(url: str, asked: Path, clients: int, count: int, *, sse: bool = False) -> dict[str, Any]:
    arguments = (url, str(asked), str(count), str(clients), str(int(sse)))
    driver = await _started("-m", "scripts.measures.replies.reply_driver", *arguments, stdout=asyncio.subprocess.PIPE)
    out, _ = await driver.communicate()
    seen: dict[str, Any] = json.loads(out)
    return seen


async def _computed(service: int, driving: Any) -> dict[str, Any]:  # noqa: ANN401 - what _drive returns
    """Return what *driving* saw, and the milliseconds that the process *service* computed meanwhile for a reply."""
    before = _cpu_s(service)
    seen: dict[str, Any] = await driving
    return seen | {"cpu_ms": (_cpu_s(service) - before) * 1000 / (len(seen["ms"]) + WARM)}


def _cpu_s(process: int) -> float:
    """Return the seconds that all threads of *process* have computed (Linux)."""
    ticks = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) * _TICK_S


def _delays(heard: Sequence[tuple[float, float]], marks: Sequence[tuple[float, float]]) -> list[float]:
    """
    Return milliseconds from each of the model's first statements to the customer's, where both are there.

    A reply belongs to the last answer of the model that ended before it did: some replies ask no model.
    """
    ends = [end for _, end in marks]
    pairs = [(at, marks[bisect_right(ends, ended) - 1][0]) for at, ended in heard if at]
    return [(at - before) * 1000 for at, before in pairs if before]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
