"""Ingests that somebody waits for on a page: files are read, the plan is looked at, then it is applied."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from service.domain import Article, new_id
from service.errors import IngestBusyError, KnowledgeError, ServiceError, UnknownUploadError
from service.knowledge.ingesting.plan import Plan
from service.knowledge.ingesting.progress import OnProgress, Progress
from service.knowledge.ingesting.report import IngestReport
from service.knowledge.reading import Refusal

log = structlog.get_logger()

Applying = Callable[[Plan, OnProgress], Awaitable[IngestReport]]

_MOST = 20
_KEPT_S = 3600.0
"""A plan holds its articles in memory: who comes back later uploads again."""


class JobState(StrEnum):
    READING = "reading"
    PLANNED = "planned"
    APPLYING = "applying"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(slots=True, kw_only=True)
class IngestJob:
    id: str
    brand: str
    state: JobState = JobState.READING
    articles_read: int = 0
    plan: Plan | None = None
    """From `planned` on."""
    progress: Progress | None = None
    """The last that was told while applying."""
    report: IngestReport | None = None
    error: ServiceError | None = None
    """Why it failed."""
    begun_at: float = field(default_factory=time.monotonic)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while nothing is under way."""

    @property
    def is_busy(self) -> bool:
        return not self.idle.is_set()

    def counted(self, read: Iterable[Article | Refusal]) -> Iterator[Article | Refusal]:
        """Yield what is *read*, and count its articles."""
        for each in read:
            self.articles_read += isinstance(each, Article)
            yield each

    def tell(self, step: Progress) -> None:
        self.progress = step


class IngestJobs:
    """The jobs of this process: the newest twenty, for an hour; a restart forgets those that were not applied."""

    def __init__(self) -> None:
        self._jobs: dict[str, IngestJob] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def get(self, job_id: str) -> IngestJob:
        """Return the job; UnknownUploadError when it is not known any more."""
        self._forget_old()
        if job_id not in self._jobs:
            raise UnknownUploadError("Plans are kept for an hour, and not over a restart. Upload the files again.")
        return self._jobs[job_id]

    def begin(self, brand: str, planning: Callable[[IngestJob], Awaitable[Plan]]) -> IngestJob:
        """Return a new job that reads and plans; IngestBusyError when too many are under way."""
        self._forget_old(room=1)
        if len(self._jobs) >= _MOST:
            raise IngestBusyError("too many ingests are under way; wait for one to end")
        job = IngestJob(id=new_id("ing_"), brand=brand)
        self._jobs[job.id] = job
        self._run(job, self._plan(job, planning))
        return job

    def apply(self, job: IngestJob, applying: Applying) -> None:
        """Begin to do what the job planned; IngestBusyError when that was begun before."""
        if job.state is not JobState.PLANNED or job.plan is None:
            raise IngestBusyError("this plan was applied already")
        job.state = JobState.APPLYING
        self._run(job, self._apply(job, job.plan, applying))

    def drop(self, job: IngestJob) -> None:
        """Forget a job that does nothing at the moment."""
        if not job.is_busy:
            self._jobs.pop(job.id, None)

    @staticmethod
    async def _plan(job: IngestJob, planning: Callable[[IngestJob], Awaitable[Plan]]) -> None:
        job.plan = await planning(job)
        job.state = JobState.PLANNED

    @staticmethod
    async def _apply(job: IngestJob, plan: Plan, applying: Applying) -> None:
        job.report = await applying(plan, job.tell)
        # Its articles need not be held any longer.
        job.plan = None
        job.state = JobState.FINISHED

    def _run(self, job: IngestJob, work: Awaitable[None]) -> None:
        async def watched() -> None:
            try:
                await work
            except ServiceError as exc:
                job.error = exc
            finally:
                if job.state in {JobState.READING, JobState.APPLYING}:
                    job.error = job.error or KnowledgeError("the ingest ended unexpectedly and is not served")
                    job.state = JobState.FAILED
                    log.warning("ingest_job.failed", brand=job.brand, error=job.error.detail)
                job.idle.set()

        job.idle.clear()
        task = asyncio.create_task(watched())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _forget_old(self, room: int = 0) -> None:
        """Forget what is old, and the oldest until there is *room* for more; never one that works."""
        idle = [job for job in self._jobs.values() if not job.is_busy]
        over = len(self._jobs) - _MOST + room
        for place, job in enumerate(idle):
            if place < over or time.monotonic() - job.begun_at > _KEPT_S:
                del self._jobs[job.id]
