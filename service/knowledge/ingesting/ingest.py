"""Brings articles into the knowledge base: plan what would change, then apply it as one generation."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeAlias, TypeVar

import structlog

from service.domain import Article, Audience, Generation, Passage
from service.errors import IngestBusyError, InvalidInputError, KnowledgeError, NotFoundError
from service.knowledge.embedding.embeddings import Embeddings, vector_entries
from service.knowledge.ingesting.concerns import concerns_of
from service.knowledge.ingesting.plan import Embedding, Plan, Sorted, Split, sort, vector_keys
from service.knowledge.ingesting.progress import OnProgress, Stopwatch
from service.knowledge.ingesting.readings import Readings
from service.knowledge.ingesting.report import IngestReport, report_of
from service.knowledge.ingesting.standing import keep_report
from service.knowledge.reading import Memory, Refusal, read_path
from service.knowledge.splitting.splitting import split
from service.knowledge.storing.content import Step
from service.knowledge.storing.lock import one_ingest
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors

log = structlog.get_logger()

Read: TypeAlias = Callable[[Path, str, Memory], Iterator[Article | Refusal]]
T = TypeVar("T")

LANGUAGES = ("en", "fr")
"""Tried for an article that does not name its language, unless its brand has others."""

_ARTICLES_AT_ONCE = 100
"""In one transaction: some ten milliseconds, so that the reply log never waits."""
_TEXTS_AT_ONCE = 256
"""Embedded and kept before the next: what a kill can cost."""


def _read_path(path: Path, brand: str, memory: Memory) -> Iterator[Article | Refusal]:
    return read_path(path, brand, memory=memory)


class Ingest:
    """
    Reads, plans and applies; safe beside readers, one at a time for each brand.

    *lock_dir* is the data directory; *read* and *split* are replaced in tests only.
    """

    def __init__(  # noqa: PLR0913 - the parts of the room
        self,
        store: KnowledgeStore,
        vectors: ChromaVectors,
        embeddings: Embeddings,
        lock_dir: Path,
        *,
        read: Read = _read_path,
        split: Split = split,
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._embeddings = embeddings
        self._lock_dir = lock_dir
        self._read = read
        self._split = split

    async def plan(
        self, path: Path, brand: str, *, delete_missing: bool = False, languages: Sequence[str] = LANGUAGES
    ) -> Plan:
        """
        Work out what the articles below *path* (a folder or a file) change for *brand*; nothing is written.

        Raises:
            InvalidInputError: *delete_missing* was asked for a single file, or for a folder without an article.
        """
        if delete_missing and not await asyncio.to_thread(path.is_dir):
            raise InvalidInputError("articles are deleted as missing only against a whole folder, not a file")
        base, stored = await self._store.generation(brand), await self._store.versions(brand)
        readings = await asyncio.to_thread(Readings, self._lock_dir, brand, stored, languages)
        sides = await asyncio.to_thread(sort, self._read(path, brand, readings), stored, self._split, languages)
        sides.kept |= readings.kept
        plan = await self._plan(brand, base, stored, sides, delete_missing=delete_missing)
        return replace(plan, readings=readings)

    async def plan_articles(
        self,
        read: Iterable[Article | Refusal],
        brand: str,
        *,
        delete_missing: bool = False,
        languages: Sequence[str] = LANGUAGES,
    ) -> Plan:
        """Work out what these articles change for *brand*; *delete_missing* says that they are all that it has."""
        base, stored = await self._store.generation(brand), await self._store.versions(brand)
        sides = await asyncio.to_thread(sort, read, stored, self._split, languages)
        return await self._plan(brand, base, stored, sides, delete_missing=delete_missing)

    async def _plan(
        self, brand: str, base: int, stored: dict[str, str], sides: Sorted, *, delete_missing: bool
    ) -> Plan:
        missing = sides.missing(stored)
        if delete_missing and missing and not (sides.added or sides.changed or sides.kept):
            raise InvalidInputError("no article could be read, so none is deleted as missing")
        return Plan(
            brand=brand,
            base=base,
            added=tuple(sides.added),
            changed=tuple(sides.changed),
            removed=tuple(missing) if delete_missing else (),
            missing=() if delete_missing else tuple(missing),
            kept=len(sides.kept),
            refused=tuple(sides.refused),
            embedding=await self._embedding(brand, base, sides, stored),
            opened=await self._opened(brand, sides),
        )

    async def plan_removal(self, sources: Collection[str], brand: str) -> Plan:
        """
        Work out what it changes to delete the articles of *sources*.

        Raises:
            NotFoundError: *brand* has no such article.
        """
        base = await self._store.generation(brand)
        stored = await self._store.versions(brand)
        if not stored.keys() >= set(sources):
            raise NotFoundError("this brand has no such article")
        return Plan(
            brand=brand, base=base, added=(), changed=(), removed=tuple(sorted(set(sources))), missing=(),
            kept=len(stored) - len(set(sources)), refused=(), embedding=Embedding(model=self._embeddings.id),
        )  # fmt: skip

    async def apply(self, plan: Plan, on_progress: OnProgress | None = None) -> IngestReport:
        """
        Do what *plan* says; readers see nothing of it, then all of it. Killed at any point, it can be run again.

        Raises:
            IngestBusyError: Another ingest of the brand runs, or has changed it since *plan* was made.
            KnowledgeError: The database failed; readers are still at the old generation.
            EmbeddingError: The embedding model failed; likewise, and what was embedded is kept.
        """
        started = time.monotonic()
        if plan.moves or plan.embedding.keys:
            self._vectors.start()
        with one_ingest(self._lock_dir, plan.brand):
            if await self._store.generation(plan.brand) != plan.base:
                raise IngestBusyError("the knowledge base has changed since this plan was made; plan again")
            await self._write(plan, on_progress)
            await self._embed(plan, on_progress)
            await self._index_ahead(plan, on_progress)
            try:
                generation = await self._move(plan)
            except KnowledgeError:
                # It may have moved, and only the database's answer was lost.
                await self._follow(plan.brand)
                raise
            if plan.moves or plan.embedding.keys:
                await self._follow(plan.brand)
            if plan.moves:
                await self._prune(plan.brand)
            if plan.readings:
                await asyncio.to_thread(plan.readings.save, await self._store.versions(plan.brand))
        report = report_of(
            plan,
            generation=generation,
            embedded=len(plan.embedding.texts),
            vectors=self._vectors.state,
            took_ms=(time.monotonic() - started) * 1000,
            concerns=await concerns_of(plan, self._store, self._vectors, datetime.now(UTC).date(), on_progress),
        )
        await keep_report(self._store, report)
        log.info(
            "knowledge.ingested", brand=plan.brand, generation=generation, added=len(report.added),
            changed=len(report.changed), removed=len(report.removed), refused=len(report.refused),
            embedded=report.embedded, took_ms=round(report.took_ms),
        )  # fmt: skip
        return report

    async def roll_back(self, brand: str, to: int) -> Generation:
        """
        Serve generation *to* again at once, as a new generation; its vectors follow, at the next opening if need be.

        Raises:
            UnknownGenerationError: *brand* never had that generation.
        """
        with one_ingest(self._lock_dir, brand):
            generation = await self._store.roll_back(brand, to)
            if self._vectors.state != "unopened":
                await self._follow(brand)
        log.info("knowledge.rolled_back", brand=brand, generation=generation.number, to=to)
        return generation

    async def _embedding(self, brand: str, base: int, sides: Sorted, stored: dict[str, str]) -> Embedding:
        model = self._embeddings.id
        versions = [(version.version, version.passages) for version in (*sides.added, *sides.changed)]
        behind = base > 0 and await self._store.vectors.complete_at(brand, model) != base
        if behind:
            versions += await self._unembedded(brand, stored)
        wanted = list(vector_keys(versions, vector_entries))
        texts = {key.text_digest: text for key, text in wanted}
        known = await self._store.vectors.by_text(brand, model, texts)
        return Embedding(
            model=model,
            behind=behind,
            keys=tuple(key for key, _ in wanted),
            texts={digest: text for digest, text in texts.items() if digest not in known},
        )

    async def _opened(self, brand: str, sides: Sorted) -> tuple[str, ...]:
        public = {v.article.source for v in sides.changed if v.article.audience is Audience.PUBLIC}
        if not public:
            return ()
        stored = await self._store.articles(brand)
        return tuple(a.source for a in stored if a.source in public and a.audience is Audience.INTERNAL)

    async def _unembedded(self, brand: str, stored: dict[str, str]) -> list[tuple[str, tuple[Passage, ...]]]:
        """Return every version that lives with its passages: another model embedded them, this one must catch up."""
        passages: dict[str, list[Passage]] = {}
        for passage in (await self._store.changes(brand, 0)).born:
            passages.setdefault(stored[passage.article], []).append(passage)
        return [(version, tuple(members)) for version, members in passages.items()]

    async def _write(self, plan: Plan, on_progress: OnProgress | None) -> None:
        watch = Stopwatch("writing", len(plan.versions), on_progress)
        for some in _batches(plan.versions, _ARTICLES_AT_ONCE):
            await self._store.keep_articles(some)
            watch.advance(len(some))

    async def _embed(self, plan: Plan, on_progress: OnProgress | None) -> None:
        watch = Stopwatch("embedding", len(plan.embedding.texts), on_progress)
        for some in _batches(plan.embedding.texts.items(), _TEXTS_AT_ONCE):
            matrix = await self._embeddings.embed([text for _, text in some])
            vectors = {digest: vector for (digest, _), vector in zip(some, matrix, strict=True)}
            await self._store.vectors.keep(plan.brand, plan.embedding.model, vectors)
            watch.advance(len(some))
        for keys in _batches(plan.embedding.keys, 1_000):
            await self._store.vectors.keep_keys(plan.embedding.model, keys)

    async def _index_ahead(self, plan: Plan, on_progress: OnProgress | None) -> None:
        """Give Chroma the vectors under keys that nobody asks for yet, so that they are near when they are served."""
        model = plan.embedding.model
        replaced = await self._store.vectors.keys_of(plan.brand, model, [v.article.source for v in plan.changed])
        new = {key.key: key.text_digest for key in plan.embedding.keys if key.key not in replaced}
        watch = Stopwatch("indexing", len(new), on_progress)
        try:
            for some in _batches(new.items(), 1_000):
                kept = await self._store.vectors.by_text(plan.brand, model, {digest for _, digest in some})
                await self._vectors.upsert(plan.brand, {key: kept[digest] for key, digest in some})
                watch.advance(len(some))
        except KnowledgeError:
            # Keyword search answers until the index is repaired, from SQL.
            log.warning("knowledge.not_indexed", brand=plan.brand, vectors=self._vectors.state)

    async def _move(self, plan: Plan) -> int:
        if plan.embedding.behind:
            await self._store.vectors.mark_complete(plan.brand, plan.embedding.model, plan.base)
        if not plan.moves:
            return plan.base
        born = {version.article.source: version.version for version in plan.versions}
        step = Step(brand=plan.brand, base=plan.base, born=born, died=plan.removed)
        return (await self._store.advance(step, plan.embedding.model)).number

    async def _follow(self, brand: str) -> None:
        try:
            await self._vectors.follow(brand)
        except KnowledgeError:
            log.warning("knowledge.not_indexed", brand=brand, vectors=self._vectors.state)

    async def _prune(self, brand: str) -> None:
        try:
            pruned = await self._store.vectors.prune(brand)
        except KnowledgeError as exc:
            # The generation has moved; the next ingest prunes what is left.
            log.warning("knowledge.not_pruned", brand=brand, error=str(exc))
        else:
            log.debug("knowledge.pruned", brand=brand, vectors=pruned)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
