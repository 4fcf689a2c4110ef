"""Tells when something below a folder has changed, for an ingest that follows its owner's edits."""

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TypeAlias

Stamp: TypeAlias = tuple[str, int, int]
"""A file, its size and its time of change in nanoseconds."""


async def edits(path: Path, *, pause_s: float = 1.0) -> AsyncGenerator[None]:
    """
    Yield once at the start, then each time after files below *path* have changed and then rested for *pause_s*.

    It looks instead of listening: no limit on watched folders, and network drives work too.
    """
    yield
    known = await asyncio.to_thread(_stamps, path)
    while True:
        await asyncio.sleep(pause_s)
        now = await asyncio.to_thread(_stamps, path)
        if now == known:
            continue
        # Half a save is no article: wait until nothing moves any more.
        while now != (now := await _later(path, pause_s)):
            pass
        known = now
        yield


async def _later(path: Path, pause_s: float) -> frozenset[Stamp]:
    await asyncio.sleep(pause_s)
    return await asyncio.to_thread(_stamps, path)


def _stamps(path: Path) -> frozenset[Stamp]:
    files = [path] if path.is_file() else [Path(folder, name) for folder, _, names in os.walk(path) for name in names]
    return frozenset(stamp for file in files if (stamp := _stamp(file)))


def _stamp(file: Path) -> Stamp | None:
    try:
        stat = file.lstat()
    except OSError:
        return None
    return str(file), stat.st_size, stat.st_mtime_ns
