"""The directories of an embedded Chroma: which one is current, whether it can be trusted, where the next one goes."""

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from service.domain import new_id

Seal: TypeAlias = dict[str, list[int | str]]
"""File → its size, its time of change in nanoseconds, its SHA-256."""

_SAVED = "index_metadata.pickle"
"""Chroma 1.5 loads a graph that has this file, and begins a new one in its place otherwise."""
PROBE_COMPUTING_S = 60
"""200,000 vectors take 2. A search in a torn graph never ends; on a busy machine a sound one only takes its time."""
_PROBE_TIMEOUT_S = 600.0
"""For a probe that waits for its disk."""
_FALLS_FORGIVEN = 2
"""So many processes in a row may end before their first answer (killed, say); the next one takes it for damage."""


class ChromaDirectories:
    """
    Below *root*: one directory a build, `current` that names the one in use, `falls` that counts unclean ends.

    Chroma believes what its graph files say: with a torn one it searches for ever, or writes tens of gigabytes. So
    they are sealed by their hashes after each write, and a directory whose writer died is not trusted at all. A graph
    that Chroma has not saved yet (it does so after a thousand changes) needs no seal: nobody reads its files, each
    process that opens it makes them anew, partly from memory that it never filled, and follows the log in SQLite.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._current = root / "current"
        self._falls = root / "falls"

    async def trusted(self) -> Path | None:
        """Return the current directory if it is sealed and a process of its own could open and search it, else None."""
        directory = self._named()
        if directory is None or self._counted() > _FALLS_FORGIVEN:
            return None
        sound = await asyncio.to_thread(_is_sealed, directory) and await _opens(directory)
        return directory if sound else None

    def fresh(self) -> Path:
        """Make an empty directory for a build; one that is never adopted goes with the next adoption."""
        directory = self._root / new_id("vec_")
        directory.mkdir(parents=True)
        return directory

    def adopt(self, directory: Path) -> None:
        """Make *directory* the current one and remove every other."""
        pointer = self._root / "current.new"
        pointer.write_text(directory.name)
        pointer.replace(self._current)
        self.stood()
        for other in self._root.iterdir():
            if other.is_dir() and other != directory:
                shutil.rmtree(other, ignore_errors=True)

    def fell(self) -> None:
        """Count one unclean end in advance; `stood` takes it back."""
        self._root.mkdir(parents=True, exist_ok=True)
        self._falls.write_text(str(self._counted() + 1))

    def stood(self) -> None:
        with contextlib.suppress(OSError):
            self._falls.unlink(missing_ok=True)

    def _named(self) -> Path | None:
        with contextlib.suppress(OSError):
            directory = self._root / self._current.read_text().strip()
            if directory.is_dir() and directory.parent == self._root:
                return directory
        return None

    def _counted(self) -> int:
        try:
            return int(self._falls.read_text())
        except (OSError, ValueError):
            return 0


@contextlib.contextmanager
def writing(directory: Path) -> Iterator[None]:
    """Break the seal of *directory* while Chroma writes; an exception or the process's end leaves it broken."""
    mark = directory / "writing"
    mark.touch()
    yield
    old = _seal_of(directory)
    new = directory / "seal.new"
    new.write_text(json.dumps({name: _sealed(directory / name, old.get(name)) for name in _graph_files(directory)}))
    new.replace(directory / "seal.json")
    mark.unlink()


def _is_sealed(directory: Path) -> bool:
    """Whether the files are, byte for byte, those of the last write that came to its end."""
    seal = _seal_of(directory)
    if (directory / "writing").exists() or seal.keys() != set(_graph_files(directory)):
        return False
    try:
        return all(_digest(directory / name) == digest for name, (_, _, digest) in seal.items())
    except OSError:
        return False


def _seal_of(directory: Path) -> Seal:
    with contextlib.suppress(OSError, ValueError):
        seal: Seal = json.loads((directory / "seal.json").read_text())
        return seal
    return {}


def _graph_files(directory: Path) -> list[str]:
    """Return the files of the graphs that were saved."""
    saved = [mark.parent for mark in directory.glob(f"*/{_SAVED}")]
    return sorted(str(file.relative_to(directory)) for graph in saved for file in graph.iterdir())


def _sealed(file: Path, old: list[int | str] | None) -> list[int | str]:
    # Hashing 100,000 vectors takes 0.2 s, and most writes leave the graph files alone for a while.
    stat = file.stat()
    if old and old[:2] == [stat.st_size, stat.st_mtime_ns]:
        return old
    return [stat.st_size, stat.st_mtime_ns, _digest(file)]


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


async def _opens(directory: Path) -> bool:
    probe = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "service.knowledge.storing.probe", str(directory), str(PROBE_COMPUTING_S),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    try:
        return await asyncio.wait_for(probe.wait(), _PROBE_TIMEOUT_S) == 0
    except TimeoutError:
        return False
    finally:
        if probe.returncode is None:
            probe.kill()
            await probe.wait()
