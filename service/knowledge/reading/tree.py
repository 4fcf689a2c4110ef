"""The files below a folder, found and opened without ever following a link out of it."""

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath

from service.knowledge.reading.formats.wiki import whole_table, without_notion_id
from service.knowledge.reading.text import one_line

MAX_DEPTH = 40
_LITTER = {"thumbs.db", "desktop.ini", "__macosx"}

Found = tuple[PurePosixPath, str | None]
"""A name below the folder, and why it is not read; None when nothing speaks against it yet."""


def walk(root: Path) -> Iterator[Found]:
    """Yield every file below *root* but what systems and tools hide, and each folder that cannot be entered."""
    closed: list[OSError] = []
    for name, folders, files in os.walk(root, followlinks=False, onerror=closed.append):
        folder = Path(name)
        below = PurePosixPath(folder.relative_to(root).as_posix())
        wanted = [each for each in folders if not is_litter(each)]
        links = [each for each in wanted if (folder / each).is_symlink()]
        deep = [each for each in wanted if len(below.parts) >= MAX_DEPTH]
        folders[:] = [each for each in wanted if each not in links and each not in deep]
        yield from ((below / each, "It is a link, and links are not followed.") for each in links)
        yield from ((below / each, f"It lies deeper than {MAX_DEPTH} folders.") for each in deep)
        yield from ((below / each, _problem(folder / each)) for each in files if not is_litter(each))
    for error in closed:
        below = PurePosixPath(Path(error.filename).relative_to(root).as_posix())
        yield below, f"The folder cannot be opened: {error.strerror}."


def is_litter(name: str) -> bool:
    """Tell whether a file or folder of this name is kept by a system or tool for itself."""
    return (name.startswith((".", "~$")) and name != "..") or name.lower() in _LITTER


def sources_of(names: Sequence[str]) -> list[str]:
    """Return the name to keep each file's articles under, unique: without Notion's ids unless they are needed."""
    plain = [one_line(os.fsencode(name).decode("utf-8", errors="replace")) for name in names]
    short = [without_notion_id(name) for name in plain]
    taken = Counter(short)
    sources: Counter[str] = Counter()
    unique = []
    for full, brief in zip(plain, short, strict=True):
        source = full if taken[brief] > 1 else brief
        sources[source] += 1
        unique.append(source if sources[source] == 1 else f"{source} ({sources[source]})")
    return unique


def repeated(names: Collection[str]) -> dict[str, str]:
    """Return why some of *names* are not read: another of them holds the same and more."""
    wholes = {name: whole_table(name, names) for name in names}
    reason = "All of its rows are read from '{}'."
    return {name: reason.format(without_notion_id(whole)) for name, whole in wholes.items() if whole}


def bytes_below(root: Path, name: PurePosixPath, limit: int) -> bytes | str:
    """Return the file's bytes, or the reason why it is not read."""
    descriptor = open_below(root, name)
    if isinstance(descriptor, str):
        return descriptor
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_size > limit:
            return f"The file is larger than {limit // 1_000_000} MB."
        return file.read(limit)


def open_below(root: Path, name: PurePosixPath) -> int | str:
    """Open a regular file step by step from *root*, so that no link, however it got there, leads out of the folder."""
    try:
        descriptor = _open_steps(root, name)
    except OSError as exc:
        return f"It cannot be opened: {exc.strerror}."
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    return "It is no ordinary file."


def _open_steps(root: Path, name: PurePosixPath) -> int:
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in name.parts[:-1]:
            outer, folder = folder, os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(outer)
        return os.open(name.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)


def _problem(file: Path) -> str | None:
    return "It is a link, and links are not followed." if file.is_symlink() else None
