"""Keeps articles, passages, vectors and generations in SQL: the truth from which every index can be made again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import Article, Audience, Generation, Passage
from service.errors import UnknownGenerationError
from service.knowledge.storing import rows, steps
from service.knowledge.storing.content import ArticleVersion, Changes, Differences, Step, StoredArticle
from service.knowledge.storing.kept_vectors import KeptVectors
from service.knowledge.storing.served import ServedGenerations
from service.knowledge.storing.transactions import Transactions, add, put

_AUDIENCES = {audience.value: audience for audience in Audience}


class KnowledgeStore:
    """
    The knowledge base of every brand; each method is one short transaction.

    Raises:
        KnowledgeError: From every method, when the database fails.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._transactions = Transactions(engine)
        self._served = ServedGenerations(engine)
        self.vectors = KeptVectors(self._transactions)

    # What is served

    async def generation(self, brand: str) -> int:
        """Return the number that is served; 0 when nothing was ingested."""
        number = self._served.number(brand)
        if number is not None:
            return number
        async with self._transactions.reading("the generation") as connection:
            return await steps.head(connection, brand)

    async def generations(self, brand: str) -> tuple[Generation, ...]:
        """Return every generation of *brand*, newest first."""
        table = rows.generations
        query = select(table).where(table.c.brand == brand).order_by(table.c.number.desc())
        async with self._transactions.reading("the generations") as connection:
            found = (await connection.execute(query)).all()
        return tuple(_generation(row) for row in found)

    async def born_at(self, brand: str, number: int) -> str:
        """Return when that generation was made, in ISO 8601; empty when it never was."""
        table = rows.generations.c
        query = select(table.created_at).where(table.brand == brand, table.number == number)
        async with self._transactions.reading("the generation") as connection:
            moment = (await connection.execute(query)).scalar()
        return moment.isoformat() if moment else ""

    async def brands(self) -> dict[str, int]:
        """Return every brand that was ever ingested, with its generation."""
        table = rows.generations
        query = select(table.c.brand, func.max(table.c.number)).group_by(table.c.brand)
        async with self._transactions.reading("the brands") as connection:
            found = (await connection.execute(query)).all()
        return {brand: number for brand, number in found}  # noqa: C416 - rows, not pairs, to mypy

    async def changes(self, brand: str, after: int) -> Changes:
        """
        Return what a reader at generation *after* must do to serve the newest one.

        0 brings everything that lives, and so does a number from the future (the database was put back).
        """
        async with self._transactions.reading("the changes") as connection:
            head = await steps.head(connection, brand)
            after = after if after <= head else 0
            placed = await connection.stream(rows.placed(rows.born(brand, after, head)))
            told: dict[str, str] = {}
            born = tuple([_passage(row, told) async for some in placed.partitions(rows.READ_AT_ONCE) for row in some])
            died = (await connection.execute(rows.passage_ids(rows.died(brand, after, head)))).scalars().all()
        return Changes(generation=head, born=born, died=tuple(died))

    async def passages(self, ids: Collection[str]) -> dict[str, Passage]:
        """Return the passages of *ids* by id, dead ones too; unknown ids are left out."""
        placement = rows.article_passages.c
        found: dict[str, Passage] = {}
        async with self._transactions.reading("passages") as connection:
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
        async with self._transactions.reading("the articles") as connection:
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
        async with self._transactions.reading("the article") as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Article(**(row._asdict() | {"audience": Audience(row.audience)}))

    async def article_passages(self, brand: str, source: str) -> tuple[Passage, ...]:
        """Return the passages of the living article of *source* in their order; empty when there is none."""
        mine = and_(rows.alive(brand), rows.lives.c.source == source)
        query = rows.placed(mine).order_by(rows.article_passages.c.position)
        async with self._transactions.reading("the article's passages") as connection:
            return tuple(_passage(row, {}) for row in await connection.execute(query))

    async def versions(self, brand: str) -> dict[str, str]:
        """Return source → version of every article that lives."""
        life = rows.lives.c
        query = select(life.source, life.version).where(life.brand == brand, life.died.is_(None))
        async with self._transactions.reading("the articles' versions") as connection:
            found = (await connection.execute(query)).all()
        return {source: version for source, version in found}  # noqa: C416

    async def report(self, brand: str) -> tuple[datetime, Mapping[str, Any]] | None:
        """Return when the last ingest of *brand* ended and what it told, as JSON values; None before the first."""
        table = rows.reports.c
        query = select(table.at, table.report).where(table.brand == brand)
        async with self._transactions.reading("the last report") as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else (row.at, row.report)

    async def differences(self, brand: str, number: int) -> Differences:
        """Return what going back to generation *number* changes; UnknownGenerationError when there was none."""
        async with self._transactions.reading("the generations") as connection:
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
        async with self._transactions.writing("articles") as connection:
            await add(connection, rows.articles, articles)
            await add(connection, rows.passages, list(passages.values()))
            await add(connection, rows.article_passages, placements)

    async def advance(self, step: Step, model: str) -> Generation:
        """
        Move a brand to its next generation: the one moment in which anything changes for readers.

        The born articles must have their vectors of *model*.

        Raises:
            IngestBusyError: The brand is not at the step's base any more.
        """
        async with self._transactions.writing("the generation") as connection:
            complete = step.base == 0 or model in await steps.models_at(connection, step.brand, step.base)
            generation = await steps.take(connection, step)
            if complete:
                await steps.mark_embedded(connection, step.brand, model, generation.number)
        return generation

    async def roll_back(self, brand: str, to: int) -> Generation:
        """
        Serve the articles of generation *to* again, as a new generation.

        Raises:
            UnknownGenerationError: *brand* never had that generation.
        """
        async with self._transactions.writing("the rollback") as connection:
            base = await steps.head(connection, brand)
            if not 1 <= to <= base:
                raise UnknownGenerationError(f"there is no generation {to} to go back to; the newest is {base}")
            if to <= base - steps.KEPT_GENERATIONS:
                raise UnknownGenerationError(
                    f"generation {to} is too old to go back to; the last {steps.KEPT_GENERATIONS} stay"
                )
            then = await steps.versions_at(connection, brand, to)
            now = await steps.versions_at(connection, brand, base)
            born = {source: version for source, version in then.items() if now.get(source) != version}
            complete = await steps.models_at(connection, brand, base)
            step = Step(brand=brand, base=base, born=born, died=now.keys() - then.keys(), restores=to)
            generation = await steps.take(connection, step)
            for model in complete:
                await steps.mark_embedded(connection, brand, model, generation.number)
        return generation

    async def keep_report(self, brand: str, at: datetime, report: Mapping[str, Any]) -> None:
        """Write what the last ingest told, in place of the one before."""
        async with self._transactions.writing("the report") as connection:
            await put(connection, rows.reports, {"brand": brand}, {"at": at, "report": dict(report)})


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
