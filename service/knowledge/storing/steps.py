"""Moves a brand from one generation to the next, within a transaction that the store has opened."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain import Generation
from service.errors import IngestBusyError
from service.knowledge.storing import rows
from service.knowledge.storing.content import Step
from service.knowledge.storing.transactions import put

KEPT_GENERATIONS = 100
"""So many can be served again."""
_MOVED = "another ingest of this brand finished in the meantime; run yours again"


async def take(connection: AsyncConnection, step: Step) -> Generation:
    table, life, number = rows.generations.c, rows.lives.c, step.base + 1
    new = Generation(
        brand=step.brand, number=number, created_at=datetime.now(UTC), articles=0, passages=0, restores=step.restores
    )
    try:
        # First, because it waits for and then refuses whoever else is about to make the same generation.
        await connection.execute(insert(rows.generations).values(**asdict(new)))
    except IntegrityError as exc:
        raise IngestBusyError(_MOVED) from exc
    if await head(connection, step.brand, below=number) != step.base:
        raise IngestBusyError(_MOVED)
    for some in rows.slices([*step.born, *step.died]):
        ends = update(rows.lives).where(rows.alive(step.brand), life.source.in_(some))
        await connection.execute(ends.values(died=number))
    if step.born:
        lives = [{"brand": step.brand, "source": s, "born": number, "version": v} for s, v in step.born.items()]
        await connection.execute(insert(rows.lives), lives)
    counts = await _count(connection, step.brand)
    here = and_(table.brand == step.brand, table.number == number)
    await connection.execute(update(rows.generations).where(here).values(counts))
    return replace(new, articles=counts["articles"], passages=counts["passages"])


async def head(connection: AsyncConnection, brand: str, below: int | None = None) -> int:
    table = rows.generations.c
    query = select(func.max(table.number)).where(table.brand == brand)
    if below is not None:
        query = query.where(table.number < below)
    return (await connection.execute(query)).scalar() or 0


async def versions_at(connection: AsyncConnection, brand: str, generation: int) -> dict[str, str]:
    life = rows.lives.c
    query = select(life.source, life.version).where(rows.alive_at(brand, generation))
    return {row.source: row.version for row in await connection.execute(query)}


async def models_at(connection: AsyncConnection, brand: str, generation: int) -> Sequence[str]:
    """Return the models whose vectors are complete at *generation*."""
    table = rows.embedded.c
    query = select(table.model).where(table.brand == brand, table.generation == generation)
    return (await connection.execute(query)).scalars().all()


async def mark_embedded(connection: AsyncConnection, brand: str, model: str, generation: int) -> None:
    """Say that every article of *generation* has its vectors of *model*."""
    await put(connection, rows.embedded, {"brand": brand, "model": model}, {"generation": generation})


async def forget_vectors(connection: AsyncConnection, brand: str, versions: Sequence[str]) -> int:
    """Delete what *versions* of *brand* need of vectors and no other version does; return how many."""
    need, held = rows.article_vectors.c, rows.vectors.c
    needed = select(need.model, need.text_digest).where(need.version.in_(versions)).distinct()
    digests: defaultdict[str, set[str]] = defaultdict(set)
    for model, digest in await connection.execute(needed):
        digests[model].add(digest)
    await connection.execute(delete(rows.article_vectors).where(need.version.in_(versions)))
    forgotten = 0
    for model, own in digests.items():
        for some in rows.slices(own):
            others = select(need.text_digest).where(need.model == model, need.text_digest.in_(some)).distinct()
            alone = set(some) - set((await connection.execute(others)).scalars())
            of_brand = and_(held.brand == brand, held.model == model, held.text_digest.in_(alone))
            await connection.execute(delete(rows.vectors).where(of_brand))
            forgotten += len(alone)
    return forgotten


async def _count(connection: AsyncConnection, brand: str) -> dict[str, int]:
    article = rows.articles.c
    query = (
        select(func.count().label("articles"), func.coalesce(func.sum(article.passages), 0).label("passages"))
        .join_from(rows.lives, rows.articles, article.version == rows.lives.c.version)
        .where(rows.alive(brand))
    )
    row = (await connection.execute(query)).one()
    return {"articles": row.articles, "passages": row.passages}
