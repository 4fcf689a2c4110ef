"""Vectors from any endpoint that speaks OpenAI's `/embeddings`: the choice for multilingual models."""

import asyncio
import math
import random
from collections.abc import Mapping, Sequence

import httpx
import numpy as np

from service.errors import EmbeddingError
from service.knowledge.embedding.embeddings import Vectors

_BATCH = 64
"""Texts a request; every known endpoint takes as many."""
_ATTEMPTS = 3
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0
"""Whatever a Retry-After says: a reply does not wait longer."""
_AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504})
_MAX_CHARS = 24_000
"""Cuts what no embedding model reads to its end (8 191 tokens), rather than have the whole batch refused."""


class OpenAiEmbeddings:
    """The dimension is known after the first answer, and 0 before."""

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        model: str,
        *,
        timeout_s: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.AsyncClient(
            base_url=base_url.rstrip("/") + "/", headers=headers, timeout=timeout_s, transport=transport
        )
        self._model = model
        self.id = f"openai-{model}"
        self.dimension = 0

    async def embed(self, texts: Sequence[str]) -> Vectors:
        batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        parts = [await self._embed_batch(batch) for batch in batches]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimension), np.float32)

    async def close(self) -> None:
        await self._client.aclose()

    async def _embed_batch(self, texts: Sequence[str]) -> Vectors:
        # An empty input is an error to OpenAI; a space is not.
        body = {"model": self._model, "input": [text[:_MAX_CHARS] or " " for text in texts], "encoding_format": "float"}
        vectors = _vectors(await self._answer(body), len(texts))
        if self.dimension not in (0, vectors.shape[1]):
            msg = f"the embedding endpoint answered with {vectors.shape[1]} dimensions after {self.dimension}"
            raise EmbeddingError(msg)
        self.dimension = vectors.shape[1]
        return vectors

    async def _answer(self, body: Mapping[str, object]) -> object:
        for attempt in range(1, _ATTEMPTS + 1):
            last = attempt == _ATTEMPTS
            try:
                response = await self._client.post("embeddings", json=body)
                if response.status_code not in _AGAIN or last:
                    response.raise_for_status()
                    return response.json()
                pause = _pause_s(attempt, response.headers.get("retry-after"))
            except httpx.TransportError as exc:
                if last:
                    msg = "the embedding endpoint did not answer"
                    raise EmbeddingError(msg) from exc
                pause = _pause_s(attempt, None)
            except (httpx.HTTPError, ValueError) as exc:
                msg = "the embedding endpoint refused the texts or answered nonsense"
                raise EmbeddingError(msg) from exc
            await asyncio.sleep(pause)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises


def _pause_s(attempt: int, retry_after: str | None) -> float:
    """Return how long to wait: what the endpoint asks for within reason, else doubling, with jitter."""
    asked = float(retry_after) if retry_after and retry_after.isdecimal() else _FIRST_PAUSE_S * 2 ** (attempt - 1)
    return min(asked, _LONGEST_PAUSE_S) * random.uniform(1.0, 1.25)  # noqa: S311 - jitter is no secret


def _vectors(answer: object, expected: int) -> Vectors:
    """Return the vectors in the order of their texts, of unit length."""
    try:
        entries = sorted(answer["data"], key=lambda entry: entry["index"])  # type: ignore[index]
        vectors = np.array([entry["embedding"] for entry in entries], np.float32)
    except (KeyError, TypeError, ValueError) as exc:
        msg = "the embedding endpoint's answer has no vectors"
        raise EmbeddingError(msg) from exc
    if vectors.ndim != 2 or len(vectors) != expected or not math.isfinite(float(vectors.sum())):  # noqa: PLR2004
        msg = f"the embedding endpoint's answer does not hold {expected} vectors"
        raise EmbeddingError(msg)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), np.float32)
