"""One owner of a data directory, known to whoever comes second, gone with its process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import IngestBusyError, KnowledgeError
from service.knowledge.storing.lock import DataDirLock, one_ingest

HOLD = """
import pathlib, sys, time
from service.knowledge.storing.lock import DataDirLock
lock = DataDirLock(pathlib.Path(sys.argv[1])).acquire("http://127.0.0.1:8080")
print("held", flush=True)
time.sleep(20)
"""


def test_the_second_is_told_who_was_first(tmp_path: Path) -> None:
    """Another holder of the same directory is refused in words and can read where work may be handed over."""
    with DataDirLock(tmp_path) as first:
        second = DataDirLock(tmp_path)
        with pytest.raises(IngestBusyError, match=f"process {os.getpid()}"):
            second.acquire()
        assert second.owner() == first.owner()
        first.announce("http://127.0.0.1:8080")
        owner = second.owner()
        assert owner
        assert (owner.pid, owner.address, owner.token) == (os.getpid(), "http://127.0.0.1:8080", first.token)
    assert second.owner() is None
    second.acquire().release()


def test_the_card_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Nobody else on the machine can read the token."""
    with DataDirLock(tmp_path):
        assert (tmp_path / "owner.json").stat().st_mode & 0o777 == 0o600


def test_a_killed_owner_holds_nothing(tmp_path: Path) -> None:
    """After kill -9 the directory is free, though the card still lies there."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        lock = DataDirLock(tmp_path)
        owner = lock.owner()
        assert owner
        assert owner.pid == process.pid
        with pytest.raises(IngestBusyError):
            lock.acquire()
        process.kill()
        process.wait()
    assert (tmp_path / "owner.json").exists()
    assert lock.owner() is None
    with lock:
        assert lock.owner()


def test_a_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file in the directory's place is a knowledge error, not a traceback."""
    (tmp_path / "data").write_text("a file")
    with pytest.raises(KnowledgeError, match="cannot be written"):
        DataDirLock(tmp_path / "data").acquire()
    with pytest.raises(KnowledgeError, match="cannot be written"), one_ingest(tmp_path / "data", "ml"):
        pass
