"""Reads a file, folder or zip archive in a stable order, one article or refusal at a time."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from service.domain import Article, Audience
from service.knowledge.reading.formats.readers import refusal_of
from service.knowledge.reading.process.worker import DEFAULT_LIMITS, Limits, Worker
from service.knowledge.reading.refusal import Refusal
from service.knowledge.reading.tree import Found, bytes_below, is_litter, open_below, repeated, sources_of, walk

MAX_FILES = 200_000
MAX_FILE = 60_000_000
MAX_ARCHIVE = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to read: where it is, and under which name its articles are kept."""

    source: str
    member: Sequence[str] | None = None
    data: bytes = b""


class Memory(Protocol):
    """Knows which files need not be read."""

    def knows(self, source: str, data: bytes) -> bool:
        """Whether the caller has all that the file of *source* holds."""

    def learn(self, source: str, found: Sequence[Article | Refusal]) -> None:
        """Take what a file gave that `knows` did not know."""


def read_path(
    path: Path, brand: str, limits: Limits = DEFAULT_LIMITS, memory: Memory | None = None
) -> Iterator[Article | Refusal]:
    """
    Yield the articles below *path* (a file, a folder or a zip archive) by source, and a refusal for what is none.

    Hidden files and those that *memory* knows are passed over in silence; it is not asked about archives. Never raises
    for what stands in a file.

    Raises:
        KnowledgeError: The process that parses files cannot be started.
    """
    is_folder = path.is_dir()
    root = path if is_folder else path.parent
    found: list[Found] = (
        sorted(walk(path), key=lambda each: each[0]) if is_folder else [(PurePosixPath(path.name), None)]
    )
    files = [(name, problem) for name, problem in found if problem or not _is_archive(name)]
    with Worker(limits) as worker:
        yield from _ask(worker, _unknown(_jobs(root, files), memory), brand, memory)
    for name in (name for name, problem in found if not problem and _is_archive(name)):
        yield from _read_archive(root, name, brand, limits, prefix=f"{name}/" if is_folder else "")


def _is_archive(name: PurePosixPath) -> bool:
    return name.suffix.lower() == ".zip"


def _jobs(root: Path, files: Sequence[Found]) -> Iterator[Job | Refusal]:
    names = [str(name) for name, _ in files]
    sources, twins = sources_of(names), repeated(set(names))
    named = sorted(zip(sources, files, strict=True), key=lambda pair: pair[0].split("/"))
    for number, (source, (name, problem)) in enumerate(named):
        if number >= MAX_FILES:
            yield Refusal(source=source, reason=f"The folder holds more than {MAX_FILES} files; ingest its parts.")
            return
        reason = problem or twins.get(str(name)) or refusal_of(name.suffix.lower())
        data = reason or bytes_below(root, name, MAX_FILE)
        yield Refusal(source=source, reason=data) if isinstance(data, str) else Job(source=source, data=data)


def _read_archive(
    root: Path, name: PurePosixPath, brand: str, limits: Limits, prefix: str
) -> Iterator[Article | Refusal]:
    descriptor = open_below(root, name)
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
    wanted = [each for each in members if not any(map(is_litter, PurePosixPath(each["name"]).parts))]
    names = [each["name"] for each in wanted]
    sources, twins = sources_of(names), repeated(set(names))
    for source, each in sorted(zip(sources, wanted, strict=True), key=lambda pair: pair[0].split("/")):
        reason = each["problem"] or twins.get(each["name"]) or refusal_of(PurePosixPath(each["name"]).suffix.lower())
        if reason:
            yield Refusal(source=prefix + source, reason=reason)
        else:
            yield Job(source=prefix + source, member=each["member"])


def _unknown(jobs: Iterable[Job | Refusal], memory: Memory | None) -> Iterator[Job | Refusal]:
    for job in jobs:
        if not (memory and isinstance(job, Job) and memory.knows(job.source, job.data)):
            yield job


def _ask(
    worker: Worker, jobs: Iterable[Job | Refusal], brand: str, memory: Memory | None = None
) -> Iterator[Article | Refusal]:
    """While the caller works on one file's articles, the child already reads the next."""
    waiting: Job | None = None
    for job in jobs:
        found = _received(worker, waiting, brand, memory) if waiting else []
        waiting = job if isinstance(job, Job) else None
        if isinstance(job, Refusal):
            found.append(job)
        else:
            worker.send({"kind": "read", "source": job.source, "member": job.member}, job.data)
        yield from found
    if waiting:
        yield from _received(worker, waiting, brand, memory)


def _received(worker: Worker, job: Job, brand: str, memory: Memory | None) -> list[Article | Refusal]:
    found = list(_found(worker, job, brand))
    if memory:
        memory.learn(job.source, found)
    return found


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
