"""Walks a file, folder or zip archive and reads what is in it, in a stable order, one article or refusal at a time."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from service.domain import Article, Audience
from service.knowledge.reading.formats import refusal_of
from service.knowledge.reading.refusal import Refusal
from service.knowledge.reading.text import one_line
from service.knowledge.reading.wiki import without_notion_id
from service.knowledge.reading.worker import Limits, Worker

MAX_FILES = 200_000
MAX_DEPTH = 40
MAX_FILE = 60_000_000
MAX_ARCHIVE = 1_000_000_000
_LINK = "It is a link, and links are not followed."
_LITTER = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to read: where it is, and under which name its articles are kept."""

    source: str
    member: Sequence[str] | None = None
    data: bytes = b""


def read_path(path: Path, brand: str, limits: Limits = Limits()) -> Iterator[Article | Refusal]:
    """
    Yield the articles below *path* (a file, a folder or a zip archive) by source, and a refusal for what is none.

    Hidden files are passed over in silence. Never raises for what stands in a file.
    """
    if path.is_dir():
        root, names = path, sorted(_walk(path))
    else:
        root, names = path.parent, [PurePosixPath(path.name)]
    whole = len(names) == 1 and not path.is_dir()
    for group in _by_kind(names):
        if group[0].suffix.lower() == ".zip":
            yield from _read_archive(root, group[0], brand, limits, prefix="" if whole else f"{group[0]}/")
        else:
            with Worker(limits) as worker:
                yield from _ask(worker, _jobs(root, group), brand)


def _by_kind(names: Sequence[PurePosixPath]) -> Iterator[Sequence[PurePosixPath]]:
    """Yield the plain files together, then each archive by itself: it gets a child process of its own."""
    files = [name for name in names if name.suffix.lower() != ".zip"]
    if files:
        yield files
    yield from ([name] for name in names if name.suffix.lower() == ".zip")


def _walk(root: Path) -> Iterator[PurePosixPath]:
    for folder, folders, files in os.walk(root, followlinks=False):
        below = PurePosixPath(Path(folder).relative_to(root).as_posix())
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = [
            name for name in folders if not _is_litter(name) and name not in links and len(below.parts) < MAX_DEPTH
        ]
        yield from (below / name for name in [*files, *links] if not _is_litter(name))


def _is_litter(name: str) -> bool:
    return (name.startswith((".", "~$")) and name != "..") or name.lower() in _LITTER


def _jobs(root: Path, names: Sequence[PurePosixPath]) -> Iterator[Job | Refusal]:
    named = sorted(zip(_sources(list(map(str, names))), names, strict=True), key=lambda pair: pair[0].split("/"))
    for number, (source, name) in enumerate(named):
        if number >= MAX_FILES:
            yield Refusal(source=source, reason=f"The folder holds more than {MAX_FILES} files; ingest its parts.")
            return
        reason = _LINK if (root / name).is_symlink() else refusal_of(name.suffix.lower())
        data = _bytes_below(root, name, MAX_FILE) if reason is None else b""
        if isinstance(data, str) or reason:
            yield Refusal(source=source, reason=reason or str(data))
        else:
            yield Job(source=source, data=data)


def _sources(names: Sequence[str]) -> list[str]:
    """Return the names to keep articles under: without Notion's ids, unless two files would get one name."""
    short = [without_notion_id(one_line(os.fsencode(name).decode("utf-8", errors="replace"))) for name in names]
    taken = Counter(short)
    return [one_line(name) if taken[source] > 1 else source for name, source in zip(names, short, strict=True)]


def _bytes_below(root: Path, name: PurePosixPath, limit: int) -> bytes | str:
    """Return the file's bytes, or the reason why it is not read."""
    descriptor = _open_below(root, name)
    if isinstance(descriptor, str):
        return descriptor
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_size > limit:
            return f"The file is larger than {limit // 1_000_000} MB."
        return file.read(limit)


def _open_below(root: Path, name: PurePosixPath) -> int | str:
    """Open a regular file step by step from *root*, so that no link, however it got there, leads out of the folder."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in name.parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        descriptor = os.open(name.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as exc:
        return f"It cannot be opened: {exc.strerror}."
    finally:
        os.close(folder)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    return "It is no ordinary file."


def _read_archive(
    root: Path, name: PurePosixPath, brand: str, limits: Limits, prefix: str
) -> Iterator[Article | Refusal]:
    descriptor = _open_below(root, name)
    if isinstance(descriptor, str):
        yield Refusal(source=str(name), reason=descriptor)
        return
    with os.fdopen(descriptor, "rb") as file, Worker(limits, file.fileno()) as worker:
        if os.fstat(file.fileno()).st_size > MAX_ARCHIVE:
            yield Refusal(source=str(name), reason=f"The archive is larger than {MAX_ARCHIVE // 1_000_000} MB.")
            return
        worker.send({"kind": "list"})
        answer = worker.receive()
        if "refusal" in answer:
            yield Refusal(source=str(name), reason=answer["refusal"])
            return
        yield from _ask(worker, _member_jobs(answer["members"], prefix), brand)


def _member_jobs(members: Sequence[dict[str, Any]], prefix: str) -> Iterator[Job | Refusal]:
    wanted = [each for each in members if not any(map(_is_litter, PurePosixPath(each["name"]).parts))]
    sources = _sources([each["name"] for each in wanted])
    for source, each in sorted(zip(sources, wanted, strict=True), key=lambda pair: pair[0].split("/")):
        reason = each["problem"] or refusal_of(PurePosixPath(each["name"]).suffix.lower())
        if reason:
            yield Refusal(source=prefix + source, reason=reason)
        else:
            yield Job(source=prefix + source, member=each["member"])


def _ask(worker: Worker, jobs: Iterable[Job | Refusal], brand: str) -> Iterator[Article | Refusal]:
    """While the caller works on one file's articles, the child already reads the next."""
    waiting: Job | None = None
    for job in jobs:
        found = list(_found(worker, waiting, brand)) if waiting else []
        waiting = job if isinstance(job, Job) else None
        if isinstance(job, Refusal):
            found.append(job)
        else:
            worker.send({"kind": "read", "source": job.source, "member": job.member}, job.data)
        yield from found
    if waiting:
        yield from _found(worker, waiting, brand)


def _found(worker: Worker, job: Job, brand: str) -> Iterator[Article | Refusal]:
    answer = worker.receive()
    if "refusal" in answer:
        yield Refusal(source=job.source, reason=answer["refusal"])
        return
    for item in answer["items"]:
        stated = item.get("draft") or item["skipped"]
        key = stated.pop("key")
        source = f"{job.source}#{key}" if key else job.source
        yield _article(stated, source, brand) if "draft" in item else Refusal(source=source, reason=stated["reason"])


def _article(stated: dict[str, Any], source: str, brand: str) -> Article:
    for day in ("updated", "expires"):
        stated[day] = date.fromisoformat(stated[day]) if stated[day] else None
    return Article(**{**stated, "audience": Audience(stated["audience"])}, source=source, brand=brand)
