"""What the tests of finding share: passages, a store in memory that can change and fail, and a finder on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.domain import Audience, Passage
from service.errors import KnowledgeError
from service.knowledge.embedding.embeddings import Vectors, vector_entries
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.finding.retrieval import PassageFinder

BRAND = "maison"


def passage(  # noqa: PLR0913 - a passage has as many sides
    text: str,
    *,
    title: str = "",
    article: str = "a.md",
    heading: str = "",
    position: int = 0,
    language: str | None = None,
    audience: Audience = Audience.PUBLIC,
    url: str | None = None,
) -> Passage:
    return Passage(
        id=Passage.make_id(BRAND, article, heading, text),
        brand=BRAND,
        article=article,
        title=title,
        heading=heading,
        text=text,
        position=position,
        start=0,
        language=language,
        audience=audience,
        url=url,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    generation: int
    born: tuple[Passage, ...]
    died: tuple[str, ...] = ()


@dataclass
class Shelves:
    """A store and vector index of one brand; `publish` moves its generation."""

    embeddings: HashedEmbeddings = field(default_factory=HashedEmbeddings)
    steps: list[Step] = field(default_factory=list)
    vectors_fail: bool = False
    asked_after: list[int] = field(default_factory=list)
    _vectors: dict[str, Vectors] = field(default_factory=dict)

    def publish(self, born: Sequence[Passage] = (), died: Sequence[Passage] = ()) -> None:
        entries = vector_entries(born)
        self._vectors |= dict(zip(entries, self.embeddings.embed_now(list(entries.values())), strict=True))
        gone = tuple(each.id for each in died)
        self.steps.append(Step(generation=len(self.steps) + 1, born=tuple(born), died=gone))

    @property
    def vectors(self) -> "Shelves":
        return self

    async def generation(self, brand: str) -> int:
        assert brand == BRAND
        return len(self.steps)

    async def changes(self, brand: str, after: int) -> Step:
        assert brand == BRAND
        self.asked_after.append(after)
        alive: dict[str, Passage] = {}
        died: set[str] = set()
        for step in self.steps[after:]:
            died |= set(step.died)
            alive = {key: each for key, each in alive.items() if key not in step.died}
            alive |= {each.id: each for each in step.born}
        return Step(generation=len(self.steps), born=tuple(alive.values()), died=tuple(died))

    async def matrix(self, brand: str, model: str, keys: Sequence[str], dimension: int) -> NDArray[np.float16]:
        assert (brand, model) == (BRAND, self.embeddings.id)
        lines = [self._vectors.get(key, np.zeros(dimension)) for key in keys]
        return np.array(lines, np.float16).reshape(len(keys), dimension)

    async def nearest(self, brand: str, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        assert brand == BRAND
        if self.vectors_fail:
            raise KnowledgeError("the index is damaged")
        # Dead vectors stay a while, as they do in Chroma.
        cosines = {key: float(other @ vector) for key, other in self._vectors.items()}
        return sorted(cosines.items(), key=lambda each: -each[1])[:limit]

    def finder(self, limit: int = 5) -> PassageFinder:
        return PassageFinder(self, self, self.embeddings, limit=limit)
