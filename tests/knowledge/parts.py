"""Small real parts for tests of the knowledge base: an embedding that counts, a reader, a splitter of paragraphs."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.domain import Article, Passage
from service.knowledge.reading import Memory, Refusal


class CountingEmbeddings:
    """Eight deterministic dimensions a text, and a count of what was embedded."""

    id = "counting-1"
    dimension = 8

    def __init__(self) -> None:
        self.embedded: list[str] = []

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        rows = [np.frombuffer(hashlib.sha256(text.encode()).digest()[:8], dtype=np.uint8) for text in texts]
        matrix = np.stack(rows).astype(np.float32) - 127.5
        return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), dtype=np.float32)


def read_paragraphs(path: Path, brand: str, _memory: Memory) -> Iterator[Article | Refusal]:
    """Every text file is an article; one without words is refused."""
    for file in sorted(path.glob("*.md")) if path.is_dir() else [path]:
        text = file.read_text()
        if text.strip():
            yield Article(brand=brand, source=file.name, title=file.stem, text=text)
        else:
            yield Refusal(source=file.name, reason="the file is empty")


def split_paragraphs(article: Article) -> tuple[Passage, ...]:
    """A passage a paragraph."""
    found: list[Passage] = []
    for text in article.text.split("\n\n"):
        number = len(found)
        found.append(
            Passage(
                id=Passage.make_id(article.brand, article.source, "", text, sum(p.text == text for p in found)),
                brand=article.brand,
                article=article.source,
                title=article.title,
                heading="",
                text=text,
                position=number,
                start=article.text.index(text),
                language=article.language,
                url=article.url,
                audience=article.audience,
            )
        )
    return tuple(found)
