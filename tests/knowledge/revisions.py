"""
A knowledge base that changes as a whole from one revision to the next, so that any mixture can be seen.

Run as a script with a data directory and a revision, it ingests revision after revision until somebody kills it; with
a third argument it kills itself at that call of the store or the index.
"""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from service.database import open_engine, sqlite_url
from service.domain import Article
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.storing.lock import DataDirLock
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors
from tests.knowledge.parts import CountingEmbeddings, split_paragraphs

BRAND = "ml"


def articles(revision: int, count: int = 20) -> list[Article]:
    """Articles grow, shrink, come, go and keep a paragraph; every other text names its revision."""
    return [
        Article(
            brand=BRAND,
            source=f"{number}.md" if number % 5 else f"{number}-{revision % 3}.md",
            title=f"Article {number}",
            text="\n\n".join(
                [
                    f"kept {number} of article {number}",
                    *(
                        f"part {part} of article {number} in revision {revision}."
                        for part in range(1 + (revision + number) % 4)
                    ),
                ]
            ),
            language="en",
        )
        for number in range(count)
        if (number + revision) % 7
    ]


def texts(revision: int, count: int = 20) -> frozenset[str]:
    return frozenset(text for article in articles(revision, count) for text in article.text.split("\n\n"))


def revision_of(served: Iterable[str], count: int = 20) -> int:
    """Return the one revision that *served* is; fails on anything partial, mixed or empty."""
    served = frozenset(served)
    named = {int(found[1]) for text in served if (found := re.search(r"revision (\d+)", text))}
    assert len(named) == 1, f"{len(served)} passages of revisions {sorted(named)}"
    [revision] = named
    assert served == texts(revision, count)
    return revision


async def served(store: KnowledgeStore) -> frozenset[str]:
    return frozenset(passage.text for passage in (await store.changes(BRAND, 0)).born)


async def run(data_dir: Path, first: int, kill_at: int | None) -> None:
    engine = open_engine(sqlite_url(data_dir))
    store = KnowledgeStore(engine)
    embeddings = CountingEmbeddings()
    with DataDirLock(data_dir):
        vectors = ChromaVectors(store, embeddings.id, embeddings.dimension, data_dir / "chroma")
        await vectors.open()
        await vectors.settled()
        ingest = Ingest(store, vectors, embeddings, data_dir, split=split_paragraphs)
        if kill_at is not None:
            kill_at_call(kill_at, store, vectors)
        revision = first
        while True:
            await ingest.apply(await ingest.plan_articles(articles(revision), BRAND, delete_missing=revision > 0))
            print(revision, flush=True)  # noqa: T201 - the test reads it
            revision += 1


def kill_at_call(number: int, *parts: object) -> None:
    """Let the process kill itself before the call of that number to any of *parts*."""
    calls = iter(range(number))

    def fatal(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            if next(calls, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return await method(*args, **kwargs)

        return call

    for part in parts:
        for name in dir(part):
            if asyncio.iscoroutinefunction(getattr(part, name)):
                setattr(part, name, fatal(getattr(part, name)))


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else None))
