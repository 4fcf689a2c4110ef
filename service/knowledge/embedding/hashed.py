"""Vectors from the spelling alone: no model, no download; the last resort, and what tests use."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from zlib import crc32

import numpy as np

from service.knowledge.embedding.embeddings import Vectors
from service.knowledge.wording.vocabulary import grams
from service.knowledge.wording.words import words

_WORD, _PAIR, _GRAM = 1.0, 0.5, 0.3
"""Weights of a word, of two words in a row and of four letters in a row."""


class HashedEmbeddings:
    """The same in every process and on every machine (CRC-32, not Python's seeded hash)."""

    id = "hashed-1"
    dimension = 512

    async def embed(self, texts: Sequence[str]) -> Vectors:
        return self.embed_now(texts)

    def embed_now(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for feature, weight in _features(text):
                code = crc32(feature.encode())
                vector[code % self.dimension] += weight if code >> 31 else -weight
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), np.float32)


def _features(text: str) -> Iterator[tuple[str, float]]:
    found = words(text)
    for word in found:
        yield word, _WORD
        for gram in grams(word):
            yield gram, _GRAM
    for left, right in pairwise(found):
        yield f"{left} {right}", _PAIR
