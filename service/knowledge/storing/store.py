"""Keeps articles, passages, vectors and generations in SQL: the truth from which every index can be made again."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Row, Table, and_, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.domain import Article, Audience, Generation, Passage
from service.errors import KnowledgeError, UnknownGenerationError
from service.knowledge.storing import rows, steps
from service.knowledge.storing.content import (
    ArticleVersion,
    Changes,
    Differences,
    KeyChanges,
    Step,
    StoredArticle,
    Vector,
    VectorKey,
)
from service.knowledge.storing.packed import PACKED, PackedVectors, pack, unpack
from service.knowledge.storing.served import ServedGenerations

_AUDIENCES = {audience.value: audience for audience in Audience}
_READ_AT_ONCE = 2_000
"""Rows of a large answer: what a hundred thousand passages take while they are read is never given back."""
_PRUNED_AT_ONCE = 100
"""Article versions."""
KEPT_GENERATIONS = 100
"""So many can be served again."""
_SCANNED_FROM = 5_000
"""So many vectors are read faster together with all others than each by its key."""


class KnowledgeStore:
    """
    The knowledge base of every brand; each method is one short transaction.

    Raises:
        KnowledgeError: From every method, when the database fails.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._served = ServedGenerations(engine)
        self._upsert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert

    # What is served

    async def generation(self, brand: str) -> int:
        """Return the number that is served; 0 when nothing was ingested."""
        number = self._served.number(brand)
        if number is not None:
            return number
        async with self._reading("the generation") as connection:
            return await steps.head(connection, brand)

    async def generations(self, brand: str) -> tuple[Generation, ...]:
        """Return every generation of *brand*, newest first."""
        table = rows.generations
        query = select(table).where(table.c.brand == brand).order_by(table.c.number.desc())
        async with self._reading("the generations") as connection:
            found = (await connection.execute(query)).all()
        return tuple(_generation(row) for row in found)

    async def born_at(self, brand: str, number: int) -> str:
        """Return when that generation was made, in ISO 8601; empty when it never was."""
        table = rows.generations.c
        query = select(table.created_at).where(table.brand == brand, table.number == number)
        async with self._reading("the generation") as connection:
            moment = (await connection.execute(query)).scalar()
        return moment.isoformat() if moment else ""

    async def brands(self) -> dict[str, int]:
        """Return every brand that was ever ingested, with its generation."""
        table = rows.generations
        query = select(table.c.brand, func.max(table.c.number)).group_by(table.c.brand)
        async with self._reading("the brands") as connection:
            found = (await connection.execute(query)).all()
        return {brand: number for brand, number in found}  # noqa: C416 - rows, not pairs, to mypy

    async def changes(self, brand: str, after: int) -> Changes:
        """
        Return what a reader at generation *after* must do to serve the newest one.

        0 brings everything that lives, and so does a number from the future (the database was put back).
        """
        async with self._reading("the changes") as connection:
            head = await steps.head(connection, brand)
            after = after if after <= head else 0
            placed = await connection.stream(rows.placed(rows.born(brand, after, head)))
            told: dict[str, str] = {}
            born = tuple([_passage(row, told) async for some in placed.partitions(_READ_AT_ONCE) for row in some])
            died = (await connection.execute(rows.passage_ids(rows.died(brand, after, head)))).scalars().all()
        return Changes(generation=head, born=born, died=tuple(died))

    async def passages(self, ids: Collection[str]) -> dict[str, Passage]:
        """Return the passages of *ids* by id, dead ones too; unknown ids are left out."""
        placement = rows.article_passages.c
        found: dict[str, Passage] = {}
        async with self._reading("passages") as connection:
            for some in rows.slices(ids):
                # A passage that several versions share is told by the living one, else by the last.
                query = rows.placed(placement.passage.in_(some)).order_by(
                    rows.lives.c.died.is_(None), rows.lives.c.born
                )
                found |= {row.passage: _passage(row, {}) for row in await connection.execute(query)}
        return found

    async def articles(self, brand: str) -> tuple[StoredArticle, ...]:
        """Return the articles that live, by source."""
        life, article = rows.lives.c, rows.articles.c
        columns = [column for column in rows.articles.c if column.name not in {"brand", "source", "text"}]
        query = (
            select(life.source, life.born, *columns)
            .join(rows.articles, article.version == life.version)
            .where(life.brand == brand, life.died.is_(None))
            .order_by(life.source)
        )
        async with self._reading("the articles") as connection:
            found = (await connection.execute(query)).all()
        return tuple(StoredArticle(**(row._asdict() | {"audience": Audience(row.audience)})) for row in found)

    async def article(self, brand: str, source: str) -> Article | None:
        """Return the living article of *source* with its text, or None."""
        life, article = rows.lives.c, rows.articles.c
        query = (
            select(*(column for column in article if column.name not in {"version", "passages"}))
            .join(rows.lives, life.version == article.version)
            .where(life.brand == brand, life.source == source, life.died.is_(None))
        )
        async with self._reading("the article") as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Article(**(row._asdict() | {"audience": Audience(row.audience)}))

    async def article_passages(self, brand: str, source: str) -> tuple[Passage, ...]:
        """Return the passages of the living article of *source* in their order; empty when there is none."""
        mine = and_(rows.alive(brand), rows.lives.c.source == source)
        query = rows.placed(mine).order_by(rows.article_passages.c.position)
        async with self._reading("the article's passages") as connection:
            return tuple(_passage(row, {}) for row in await connection.execute(query))

    async def versions(self, brand: str) -> dict[str, str]:
        """Return source → version of every article that lives."""
        life = rows.lives.c
        query = select(life.source, life.version).where(life.brand == brand, life.died.is_(None))
        async with self._reading("the articles' versions") as connection:
            found = (await connection.execute(query)).all()
        return {source: version for source, version in found}  # noqa: C416

    async def report(self, brand: str) -> tuple[datetime, Mapping[str, Any]] | None:
        """Return when the last ingest of *brand* ended and what it told, as JSON values; None before the first."""
        table = rows.reports.c
        query = select(table.at, table.report).where(table.brand == brand)
        async with self._reading("the last report") as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else (row.at, row.report)

    async def differences(self, brand: str, number: int) -> Differences:
        """Return what going back to generation *number* changes; UnknownGenerationError when there was none."""
        async with self._reading("the generations") as connection:
            head = await steps.head(connection, brand)
            if not 1 <= number <= head:
                raise UnknownGenerationError(f"there is no generation {number} to go back to; the newest is {head}")
            then = await steps.versions_at(connection, brand, number)
            now = await steps.versions_at(connection, brand, head)
        return Differences(
            back=tuple(sorted(then.keys() - now.keys())),
            gone=tuple(sorted(now.keys() - then.keys())),
            changed=tuple(sorted(source for source in then.keys() & now.keys() if then[source] != now[source])),
        )

    # Vectors

    async def embedded(self, brand: str, model: str) -> int:
        """Return up to which generation every article has its vectors of *model*."""
        table = rows.embedded.c
        query = select(table.generation).where(table.brand == brand, table.model == model)
        async with self._reading("the state of the vectors") as connection:
            return (await connection.execute(query)).scalar() or 0

    async def dimension(self, model: str) -> int:
        """Return how long the kept vectors of *model* are; 0 when there are none."""
        query = select(rows.vectors.c.vector).where(rows.vectors.c.model == model).limit(1)
        async with self._reading("a vector") as connection:
            packed = (await connection.execute(query)).scalar()
        return unpack(packed).size if packed else 0

    async def vectors(self, brand: str, model: str, keys: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of *keys* by key; those that were never embedded are left out."""
        digests: dict[str, str] = {}
        async with self._reading("the vectors' keys") as connection:
            for some in rows.slices(keys):
                digests |= {row.key: row.text_digest for row in await connection.execute(rows.needs(model, some))}
        kept = await self.text_vectors(brand, model, set(digests.values()))
        return {key: kept[digest] for key, digest in digests.items() if digest in kept}

    async def matrix(self, brand: str, model: str, keys: Sequence[str], dimension: int) -> PackedVectors:
        """Return a line for each of *keys*, in their order: its vector, or zeros where it was never embedded."""
        matrix = np.zeros((len(keys), dimension), PACKED)
        places = {key: place for place, key in enumerate(keys)}
        if len(keys) > _SCANNED_FROM:
            await self._fill_living(brand, model, matrix, places)
        for key, vector in (await self.vectors(brand, model, places)).items():
            matrix[places[key]] = vector
        return matrix

    async def _fill_living(self, brand: str, model: str, matrix: PackedVectors, places: dict[str, int]) -> None:
        """Fill in those that live, all at once, six times as fast as one by one; leave in *places* what is missing."""
        async with self._reading("the vectors") as connection:
            stream = await connection.stream(rows.living_vectors(brand, model))
            async for some in stream.partitions(_READ_AT_ONCE):
                wanted = [(places.pop(key), packed) for key, packed in some if key in places]
                lines = np.frombuffer(b"".join(packed for _, packed in wanted), PACKED)
                matrix[[place for place, _ in wanted]] = lines.reshape(len(wanted), -1)

    async def text_vectors(self, brand: str, model: str, digests: Collection[str]) -> dict[str, Vector]:
        """Return the vectors that are kept already, by the digest of their text."""
        held = rows.vectors.c
        found: dict[str, Vector] = {}
        async with self._reading("vectors") as connection:
            for some in rows.slices(digests):
                query = select(held.text_digest, held.vector).where(
                    held.brand == brand, held.model == model, held.text_digest.in_(some)
                )
                found |= {digest: unpack(vector) for digest, vector in await connection.execute(query)}
        return found

    async def keys(self, brand: str, model: str) -> frozenset[str]:
        """Return the key of every vector that the newest generation needs."""
        query = rows.keys(model, rows.alive(brand))
        async with self._reading("the vectors' keys") as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def version_keys(self, brand: str, model: str, sources: Collection[str]) -> frozenset[str]:
        """Return the keys that the living versions of *sources* need."""
        found: set[str] = set()
        async with self._reading("the vectors' keys") as connection:
            for some in rows.slices(sources):
                query = rows.keys(model, and_(rows.alive(brand), rows.lives.c.source.in_(some)))
                found.update((await connection.execute(query)).scalars())
        return frozenset(found)

    async def key_changes(self, brand: str, model: str, after: int) -> KeyChanges:
        """Return what an index of *model* at generation *after* must add and forget; 0 adds everything."""
        async with self._reading("the vectors' changes") as connection:
            head = await steps.head(connection, brand)
            after = after if after <= head else 0
            born = frozenset((await connection.execute(rows.keys(model, rows.born(brand, after, head)))).scalars())
            died = set((await connection.execute(rows.keys(model, rows.died(brand, after, head)))).scalars()) - born
            for some in rows.slices(tuple(died)):
                needed = await connection.execute(rows.needs(model, some))
                died -= {row.key for row in needed if row.died is None}
        return KeyChanges(generation=head, born=born, died=frozenset(died))

    # What an ingest writes: content first, which nobody sees, then one generation

    async def keep_articles(self, versions: Sequence[ArticleVersion]) -> None:
        """Write the content of *versions*; it counts once a generation brings them to life."""
        articles = [_article_row(version) for version in versions]
        passages = {p.id: {"id": p.id, "heading": p.heading, "text": p.text} for v in versions for p in v.passages}
        placements = [
            {"version": v.version, "position": p.position, "passage": p.id, "start": p.start}
            for v in versions
            for p in v.passages
        ]
        async with self._writing("articles") as connection:
            await self._add(connection, rows.articles, articles)
            await self._add(connection, rows.passages, list(passages.values()))
            await self._add(connection, rows.article_passages, placements)

    async def keep_vectors(self, brand: str, model: str, vectors: Mapping[str, Vector]) -> None:
        """Write vectors by the digest of their text, rounded to float16."""
        new = [
            {"brand": brand, "model": model, "text_digest": digest, "vector": pack(vector)}
            for digest, vector in vectors.items()
        ]
        async with self._writing("vectors") as connection:
            await self._add(connection, rows.vectors, new)

    async def keep_vector_keys(self, model: str, keys: Iterable[VectorKey]) -> None:
        """Write which vectors the articles need."""
        new = [{"model": model, "version": k.version, "key": k.key, "text_digest": k.text_digest} for k in keys]
        async with self._writing("the vectors' keys") as connection:
            await self._add(connection, rows.article_vectors, new)

    async def mark_embedded(self, brand: str, model: str, generation: int) -> None:
        """Say that every article of *generation* has its vectors of *model*."""
        async with self._writing("the state of the vectors") as connection:
            await self._mark_embedded(connection, brand, model, generation)

    async def advance(self, step: Step, model: str) -> Generation:
        """
        Move a brand to its next generation: the one moment in which anything changes for readers.

        The born articles must have their vectors of *model*.

        Raises:
            IngestBusyError: The brand is not at the step's base any more.
        """
        async with self._writing("the generation") as connection:
            complete = step.base == 0 or model in await steps.models_at(connection, step.brand, step.base)
            generation = await steps.take(connection, step)
            if complete:
                await self._mark_embedded(connection, step.brand, model, generation.number)
        return generation

    async def roll_back(self, brand: str, to: int) -> Generation:
        """
        Serve the articles of generation *to* again, as a new generation.

        Raises:
            UnknownGenerationError: *brand* never had that generation.
        """
        async with self._writing("the rollback") as connection:
            base = await steps.head(connection, brand)
            if not 1 <= to <= base:
                raise UnknownGenerationError(f"there is no generation {to} to go back to; the newest is {base}")
            if to <= base - KEPT_GENERATIONS:
                raise UnknownGenerationError(
                    f"generation {to} is too old to go back to; the last {KEPT_GENERATIONS} stay"
                )
            then = await steps.versions_at(connection, brand, to)
            now = await steps.versions_at(connection, brand, base)
            born = {source: version for source, version in then.items() if now.get(source) != version}
            complete = await steps.models_at(connection, brand, base)
            step = Step(brand=brand, base=base, born=born, died=now.keys() - then.keys(), restores=to)
            generation = await steps.take(connection, step)
            for model in complete:
                await self._mark_embedded(connection, brand, model, generation.number)
        return generation

    async def keep_report(self, brand: str, at: datetime, report: Mapping[str, Any]) -> None:
        """Write what the last ingest told, in place of the one before."""
        told = {"at": at, "report": dict(report)}
        new = self._upsert(rows.reports).values(brand=brand, **told)
        async with self._writing("the report") as connection:
            await connection.execute(new.on_conflict_do_update(index_elements=["brand"], set_=told))

    async def prune(self, brand: str) -> int:
        """
        Delete the vectors that no generation within reach of a rollback needs, and return how many.

        Passages and articles stay for good: receipts quote them.
        """
        async with self._reading("what is out of reach") as connection:
            floor = await steps.head(connection, brand) - KEPT_GENERATIONS
            versions = (await connection.execute(rows.out_of_reach(brand, floor))).scalars().all() if floor > 0 else ()
        pruned = 0
        # In short transactions, so that the reply log never waits.
        for some in rows.slices(versions, _PRUNED_AT_ONCE):
            async with self._writing("the vectors") as connection:
                pruned += await steps.forget_vectors(connection, brand, some)
        return pruned

    async def _mark_embedded(self, connection: AsyncConnection, brand: str, model: str, generation: int) -> None:
        new = self._upsert(rows.embedded).values(brand=brand, model=model, generation=generation)
        await connection.execute(
            new.on_conflict_do_update(index_elements=["brand", "model"], set_={"generation": generation})
        )

    async def _add(self, connection: AsyncConnection, table: Table, new: list[dict[str, Any]]) -> None:
        """Insert what is not there yet; content that is there is equal, since its key is its hash."""
        if new:
            await connection.execute(self._upsert(table).on_conflict_do_nothing(), new)

    @asynccontextmanager
    async def _reading(self, what: str) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as exc:
            raise KnowledgeError(f"reading {what} failed") from exc

    @asynccontextmanager
    async def _writing(self, what: str) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as exc:
            raise KnowledgeError(f"writing {what} failed") from exc


def _generation(row: Row[Any]) -> Generation:
    return Generation(
        brand=row.brand,
        number=row.number,
        created_at=row.created_at,
        articles=row.articles,
        passages=row.passages,
        restores=row.restores,
    )


def _passage(row: Row[Any], told: dict[str, str]) -> Passage:
    """Return the passage; what an article says of all its passages is kept once, in *told*."""

    def once(text: str) -> str:
        return told.setdefault(text, text)

    return Passage(
        id=row.passage,
        brand=once(row.brand),
        article=once(row.source),
        title=once(row.title),
        heading=once(row.heading),
        text=row.text,
        position=row.position,
        start=row.start,
        language=row.language and once(row.language),
        url=row.url and once(row.url),
        audience=_AUDIENCES[row.audience],
    )


def _article_row(version: ArticleVersion) -> dict[str, Any]:
    article = version.article
    shown = {column.name: getattr(article, column.name) for column in rows.articles.c if hasattr(article, column.name)}
    return shown | {
        "version": version.version,
        "audience": article.audience.value,
        "passages": len(version.passages),
    }
