"""The directories of an embedded Chroma: which one is current, whether it can be trusted, where the next one goes."""

import asyncio
import contextlib
import os
import shutil
import sys
from pathlib import Path

from service.domain import new_id

_PROBE_TIMEOUT_S = 60.0
_FALLS_FORGIVEN = 2
"""So many processes in a row may end while they write or search for the first time (a kill, say); then it is damage."""


class ChromaDirectories:
    """
    Below *root*: one directory a build, `current` that names the one in use, `falls` that counts unclean ends.

    A build that was cut short is never named and goes with the next clearing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._current = root / "current"
        self._falls = root / "falls"

    async def trusted(self) -> Path | None:
        """Return the current directory if a process of its own could open and search it, else None."""
        directory = self._named()
        if directory is None or self._counted() > _FALLS_FORGIVEN:
            return None
        return directory if await _opens(directory) else None

    def fresh(self) -> Path:
        """Make an empty directory for a build."""
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


async def _opens(directory: Path) -> bool:
    probe = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "service.knowledge.probe", str(directory),
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
