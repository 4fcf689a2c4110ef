"""Finds the passages that answer a question, and says how sure it is that they do."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import structlog
from numpy.typing import NDArray

from service.domain import Audience, Finding, Passage
from service.errors import EmbeddingError, KnowledgeError
from service.knowledge.embedding.embeddings import Embeddings, passage_of, vector_keys
from service.knowledge.finding.memory import give_back
from service.knowledge.finding.ranking import Explanation, explained
from service.knowledge.finding.scoring import Search
from service.knowledge.finding.shelf import Shelf

log = structlog.get_logger()

CANDIDATES = 60
"""Rows taken from each side, keywords and meaning; more changed no figure on the development sets."""

_LARGE = 10_000
"""Passages of one change whose reading leaves much memory behind."""


class Changes(Protocol):
    """What leads from one generation to another: first forget the dead, then add the born; an id may be in both."""

    @property
    def generation(self) -> int: ...
    @property
    def born(self) -> tuple[Passage, ...]: ...
    @property
    def died(self) -> tuple[str, ...]:
        """Ids of passages."""


class PassageVectors(Protocol):
    async def matrix(self, brand: str, model: str, keys: Sequence[str], dimension: int) -> NDArray[np.float16]:
        """Return a line for each of *keys*: its stored vector, or zeros."""


class PassageStore(Protocol):
    @property
    def vectors(self) -> PassageVectors: ...

    async def generation(self, brand: str) -> int:
        """Return the generation that is served; 0 when nothing was ingested."""

    async def changes(self, brand: str, after: int) -> Changes:
        """Return what lives in the served generation and not in *after*, and the reverse; after 0 all that lives."""


class NearestVectors(Protocol):
    async def nearest(self, brand: str, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """
        Return the keys nearest to *vector* with their cosines, nearest first; dead ones may be among them.

        Raises:
            KnowledgeError: The vectors cannot be searched.
        """


class PassageFinder:
    """Safe to share: each brand's state is replaced whole, never changed under a running search."""

    def __init__(self, store: PassageStore, vectors: NearestVectors, embeddings: Embeddings, *, limit: int) -> None:
        self._store = store
        self._vectors = vectors
        self._embeddings = embeddings
        self._limit = limit
        self._shelves: dict[str, Shelf] = {}
        self._catching_up: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def find(
        self,
        brand: str,
        question: str,
        *,
        language: str | None = None,
        limit: int | None = None,
        audience: Audience = Audience.PUBLIC,
    ) -> Finding:
        """
        Return the passages nearest to *question* in the generation that is served now.

        *language* is the question's, guessed when None; passages in another one are found too, but rank lower.

        Raises:
            KnowledgeError: The store cannot be read. Failing embeddings only leave keyword search.
        """
        search = await self._search(brand, question, language, limit, audience)
        return (await asyncio.to_thread(explained, *search)).finding

    async def explain(
        self,
        brand: str,
        question: str,
        *,
        language: str | None = None,
        limit: int | None = None,
        audience: Audience = Audience.PUBLIC,
    ) -> Explanation:
        """Return what `find` returns, with every candidate that it looked at and why it was dropped."""
        shelf, search = await self._search(brand, question, language, limit, audience)
        return await asyncio.to_thread(explained, shelf, replace(search, thorough=True))

    async def _search(
        self, brand: str, question: str, language: str | None, limit: int | None, audience: Audience
    ) -> tuple[Shelf, Search]:
        shelf = await self.shelf(brand)
        vector = await self._vector(question)
        return shelf, Search(
            question=question,
            language=language,
            vector=vector,
            model=self._embeddings.id,
            nearest=await self._nearest(brand, shelf, vector, audience),
            audience=audience,
            limit=limit or self._limit,
            breadth=CANDIDATES,
        )

    async def shelf(self, brand: str) -> Shelf:
        """Return the brand's state in the served generation, catching up first where needed."""
        generation = await self._store.generation(brand)
        shelf = self._shelves.get(brand)
        if shelf is not None and shelf.generation == generation:
            return shelf
        async with self._catching_up[brand]:
            return await self._caught_up(brand, generation)

    async def _caught_up(self, brand: str, generation: int) -> Shelf:
        shelf = self._shelves.get(brand)
        # After a rollback the served generation is older than ours: nothing tells what to undo.
        if shelf is None or shelf.generation > generation:
            shelf = Shelf.empty(self._embeddings.dimension)
        if shelf.generation < generation:
            changes = await self._store.changes(brand, shelf.generation)
            # Their texts would take as much memory again as the passages.
            keys = [key for passage in changes.born for key in vector_keys(passage)]
            vectors = await self._store.vectors.matrix(brand, self._embeddings.id, keys, shelf.dimension)
            del keys
            shelf = await asyncio.to_thread(shelf.changed, changes.generation, changes.born, changes.died, vectors)
            if len(changes.born) >= _LARGE:
                del changes, vectors
                await asyncio.to_thread(give_back)
            log.info("knowledge.followed", brand=brand, generation=shelf.generation, passages=len(shelf.rows))
        self._shelves[brand] = shelf
        return shelf

    async def _vector(self, question: str) -> NDArray[np.float32] | None:
        try:
            vectors = await self._embeddings.embed([question])
        except EmbeddingError as exc:
            log.warning("embeddings.failed", error=str(exc))
            return None
        return np.asarray(vectors[0], np.float32)

    async def _nearest(
        self, brand: str, shelf: Shelf, vector: NDArray[np.float32] | None, audience: Audience
    ) -> tuple[int, ...] | None:
        """Return the rows nearest by meaning that *audience* may see; None where the shelf is to look for them."""
        if vector is None or shelf.is_exact:
            return None
        visible = shelf.visible(audience)
        if not visible.any():
            return ()
        # A passage may have several vectors, and those of internal passages lie in the same collection.
        limit = int(
            CANDIDATES * min(8.0, 1.5 * len(shelf.vectors) / len(shelf.passages) * len(shelf.rows) / visible.sum())
        )
        try:
            hits = await self._vectors.nearest(brand, vector, limit)
        except KnowledgeError as exc:
            log.warning("vectors.failed", brand=brand, error=str(exc))
            return None
        rows = dict.fromkeys(shelf.rows.get(passage_of(key)) for key, _ in hits)
        return tuple(row for row in rows if row is not None and visible[row])[:CANDIDATES]
