"""A knowledge base in a temporary directory: the product's own store, vectors and ingest, gone afterwards."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from service.database import migrate, open_engine, sqlite_url
from service.domain import Article
from service.knowledge.embedding.embeddings import Embeddings
from service.knowledge.finding.retrieval import PassageFinder
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors


@asynccontextmanager
async def finder_of(
    articles: Sequence[Article], brand: str, embeddings: Embeddings, *, limit: int
) -> AsyncIterator[PassageFinder]:
    """Ingest *articles* as *brand* and give a finder on them."""
    with tempfile.TemporaryDirectory(prefix="aplomb-benchmark-") as folder:
        place = Path(folder)
        migrate(sqlite_url(place))
        engine = open_engine(sqlite_url(place))
        store = KnowledgeStore(engine)
        vectors = ChromaVectors(store, embeddings.id, embeddings.dimension, place / "chroma")
        await vectors.open()
        try:
            ingest = Ingest(store, vectors, embeddings, place)
            await ingest.apply(await ingest.plan_articles(articles, brand))
            yield PassageFinder(store, vectors, embeddings, limit=limit)
        finally:
            await vectors.close()
            await engine.dispose()
