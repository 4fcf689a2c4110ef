"""What turns text into vectors: the promise that every embedding model keeps."""

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from service.domain import Passage

Vectors = NDArray[np.float32]
"""One row a text, each of unit length (all zeros for a text without a single word)."""


WINDOW = 100
"""
Words that one vector stands for. A passage of 170 words in French is cut by MiniLM (256 tokens), and a vector of much
text is near to nothing in particular: nDCG@10 of the vectors alone, 170 → 100 words, rose from .538 to .58 on cnil_fr
and from .652 to .68 on servicepublic_fr.
"""


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
    return {
        key: text for passage in passages for key, text in zip(vector_keys(passage), _windows(passage), strict=True)
    }


def vector_keys(passage: Passage) -> tuple[str, ...]:
    """Return the keys of the passage's vectors: its id, then its id with `-1`, `-2`… for the rest of a long one."""
    return (passage.id, *(f"{passage.id}-{place}" for place in range(1, _count(passage))))


def passage_of(key: str) -> str:
    """Return the id of the passage whose vector has *key*."""
    return key.partition("-")[0]


def _count(passage: Passage) -> int:
    return max(1, math.ceil(len(passage.text.split()) / WINDOW))


def _windows(passage: Passage) -> list[str]:
    """Return the passage in equal parts, each under title and headings: alone it may not say what it is about."""
    words, count = passage.text.split(), _count(passage)
    length = math.ceil(len(words) / count)
    head = [part for part in (passage.title, passage.heading) if part]
    return ["\n".join((*head, " ".join(words[place * length : (place + 1) * length]))) for place in range(count)]
