"""Lets work run in forks of this process, which has everything imported and one thread."""

import asyncio
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

Tell: TypeAlias = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Try:
    number: int
    """From 1."""
    strike: int
    """The number of the call at which it strikes."""


@dataclass(frozen=True)
class Ended:
    told: list[dict[str, Any]]
    status: int
    """0, or the signal that ended it, negative."""


def tell_all(attempt: Callable[[Try, Tell], Coroutine[None, None, None]], stride: int) -> None:
    """Print a line of JSON for a try at every *stride*-th call, until one comes after the last call."""
    for number in count(1):
        this = Try(number, 1 + (number - 1) * stride)
        ended = in_a_fork(lambda tell, this=this: asyncio.run(attempt(this, tell)))  # type: ignore[misc]
        said: dict[str, Any] = {}
        for told in ended.told:
            said |= told
        said["wrong"] = [told["wrong"] for told in ended.told if "wrong" in told]
        if ended.status not in {0, -signal.SIGKILL}:
            said["wrong"].append(f"the process ended with {ended.status}")
        sys.stdout.write(json.dumps({"strike": this.strike, "status": ended.status, **said}) + "\n")
        sys.stdout.flush()
        if "struck" in said and said["struck"] is None:
            return


def in_a_fork(work: Callable[[Tell], None], within_s: float = 120.0) -> Ended:
    """Return what *work* told until it ended, was killed, or had not ended in time: then it is aborted."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _run(work, writing)
    os.close(writing)
    data, ends = b"", time.monotonic() + within_s
    while select.select([reading], [], [], max(0.0, ends - time.monotonic()))[0]:
        part = os.read(reading, 65536)
        if not part:
            break
        data += part
    else:
        os.kill(child, signal.SIGABRT)
    os.close(reading)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return Ended([json.loads(line) for line in data.splitlines() if line.endswith(b"}")], status)


def _run(work: Callable[[Tell], None], writing: int) -> None:
    def tell(said: dict[str, Any]) -> None:
        os.write(writing, json.dumps(said).encode() + b"\n")

    status = 1
    try:
        work(tell)
        status = 0
    except BaseException as exc:  # noqa: BLE001 - told to the parent, for which it is a finding
        tell({"wrong": "".join(traceback.format_exception(exc))})
    finally:
        os._exit(status)
