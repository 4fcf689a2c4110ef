"""A store in memory behind the finder, for measuring finding alone: completed, split and embedded as in an ingest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain import Article, Passage
from service.knowledge.embedding.embeddings import Embeddings, Vectors, vector_entries
from service.knowledge.ingesting.ingest import LANGUAGES
from service.knowledge.ingesting.plan import completed
from service.knowledge.splitting.splitting import split


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryChanges:
    generation: int
    born: tuple[Passage, ...]
    died: tuple[str, ...] = ()


class MemoryStore:
    """One generation of one brand: both the store and the vector index that a finder asks for."""

    def __init__(self, passages: Sequence[Passage], vectors: Mapping[str, Vectors]) -> None:
        self._passages = tuple(passages)
        self._keys = tuple(vectors)
        self._matrix = np.array([vectors[key] for key in self._keys], np.float32)
        self._rows = {key: row for row, key in enumerate(self._keys)}

    @classmethod
    async def of(cls, articles: Sequence[Article], embeddings: Embeddings) -> "MemoryStore":
        passages = [passage for article in articles for passage in split(completed(article, LANGUAGES))]
        entries = vector_entries(passages)
        vectors = await embeddings.embed(list(entries.values()))
        return cls(passages, dict(zip(entries, vectors, strict=True)))

    @property
    def vectors(self) -> "MemoryStore":
        return self

    async def generation(self, brand: str) -> int:  # noqa: ARG002 - the finder's protocol
        return 1

    async def changes(self, brand: str, after: int) -> MemoryChanges:  # noqa: ARG002
        return MemoryChanges(generation=1, born=self._passages if after == 0 else ())

    async def matrix(self, brand: str, model: str, keys: Sequence[str], dimension: int) -> NDArray[np.float16]:  # noqa: ARG002
        """Return a line for each of *keys*, all of which there are."""
        return self._matrix[[self._rows[key] for key in keys]].astype(np.float16).reshape(len(keys), dimension)

    async def nearest(self, brand: str, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:  # noqa: ARG002
        cosines = self._matrix @ vector
        rows = np.argsort(-cosines)[:limit]
        return [(self._keys[row], float(cosines[row])) for row in rows]
