"""What the tests of storing and ingesting share: a store on a fresh database, its index, a folder of articles."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors
from tests.knowledge.parts import CountingEmbeddings, read_paragraphs, split_paragraphs

OpenVectors: TypeAlias = Callable[[], Awaitable[ChromaVectors]]


@pytest.fixture
def embeddings() -> CountingEmbeddings:
    return CountingEmbeddings()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    directory = tmp_path / "articles"
    directory.mkdir()
    return directory


@pytest.fixture
def store(engine: AsyncEngine) -> KnowledgeStore:
    return KnowledgeStore(engine)


@pytest.fixture
async def open_vectors(
    store: KnowledgeStore, embeddings: CountingEmbeddings, data_dir: Path
) -> AsyncIterator[OpenVectors]:
    """Open the index of the data directory, each time as a starting process would."""
    opened: list[ChromaVectors] = []

    async def open_one() -> ChromaVectors:
        vectors = ChromaVectors(store, embeddings.id, embeddings.dimension, data_dir / "chroma", repair_pause_s=0)
        opened.append(vectors)
        await vectors.open()
        await vectors.settled()
        return vectors

    yield open_one
    for vectors in opened:
        await vectors.close()


@pytest.fixture
async def vectors(open_vectors: OpenVectors) -> ChromaVectors:
    return await open_vectors()


@pytest.fixture
def ingest(store: KnowledgeStore, vectors: ChromaVectors, embeddings: CountingEmbeddings, data_dir: Path) -> Ingest:
    return Ingest(store, vectors, embeddings, data_dir, read=read_paragraphs, split=split_paragraphs)


@dataclass(frozen=True, kw_only=True)
class Room:
    """An ingest with all its parts, for tests that need many of them."""

    ingest: Ingest
    store: KnowledgeStore
    vectors: ChromaVectors
    embeddings: CountingEmbeddings
    folder: Path
    data_dir: Path
    open_vectors: OpenVectors

    @property
    def directory(self) -> Path:
        """Where the current index lies."""
        return self.data_dir / "chroma" / (self.data_dir / "chroma" / "current").read_text()

    async def fill(self, text: str = "eins\n\nzwei\n\ndrei") -> None:
        (self.folder / "a.md").write_text(text)
        await self.ingest.apply(await self.ingest.plan(self.folder, "ml"))

    async def needed(self) -> frozenset[str]:
        return await self.store.vectors.keys("ml", self.embeddings.id)


@pytest.fixture
def room(  # noqa: PLR0913, PLR0917
    ingest: Ingest,
    store: KnowledgeStore,
    vectors: ChromaVectors,
    embeddings: CountingEmbeddings,
    folder: Path,
    data_dir: Path,
    open_vectors: OpenVectors,
) -> Room:
    return Room(
        ingest=ingest,
        store=store,
        vectors=vectors,
        embeddings=embeddings,
        folder=folder,
        data_dir=data_dir,
        open_vectors=open_vectors,
    )
