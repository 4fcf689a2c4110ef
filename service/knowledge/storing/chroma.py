"""Speaks with one Chroma, embedded or a server: a collection for each brand, stamped with how far it has come."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from service.errors import KnowledgeError, ServiceError

T = TypeVar("T")

_WRITTEN_AT_ONCE = 1_000
"""Vectors in one call: about 0.3 s, and below what any Chroma takes (5,461)."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far a collection has come."""

    generation: int = 0
    """Whose vectors are all there."""
    born_at: str = ""
    """When that generation was made: tells it from one of the same number in another database."""
    ahead: bool = False
    """Whether an ingest wrote vectors that no generation needs yet."""


class ChromaFailureError(Exception):
    """Chroma raised, or its Rust part panicked; the cause says how."""


class Chroma:
    """
    The collections of one embedding model. Blocking: call it from a thread; one may search while another writes.

    Raises:
        ChromaFailureError: From every method, when Chroma itself fails.
    """

    def __init__(self, place: Path | str, model: str, dimension: int) -> None:
        self._model = model
        self._dimension = dimension
        self._client = contained(lambda: _client(place))
        self._collections: dict[str, Any] = {}

    def nearest(self, brand: str, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """
        Return at most *limit* keys with their cosine, nearest first.

        Raises:
            KnowledgeError: *brand* has no vectors of this model.
        """
        collection = contained(lambda: self._existing(brand))
        found = contained(
            lambda: collection.query(query_embeddings=vector[np.newaxis], n_results=limit, include=["distances"])
        )
        return [(key, 1.0 - float(far)) for key, far in zip(found["ids"][0], found["distances"][0], strict=True)]

    def write(self, brand: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Add or replace; leaves out a text without a word, which has no direction and would be near to everything."""
        collection = contained(lambda: self._collection(brand))
        keys = [key for key, vector in vectors.items() if vector.any()]
        for some in slices(keys, _WRITTEN_AT_ONCE):
            matrix = np.stack([vectors[key] for key in some])
            contained(partial(collection.upsert, ids=some, embeddings=matrix))

    def forget(self, brand: str, keys: Collection[str]) -> None:
        """Remove *keys*; unknown ones do no harm."""
        collection = contained(lambda: self._collection(brand))
        for some in slices(sorted(keys), _WRITTEN_AT_ONCE):
            contained(partial(collection.delete, ids=some))

    def settle(self, brand: str) -> None:
        """Let what was written reach its files: Chroma puts that off until somebody searches."""
        collection = contained(lambda: self._collection(brand))
        anything = np.ones((1, self._dimension), np.float32)
        contained(lambda: collection.query(query_embeddings=anything, n_results=1, include=[]))

    def keys(self, brand: str) -> set[str]:
        return set(contained(lambda: self._collection(brand).get(include=[])["ids"]))

    def stamp(self, brand: str) -> Stamp:
        held = contained(lambda: self._collection(brand)).metadata
        return Stamp(held["generation"], held.get("born_at", ""), held["ahead"])

    def mark(self, brand: str, stamp: Stamp) -> None:
        owner = {"brand": brand, "model": self._model, "dimension": self._dimension}
        contained(lambda: self._collection(brand).modify(metadata=owner | asdict(stamp)))

    def drop(self, brand: str) -> None:
        """Remove the whole collection."""
        if self._collections.pop(brand, None) or contained(lambda: self._found(brand)):
            contained(lambda: self._client.delete_collection(self._name(brand)))

    def _existing(self, brand: str) -> Any:  # noqa: ANN401 - Chroma ships no types
        collection = self._collections.get(brand) or self._found(brand)
        if collection is None:
            raise KnowledgeError(f"there are no vectors of {self._model} yet: run the ingest again")
        self._collections[brand] = collection
        return collection

    def _collection(self, brand: str) -> Any:  # noqa: ANN401
        collection = self._collections.get(brand) or self._found(brand) or self._made(brand)
        self._collections[brand] = collection
        return collection

    def _found(self, brand: str) -> Any:  # noqa: ANN401
        from chromadb.errors import NotFoundError  # noqa: PLC0415

        try:
            collection = self._client.get_collection(self._name(brand), embedding_function=None)
        except NotFoundError:
            return None
        if collection.metadata["dimension"] != self._dimension:
            held = collection.metadata["dimension"]
            raise KnowledgeError(f"the vectors of {self._model} have {held} dimensions, and now {self._dimension}")
        return collection

    def _made(self, brand: str) -> Any:  # noqa: ANN401
        owner = {"brand": brand, "model": self._model, "dimension": self._dimension}
        return self._client.get_or_create_collection(
            self._name(brand),
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
            metadata=owner | asdict(Stamp()),
        )

    def _name(self, brand: str) -> str:
        """Chroma allows letters, digits, dots and dashes; the id of a brand or a model may hold anything."""
        return "passages-" + hashlib.sha256(f"{brand}\x1f{self._model}".encode()).hexdigest()[:32]


def contained(work: Callable[[], T]) -> T:
    """Run *work* and turn whatever Chroma raises into one error."""
    try:
        return work()
    except ServiceError:
        raise
    except Exception as exc:
        raise ChromaFailureError from exc
    except BaseException as exc:
        # A panic of the Rust part is no Exception, and must not end the service.
        if type(exc).__name__ != "PanicException":
            raise
        raise ChromaFailureError from exc


def slices(values: list[str], at_once: int) -> Iterator[list[str]]:
    for start in range(0, len(values), at_once):
        yield values[start : start + at_once]


def _client(place: Path | str) -> Any:  # noqa: ANN401
    # Imported late: it takes 1.2 s, and most commands never come here.
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        return chromadb.PersistentClient(str(place), settings=settings)
    url = urlsplit(place)
    ssl = url.scheme == "https"
    return chromadb.HttpClient(url.hostname or "localhost", url.port or (443 if ssl else 8000), ssl, settings=settings)
