"""Whichever call into database, files, network or models fails, or is the last of the process: nothing is half."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.faults.desk import ANSWER
from tests.replies.openai_server import OpenAiServer, running

STRIDE = os.environ.get("APLOMB_CALLS", "12")
"""Every so many calls; with 1 all of them (BENCHMARKS.md has the figures)."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(7200),
    pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True),
]


@contextmanager
def served_model(model: str) -> Iterator[list[str]]:
    if model == "extractive":
        yield []
        return
    with running(OpenAiServer(ANSWER)) as server:
        yield [server.url]


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes that a test starts take it from their environment."""
    if not database_url.startswith("sqlite"):
        monkeypatch.setenv("DATABASE_URL", database_url)


def tries(script: str, *arguments: str) -> list[dict[str, Any]]:
    """Return what became of each try, once no call was left; show the figures to who runs pytest with -s."""
    run = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{script}", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    told = [json.loads(line) for line in run.stdout.splitlines()]
    assert told[-1]["struck"] is None
    assert len(told) > 1
    sys.stdout.write(f"{script} {arguments[1:]}: {len(told) - 1} tries of {sum(told[-1]['calls'].values())} calls\n")
    return told


@pytest.mark.parametrize(
    ("way", "reading", "model"),
    [
        ("raise", "plain", "extractive"),
        ("raise", "stream", "openai"),
        ("kill", "plain", "openai"),
        ("kill", "stream", "extractive"),
    ],
)
@pytest.mark.usefixtures("database")
def test_a_reply_is_whole_or_not_there(place: Path, way: str, reading: str, model: str) -> None:
    """What was given is in the log once, what was not is no half reply, and its key gives a reply on the next try."""
    with served_model(model) as url:
        told = tries("one_reply", str(place), way, reading, STRIDE, *url)
    assert [each for each in told if each["wrong"]] == []


@pytest.mark.parametrize("way", ["raise", "kill"])
@pytest.mark.usefixtures("database")
def test_an_ingest_is_done_or_not(place: Path, way: str) -> None:
    """The old articles are served or the new ones, whole, and the next run finishes the work."""
    told = tries("one_ingest", str(place), way, STRIDE)
    assert [each for each in told if each["wrong"]] == []
