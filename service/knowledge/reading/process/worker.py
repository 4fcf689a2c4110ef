"""The parent's side of the child process: sends it files, waits a bounded time, replaces it when it is gone."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from service.errors import KnowledgeError

_ROOT = Path(__file__).resolve().parents[4]
MAX_ANSWER = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost."""

    memory_mb: int = 512
    """Over what the reader needs for itself."""
    cpu_s: int = 20
    wall_s: float = 90.0
    """More than the computing time: the machine may be busy with other things."""


DEFAULT_LIMITS = Limits()


class Worker:
    """One child process, started when the first file comes; a context manager that ends it."""

    def __init__(self, limits: Limits, archive: int | None = None) -> None:
        """*archive* is the descriptor of an open zip file whose members will be asked for."""
        self._limits = limits
        self._archive = archive
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def send(self, job: Mapping[str, object], data: bytes = b"") -> None:
        """
        Hand over one job; its answer must be received before the next is sent.

        Raises:
            KnowledgeError: The child process cannot be started, which is no file's fault.
        """
        process = self._process = self._process or self._start()
        try:
            _input(process).write(json.dumps({**job, "size": len(data)}).encode() + b"\n" + data)
            _input(process).flush()
        except BrokenPipeError:
            return  # receive() finds out how it died

    def receive(self) -> dict[str, Any]:
        """Return the answer; a child that died or hangs is an answer too: a refusal."""
        if self._process is None:
            return {"refusal": "The reader is not running."}
        line = self._line(self._process)
        if line is None:
            return {"refusal": self._cause_of_death(self._process)}
        answer: dict[str, Any] = json.loads(line)
        if answer.get("worn"):
            self._stop()
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "service.knowledge.reading.process.child"]
        command += [str(self._limits.memory_mb), str(self._limits.cpu_s)]
        descriptors = () if self._archive is None else (self._archive,)
        # The child inherits no setting and no secret, only where its code lies.
        process = subprocess.Popen(  # noqa: S603
            [*command, *map(str, descriptors)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=descriptors,
            env={
                "PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)]),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONUTF8": "1",
            },
            cwd="/",
        )
        if self._line(process) is None:
            process.kill()
            process.communicate()
            raise KnowledgeError("The process that reads files cannot be started.")
        return process

    def _line(self, process: subprocess.Popen[bytes]) -> bytes | None:
        deadline = time.monotonic() + self._limits.wall_s
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            output = process.stdout.fileno() if process.stdout else -1
            selector.register(output, selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                piece = os.read(output, 1 << 20)
                received += piece
                if piece.endswith(b"\n"):
                    return bytes(received)
                if not piece or len(received) > MAX_ANSWER:
                    break
        return None

    def _cause_of_death(self, process: subprocess.Popen[bytes]) -> str:
        try:
            # Its output is closed: it is ending, or it hangs.
            code = process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            code = None
        self._stop()
        if code is None:
            return f"Reading the file took longer than {self._limits.wall_s:.0f} seconds."
        if code == -signal.SIGXCPU:
            return f"Reading the file took more than {self._limits.cpu_s} seconds of computing; split it."
        if code in (-signal.SIGKILL, -signal.SIGABRT):
            return "The file needs more memory than reading may take."
        return "The file made its reader crash; it seems damaged."

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _input(process: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401 - typeshed calls a pipe IO[bytes] | None
    return process.stdin
