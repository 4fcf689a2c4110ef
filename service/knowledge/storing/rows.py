"""
The tables of the knowledge base.

Everything but lives and generations is content: written before it counts, never changed, addressed by a hash of itself.
Only lives say what is served, so that one short transaction moves a brand from one generation to the next, or back.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    Text,
    and_,
    or_,
    select,
)

from service.database import UtcDateTime, metadata

READ_AT_ONCE = 2_000
"""Rows of a large answer: what a hundred thousand passages take while they are read is never given back."""
_LOOK_UP_AT_ONCE = 1_000
"""Values in one IN list; SQLite takes 32,766 and PostgreSQL 65,535, and shorter statements are planned faster."""

generations = Table(
    "knowledge_generations",
    metadata,
    Column("brand", String(100), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("restores", Integer),  # the earlier generation that a rollback brought back
    sqlite_with_rowid=False,
)

reports = Table(
    "knowledge_reports",
    metadata,
    Column("brand", String(100), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("report", JSON, nullable=False),
)

articles = Table(
    "knowledge_articles",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("brand", String(100), nullable=False),
    Column("source", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(10)),
    Column("url", Text),
    Column("audience", String(10), nullable=False),
    Column("product", Text),
    Column("updated", Date),
    Column("owner", Text),
    Column("expires", Date),
    Column("passages", Integer, nullable=False),
)

lives = Table(
    "knowledge_lives",
    metadata,
    Column("brand", String(100), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("born", Integer, primary_key=True, autoincrement=False),
    Column("died", Integer),
    Column("version", ForeignKey(articles.c.version), nullable=False),
    Index("ix_knowledge_lives_born", "brand", "born"),
    Index("ix_knowledge_lives_died", "brand", "died"),
    Index("ix_knowledge_lives_version", "version"),
    sqlite_with_rowid=False,
)

passages = Table(
    "knowledge_passages",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
)

article_passages = Table(
    "knowledge_article_passages",
    metadata,
    Column("version", ForeignKey(articles.c.version), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("passage", ForeignKey(passages.c.id), nullable=False),
    Column("start", Integer, nullable=False),
    Index("ix_knowledge_article_passages_passage", "passage"),
    sqlite_with_rowid=False,
)

vectors = Table(
    "knowledge_vectors",
    metadata,
    Column("brand", String(100), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("text_digest", String(32), primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # little-endian float16
)

article_vectors = Table(
    "knowledge_article_vectors",
    metadata,
    # The version before the model: SQLite would start from a model's every vector otherwise.
    Column("version", ForeignKey(articles.c.version), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("text_digest", String(32), nullable=False),
    Index("ix_knowledge_article_vectors_key", "key"),
    sqlite_with_rowid=False,
)

embedded = Table(
    "knowledge_embedded",
    metadata,
    Column("brand", String(100), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("generation", Integer, nullable=False),  # up to it every article has its vectors of this model
    sqlite_with_rowid=False,
)


def alive(brand: str) -> ColumnElement[bool]:
    """Lives of *brand* that go on."""
    return and_(lives.c.brand == brand, lives.c.died.is_(None))


def alive_at(brand: str, generation: int) -> ColumnElement[bool]:
    """Lives that were served in *generation*; without "now", so that statements agree while an ingest goes on."""
    return and_(lives.c.brand == brand, lives.c.born <= generation, _outlives(generation))


def born(brand: str, after: int, until: int) -> ColumnElement[bool]:
    """Lives served in *until* that were not served in *after*."""
    return and_(lives.c.brand == brand, lives.c.born > after, lives.c.born <= until, _outlives(until))


def died(brand: str, after: int, until: int) -> ColumnElement[bool]:
    """Lives served in *after* that are not served in *until*."""
    return and_(lives.c.brand == brand, lives.c.born <= after, lives.c.died > after, lives.c.died <= until)


def placed(condition: ColumnElement[bool]) -> Select[Any]:
    """Passages with all that their article says about them, of the lives that meet *condition*."""
    article = articles.c
    return (
        select(
            article_passages.c.passage, article_passages.c.position, article_passages.c.start,
            passages.c.heading, passages.c.text,
            article.brand, article.source, article.title, article.language, article.url, article.audience,
        )
        .join_from(lives, articles, articles.c.version == lives.c.version)
        .join(article_passages, article_passages.c.version == articles.c.version)
        .join(passages, passages.c.id == article_passages.c.passage)
        .where(condition)
    )  # fmt: skip


def passage_ids(condition: ColumnElement[bool]) -> Select[Any]:
    """Return the ids alone."""
    return (
        select(article_passages.c.passage)
        .join_from(lives, article_passages, article_passages.c.version == lives.c.version)
        .where(condition)
        .distinct()
    )


def keys(model: str, condition: ColumnElement[bool]) -> Select[Any]:
    """Keys of the vectors of *model* that the lives need."""
    return (
        select(article_vectors.c.key)
        .join_from(lives, article_vectors, article_vectors.c.version == lives.c.version)
        .where(article_vectors.c.model == model, condition)
        .distinct()
    )


def living_vectors(brand: str, model: str) -> Select[Any]:
    """Every key that lives, with its vector."""
    needed = article_vectors.c
    same_text = and_(vectors.c.model == needed.model, vectors.c.text_digest == needed.text_digest)
    return (
        select(needed.key, vectors.c.vector)
        .join_from(lives, article_vectors, and_(needed.version == lives.c.version, needed.model == model))
        .join(vectors, and_(same_text, vectors.c.brand == lives.c.brand))
        .where(alive(brand))
    )


def needs(model: str, some: list[str]) -> Select[Any]:
    """
    Keys with the text of their vector, once for each life that needs them, the life that goes on last.

    No word of the brand, which the versions imply: SQLite would start from all its lives.
    """
    return (
        select(article_vectors.c.key, article_vectors.c.text_digest, lives.c.died)
        .join_from(article_vectors, lives, lives.c.version == article_vectors.c.version)
        .where(article_vectors.c.model == model, article_vectors.c.key.in_(some))
        .order_by(lives.c.died.is_(None), lives.c.born)
    )


def out_of_reach(brand: str, floor: int) -> Select[Any]:
    """Versions that have vectors and were served in *floor* for the last time, or before."""
    life, later = lives.c, lives.alias().c
    revived = select(later.version).where(later.version == life.version, or_(later.died.is_(None), later.died > floor))
    has_vectors = select(article_vectors.c.version).where(article_vectors.c.version == life.version)
    gone = and_(life.brand == brand, life.died <= floor, ~revived.exists(), has_vectors.exists())
    return select(life.version).where(gone).distinct()


def _outlives(generation: int) -> ColumnElement[bool]:
    return or_(lives.c.died.is_(None), lives.c.died > generation)


def slices(values: Collection[str], at_once: int = _LOOK_UP_AT_ONCE) -> Iterator[list[str]]:
    listed = list(values)
    for start in range(0, len(listed), at_once):
        yield listed[start : start + at_once]
