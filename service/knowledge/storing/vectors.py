"""Keeps Chroma in step with the vectors in SQL and asks it what is near; it may lose everything at any time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import structlog

from service.errors import KnowledgeError
from service.knowledge.storing.chroma import Chroma, ChromaFailureError, Stamp, contained, slices
from service.knowledge.storing.content import Vector
from service.knowledge.storing.directories import ChromaDirectories, writing
from service.knowledge.storing.steps import KEPT_GENERATIONS
from service.knowledge.storing.store import KnowledgeStore

log = structlog.get_logger()

State: TypeAlias = Literal["unopened", "ready", "rebuilding", "unavailable"]
T = TypeVar("T")

_COPIED_AT_ONCE = 1_000
_ANSWER_TIMEOUT_S = 15.0
"""A search takes milliseconds, behind a big write seconds; one in a torn graph never ends."""


class ChromaVectors:
    """
    The vector index of every brand, embedded below *place* (a directory) or on a server (a URL).

    Chroma follows SQL: each collection is stamped with the generation that it has reached, and `follow` brings it to
    the newest. It is never ahead but for vectors that nobody asks for, so whoever dies in between leaves no harm.
    An embedded one belongs to one process (see `lock`), and is built anew beside the old one when that is damaged.
    """

    def __init__(
        self, store: KnowledgeStore, model: str, dimension: int, place: Path | str, *, repair_pause_s: float = 30.0
    ) -> None:
        self._store = store
        self._model = model
        self._dimension = dimension
        self._place = place
        self._directories = ChromaDirectories(place) if isinstance(place, Path) else None
        self._directory: Path | None = None
        self._chroma: Chroma | None = None
        self._state: State = "unopened"
        self._ahead: dict[str, set[str]] = {}
        self._behind: set[str] = set()
        """Brands whose newest generation was not reached: SQL was away meanwhile."""
        self._proven = False
        self._begun = False
        self._closed = False
        self._writing = asyncio.Lock()
        self._opening: asyncio.Task[None] | None = None
        self._repair: asyncio.Task[None] | None = None
        self._repaired_at = float("-inf")
        self._repair_pause_s = repair_pause_s
        # Of its own, so that a question never queues behind somebody else's slow work.
        self._threads = _threads()

    @property
    def state(self) -> State:
        """For /readyz; without `ready` a search compares every vector that it holds in memory."""
        return self._state

    async def open(self) -> None:
        """Open what can be trusted, or start to build it anew (see `settled`); never raises for a broken index."""
        self._begun = True
        if self._directories is None:
            self._mend(self._reconnect)
            return
        try:
            trusted = await self._directories.trusted()
            if trusted is not None:
                await self._connect(trusted)
        except (KnowledgeError, OSError):
            # A directory that cannot be tried, for want of a process say, is not trusted either.
            trusted = None
        self._mend(self.rebuild if trusted is None else self._follow_all)

    def start(self) -> None:
        """Open in the background, once; what writes waits for it, `nearest` raises until then."""
        if not self._begun:
            self._begun, self._opening = True, asyncio.create_task(self.open())

    async def settled(self) -> None:
        """Wait until the opening, the repair or the catching up that is under way has ended."""
        await self._opened()
        while self._repair and not self._repair.done():
            await asyncio.wait([self._repair])

    def heal(self) -> None:
        """Start a repair where one is due: not while one runs or has just ended, for a full disk stays full a while."""
        rested = _now() - self._repaired_at >= self._repair_pause_s
        opening = self._opening is not None and not self._opening.done()
        if not rested or opening or self._closed:
            return
        if self._state == "unavailable":
            self._mend(self.rebuild if self._directories else self._reconnect)
        elif self._state == "ready" and self._behind:
            self._mend(self._catch_up)

    async def close(self) -> None:
        """Leave cleanly; a rebuild is given up, and starts again with the next `open`."""
        for task in (self._opening, self._repair):
            if task and not task.done():
                task.cancel()
                await asyncio.wait([task])
        self._closed = True
        self._threads.shutdown(wait=True)
        if self._directories and self._state == "ready":
            self._directories.stood()
        self._chroma, self._state = None, "unavailable"

    async def nearest(self, brand: str, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """
        Return at most *limit* keys with their cosine, nearest first; dead ones may be among them.

        Raises:
            KnowledgeError: The index is not usable now, or *brand* has no vectors of this model.
        """
        if self._state != "ready":
            self.heal()
            raise KnowledgeError(f"the vector index is {self._state}")
        if self._behind:
            self.heal()
        if vector.size != self._dimension:
            raise KnowledgeError(f"the question has {vector.size} dimensions, and the passages have {self._dimension}")
        if not vector.any():
            return []
        try:
            found = await asyncio.wait_for(
                self._run(partial(Chroma.nearest, brand=brand, vector=vector, limit=limit)), _ANSWER_TIMEOUT_S
            )
        except TimeoutError as exc:
            self._failed(exc)
            raise KnowledgeError("the vector index did not answer") from exc
        self._prove()
        return found

    async def upsert(self, brand: str, vectors: Mapping[str, Vector]) -> None:
        """Write vectors under new keys before a generation needs them: `follow` will find them done."""
        async with self._changing(brand):
            stamp = await self._run(lambda chroma: chroma.stamp(brand))
            if not stamp.ahead:
                await self._run(lambda chroma: chroma.mark(brand, replace(stamp, ahead=True)))
            await self._run(lambda chroma: chroma.write(brand, vectors))
            self._ahead.setdefault(brand, set()).update(vectors)

    async def delete(self, brand: str, keys: Collection[str]) -> None:
        """Forget *keys*."""
        async with self._changing(brand):
            await self._run(lambda chroma: chroma.forget(brand, keys))

    async def follow(self, brand: str) -> None:
        """
        Bring *brand*'s collection to the newest generation.

        Raises:
            KnowledgeError: Chroma failed, and will be rebuilt and follow then; or SQL did, and `heal` tries again.
        """
        await self._opened()
        async with self._writing:
            self._behind.add(brand)
            if await self._run(lambda chroma: chroma.stamp(brand)) != await self._target(brand):
                async with self._sealing(brand):
                    await self._follow(brand)
            self._behind.discard(brand)

    async def rebuild(self) -> None:
        """Build every collection again from SQL, in a new directory, then serve from there (on a server: in place)."""
        async with self._writing:
            self._state, self._repaired_at = "rebuilding", _now()
            directory = self._directories.fresh() if self._directories else None
            await self._connect(directory, state="rebuilding")
            brands = await self._store.brands()
            for brand in brands:
                if directory is None:
                    await self._run(partial(Chroma.drop, brand=brand))
                async with self._sealing(brand):
                    await self._follow(brand)
            if self._directories and directory:
                self._directories.adopt(directory)
            self._state = "ready"
        log.info("vectors.rebuilt", brands=len(brands), model=self._model)

    async def _catch_up(self) -> None:
        self._repaired_at = _now()
        for brand in sorted(self._behind):
            # Still away: the brand stays behind until the next try.
            with suppress(KnowledgeError):
                await self.follow(brand)

    async def _follow_all(self) -> None:
        for brand in await self._store.brands():
            await self.follow(brand)

    async def _target(self, brand: str) -> Stamp:
        generation = await self._store.vectors.complete_at(brand, self._model)
        return Stamp(generation, await self._store.born_at(brand, generation))

    async def _follow(self, brand: str) -> None:
        stamp = await self._run(lambda chroma: chroma.stamp(brand))
        target = await self._target(brand)
        # A database that was put back, or begun anew, has another past than the index, or none so far back.
        foreign = (
            stamp.born_at != await self._store.born_at(brand, stamp.generation)
            or stamp.generation < target.generation - KEPT_GENERATIONS
        )
        changes = await self._store.vectors.changes(brand, self._model, 0 if foreign else stamp.generation)
        if changes.generation != target.generation:
            # Another model wrote the newest generation; the next ingest makes the vectors that are missing.
            return
        # On a server another process may have swept what we wrote ahead.
        ahead = self._ahead.pop(brand, set()) if self._directories else set()
        for some in slices(sorted(changes.born - ahead), _COPIED_AT_ONCE):
            vectors = await self._store.vectors.by_key(brand, self._model, some)
            await self._run(partial(Chroma.write, brand=brand, vectors=vectors))
        await self._run(lambda chroma: chroma.forget(brand, changes.died))
        if foreign or (stamp.ahead and not (ahead and ahead <= changes.born)):
            await self._sweep(brand)
        await self._run(lambda chroma: chroma.mark(brand, target))

    async def _sweep(self, brand: str) -> None:
        """Remove what an ingest that died wrote ahead."""
        held = await self._run(lambda chroma: chroma.keys(brand))
        needed = await self._store.vectors.keys(brand, self._model)
        await self._run(lambda chroma: chroma.forget(brand, held - needed))

    async def _opened(self) -> None:
        self.start()
        if self._opening:
            await asyncio.wait([self._opening])
        self.heal()

    @asynccontextmanager
    async def _changing(self, brand: str) -> AsyncIterator[None]:
        await self._opened()
        async with self._writing, self._sealing(brand):
            yield

    @asynccontextmanager
    async def _sealing(self, brand: str) -> AsyncIterator[None]:
        """Seal the files again when the block has come to its end."""
        if self._directory is None:
            yield
            return
        seal = writing(self._directory)
        await self._threaded(partial(contained, seal.__enter__))
        yield
        await self._run(lambda chroma: chroma.settle(brand))
        await self._threaded(partial(contained, partial(seal.__exit__, None, None, None)))

    def _prove(self) -> None:
        """Take back the fall that was counted in advance: the process lives."""
        if self._directories and not self._proven:
            self._directories.stood()
        self._proven = True

    async def _connect(self, directory: Path | None, state: State = "ready") -> None:
        if self._directories:
            await self._threaded(partial(contained, self._directories.fell))
            self._proven = False
        # A search that never ends keeps its thread; the new index gets new ones.
        self._threads.shutdown(wait=False)
        self._threads = _threads()
        self._ahead.clear()
        self._directory = directory
        self._chroma = await self._threaded(lambda: Chroma(directory or str(self._place), self._model, self._dimension))
        self._state = state

    async def _reconnect(self) -> None:
        self._repaired_at = _now()
        await self._connect(None)
        await self._follow_all()

    async def _run(self, work: Callable[[Chroma], T]) -> T:
        chroma = self._chroma
        if chroma is None:
            raise KnowledgeError("the vector index is not open")
        return await self._threaded(lambda: work(chroma))

    async def _threaded(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise KnowledgeError("the vector index is closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except ChromaFailureError as exc:
            self._failed(exc.__cause__)
            raise KnowledgeError("the vector index failed") from exc

    def _failed(self, cause: BaseException | None) -> None:
        log.warning("vectors.failed", state=self._state, model=self._model, error=type(cause).__name__)
        self._state = "unavailable"
        self.heal()

    def _mend(self, repair: Callable[[], Coroutine[None, None, None]]) -> None:
        if self._repair is None or self._repair.done():
            self._repair = asyncio.create_task(self._mended(repair))

    async def _mended(self, repair: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await repair()
        except (KnowledgeError, OSError) as exc:
            log.warning("vectors.repair_failed", error=str(exc))
            self._state = "unavailable"
            if self._directories and repair != self.rebuild:
                await self._mended(self.rebuild)


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="chroma")


def _now() -> float:
    return asyncio.get_running_loop().time()
