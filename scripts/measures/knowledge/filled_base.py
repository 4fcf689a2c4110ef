"""A knowledge base of any size, written straight into the store: what reading and embedding would take hours for."""

import asyncio
import hashlib
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.database import migrate, open_engine, sqlite_url
from service.domain import Article
from service.knowledge.embedding.embeddings import Vectors, vector_entries
from service.knowledge.embedding.minilm import MiniLmEmbeddings
from service.knowledge.finding.retrieval import PassageFinder
from service.knowledge.ingesting.ingest import LANGUAGES, Ingest
from service.knowledge.ingesting.plan import vector_keys, version_of
from service.knowledge.reading import read_path
from service.knowledge.splitting.splitting import split
from service.knowledge.storing.content import ArticleVersion, Step
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors

BRAND = "larkline"
PASSAGES_PER_ARTICLE = 5
PASSAGE_WORDS = 150
QUESTION_WORDS = 10
_TITLE_WORDS, _HEADING_WORDS, _SENTENCE_WORDS = 5, 3, 15
_OWN_WORDS = 50_000
_OWN_SHARE = 0.05
"""Of a text's words, those that no demo article has: names and codes, of which a base has the more the larger it is."""
_ROOT = Path(__file__).resolve().parents[3]
_KNOWLEDGE = _ROOT / "knowledge" / BRAND
_WHOLE = "filled"
"""The file that says that all was written."""
_WRITTEN_AT_ONCE = 1_000
_VECTORS_PER_SUBJECT = 100
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLES = tuple(start + vowel for start in "bcdfghjklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "er", "on"))


@dataclass(frozen=True, slots=True)
class Filled:
    store: KnowledgeStore
    vectors: ChromaVectors
    ingest: Ingest
    finder: PassageFinder
    articles: int

    async def article(self, number: int) -> Article:
        """Return the article of that number, counted in a circle."""
        return await _article(self.store, number % self.articles)

    async def questions(self, count: int) -> list[str]:
        return await _questions(self.store, self.articles, count)


@asynccontextmanager
async def filled(passages: int, *, limit: int = 6, kept: Path | None = None) -> AsyncIterator[Filled]:
    """
    Write so many passages as one generation, and open them; *kept* is a folder that has them, or gets them, for good.

    Their words are those of the demo articles, as frequent as there, with a share of rare ones (Zipf). A passage has
    150 words in sentences of 15 under a heading, an article five passages. Vectors lie around those of subjects, under
    the name of the model, which embeds the questions.
    """
    with written(passages, kept) as place:
        model = MiniLmEmbeddings()
        async with opened(place, model) as (store, vectors):
            finder = PassageFinder(store, vectors, model, limit=limit)
            ingest = Ingest(store, vectors, model, place)
            yield Filled(store, vectors, ingest, finder, passages // PASSAGES_PER_ARTICLE)


@contextmanager
def written(passages: int, kept: Path | None = None) -> Iterator[Path]:
    """Give the data directory alone, written by a process of its own, whose memory is not the service's."""
    with ExitStack() as stack:
        place = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aplomb-benchmark-")))
        if not (place / _WHOLE).exists():
            command = [sys.executable, "-m", "scripts.measures.knowledge.filled_base", str(place), str(passages)]
            subprocess.run(command, cwd=_ROOT, check=True)  # noqa: S603 - our own
        yield place


@asynccontextmanager
async def opened(place: Path, model: MiniLmEmbeddings) -> AsyncIterator[tuple[KnowledgeStore, ChromaVectors]]:
    """Open store and index, the index whole, the schema the newest."""
    await asyncio.to_thread(migrate, sqlite_url(place))
    engine = open_engine(sqlite_url(place))
    store = KnowledgeStore(engine)
    vectors = ChromaVectors(store, model.id, model.dimension, place / "chroma")
    await vectors.open()
    await vectors.settled()
    try:
        yield store, vectors
    finally:
        await vectors.close()
        await engine.dispose()


def questions(place: Path, passages: int, count: int) -> list[str]:
    """Return as many times ten words in a row of some article, as a customer would use them."""

    async def asked() -> list[str]:
        engine = open_engine(sqlite_url(place))
        found = await _questions(KnowledgeStore(engine), passages // PASSAGES_PER_ARTICLE, count)
        await engine.dispose()
        return found

    return asyncio.run(asked())


async def _questions(store: KnowledgeStore, articles: int, count: int) -> list[str]:
    numbers = range(count)
    return [_question(number, (await _article(store, number * 7_919 % articles)).text) for number in numbers]


async def _article(store: KnowledgeStore, number: int) -> Article:
    article = await store.article(BRAND, _source(number))
    if article is None:
        raise RuntimeError("the filled base has lost an article")
    return article


def _question(number: int, text: str) -> str:
    words = text.split()
    start = number * 31 % (len(words) - QUESTION_WORDS)
    return " ".join(words[start : start + QUESTION_WORDS]).strip("#. ")


async def _fill(place: Path, passages: int) -> None:
    await asyncio.to_thread(place.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(migrate, sqlite_url(place))
    engine = open_engine(sqlite_url(place))
    await _write(KnowledgeStore(engine), tuple(_articles(passages // PASSAGES_PER_ARTICLE)))
    await engine.dispose()
    async with opened(place, MiniLmEmbeddings()):
        await asyncio.to_thread((place / _WHOLE).touch)


async def _write(store: KnowledgeStore, articles: Sequence[Article]) -> None:
    dice, model = np.random.default_rng(1), MiniLmEmbeddings
    born: dict[str, str] = {}
    for start in range(0, len(articles), _WRITTEN_AT_ONCE):
        versions = [
            ArticleVersion(version=version_of(each, LANGUAGES), article=each, passages=split(each))
            for each in articles[start : start + _WRITTEN_AT_ONCE]
        ]
        keys = [key for key, _ in vector_keys([(each.version, each.passages) for each in versions], vector_entries)]
        digests = list(dict.fromkeys(key.text_digest for key in keys))
        await store.keep_articles(versions)
        await store.vectors.keep(BRAND, model.id, dict(zip(digests, _vectors(dice, len(digests)), strict=True)))
        await store.vectors.keep_keys(model.id, keys)
        born |= {each.article.source: each.version for each in versions}
    await store.advance(Step(brand=BRAND, base=0, born=born, died=()), model.id)


def _vectors(dice: np.random.Generator, count: int) -> Vectors:
    """Return unit vectors, in groups around a direction each."""
    subjects = dice.standard_normal((count // _VECTORS_PER_SUBJECT + 1, MiniLmEmbeddings.dimension), np.float32)
    own = dice.standard_normal((count, MiniLmEmbeddings.dimension), np.float32)
    vectors = np.repeat(subjects, _VECTORS_PER_SUBJECT, axis=0)[:count] + own
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _articles(count: int) -> Iterator[Article]:
    dice = np.random.default_rng(2)
    for number in range(count):
        parts = [_part(dice) for _ in range(PASSAGES_PER_ARTICLE)]
        title = " ".join(_drawn(dice, _TITLE_WORDS))
        yield Article(brand=BRAND, source=_source(number), title=title, text="\n\n".join(parts), language="en")


def _source(number: int) -> str:
    return f"{number}.md"


def _part(dice: np.random.Generator) -> str:
    said = _drawn(dice, _HEADING_WORDS + PASSAGE_WORDS)
    heading, text = said[:_HEADING_WORDS], said[_HEADING_WORDS:]
    starts = range(0, PASSAGE_WORDS, _SENTENCE_WORDS)
    sentences = (" ".join(text[at : at + _SENTENCE_WORDS]).capitalize() for at in starts)
    return f"## {' '.join(heading)}\n\n{'. '.join(sentences)}."


def _drawn(dice: np.random.Generator, count: int) -> list[str]:
    words, until = _vocabulary()
    places = np.searchsorted(until, dice.random(count))
    return [words[place] for place in places.tolist()]


@cache
def _vocabulary() -> tuple[list[str], NDArray[np.float64]]:
    """Return the words, and up to where in [0, 1) each of them is drawn."""
    read = (each for each in read_path(_KNOWLEDGE / "en", BRAND) if isinstance(each, Article))
    counts = Counter(word for article in read for word in _WORD.findall(article.text))
    common = np.array(list(counts.values()), np.float64)
    rare = 1 / np.arange(1, _OWN_WORDS + 1)
    shares = np.concatenate((common / common.sum() * (1 - _OWN_SHARE), rare / rare.sum() * _OWN_SHARE))
    return [*counts, *(_made_up(rank) for rank in range(_OWN_WORDS))], np.cumsum(shares)


def _made_up(rank: int) -> str:
    digest = hashlib.sha256(str(rank).encode()).digest()
    return "".join(_SYLLABLES[byte % len(_SYLLABLES)] for byte in digest[: 2 + digest[-1] % 3])


if __name__ == "__main__":
    asyncio.run(_fill(Path(sys.argv[1]), int(sys.argv[2])))
