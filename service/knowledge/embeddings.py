"""What turns text into vectors: the promise that every embedding model keeps."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from service.domain import Passage

Vectors = NDArray[np.float32]
"""One row a text, each of unit length (all zeros for a text without a single word)."""


class Embeddings(Protocol):
    @property
    def id(self) -> str:
        """Names the model and everything else that changes its vectors; vectors of two ids are never compared."""

    @property
    def dimension(self) -> int: ...

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """
        Return the vectors of *texts* in their order.

        Raises:
            EmbeddingError: The model is missing, damaged, or did not answer.
        """


def vector_entries(passages: Iterable[Passage]) -> dict[str, str]:
    """Return what ingest embeds and stores for *passages*: the vector's key → the text to embed."""
    return {passage.id: embedded_text(passage) for passage in passages}


def embedded_text(passage: Passage) -> str:
    """Return the passage under its title and headings: a passage alone often does not say what it is about."""
    return "\n".join(part for part in (passage.title, passage.heading, passage.text) if part)
