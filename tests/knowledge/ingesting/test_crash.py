"""Readers and an ingest that runs, and dies, under them: what they see is one revision, whole."""

import asyncio
import random
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from service.database import open_engine, sqlite_url
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.finding.retrieval import PassageFinder
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors
from tests.knowledge.conftest import Room
from tests.knowledge.parts import split_paragraphs
from tests.knowledge.revisions import BRAND, articles, revision_of, served, texts

CHECKOUT = Path(__file__).parents[3]
KILLS = 30


def told(figure: str) -> None:
    """Show a figure to who runs pytest with -s."""
    sys.stdout.write(figure + "\n")


@asynccontextmanager
async def reading(store: KnowledgeStore) -> AsyncIterator[list[int]]:
    """Read without pause, as a client that follows the changes, and check each state; gives the revisions seen."""
    seen: list[int] = []

    async def read() -> None:
        generation, known = 0, dict[str, str]()
        while True:
            changes = await store.changes(BRAND, generation)
            known = {key: text for key, text in known.items() if key not in changes.died}
            known |= {passage.id: passage.text for passage in changes.born}
            generation = changes.generation
            if generation:
                assert known.keys() == {passage.id for passage in (await store.changes(BRAND, 0)).born} or (
                    await store.generation(BRAND) != generation
                )
                seen.append(revision_of(known.values()))

    task = asyncio.create_task(read())
    yield seen
    assert not task.done(), task.exception()
    task.cancel()


async def killed(room: Room, first: int, *, after_s: float | None = None, at_call: int | None = None) -> int:
    """Let another process ingest from revision *first* on until it is killed; return the last that it called done."""
    arguments = [str(room.data_dir), str(first), *([] if at_call is None else [str(at_call)])]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.knowledge.revisions", *arguments,
        cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stdout
    done = first - 1
    if after_s is not None:
        line = await child.stdout.readline()
        await asyncio.sleep(after_s)
        child.kill()
        done = _last(line, done)
    done = _last(await child.stdout.read(), done)
    assert await child.wait() == -9
    return done


def _last(output: bytes, otherwise: int) -> int:
    numbers = [int(line) for line in output.split() if line.isdigit()]
    return numbers[-1] if numbers else otherwise


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", ["random", "aimed"])
async def test_a_kill_loses_nothing_and_mixes_nothing(room: Room, way: str) -> None:
    """Killed at any time or call, an ingest leaves the last revision or its own, whole, and the next run finishes."""
    await room.vectors.close()
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    told(f"seed {seed}")
    first, done = 0, -1
    async with reading(room.store) as seen:
        for number in range(KILLS):
            if way == "random":
                done = await killed(room, first, after_s=chance.uniform(0, 0.8))
            else:
                done = max(done, await killed(room, first, at_call=number * 2))
            if await room.store.generation(BRAND):
                revision = revision_of(await served(room.store))
                assert revision in {done, done + 1}, "an ingest that was called done is lost"
                first, done = revision + 1, revision
    told(f"{KILLS} kills, {len(seen)} reads, revisions up to {done}")
    assert len(seen) > KILLS
    again = await room.open_vectors()
    ingest = Ingest(room.store, again, room.embeddings, room.data_dir, split=split_paragraphs)
    report = await ingest.apply(await ingest.plan_articles(articles(first), BRAND, delete_missing=True))
    assert (revision_of(await served(room.store)), report.vectors) == (first, "ready")
    repeat = await ingest.apply(await ingest.plan_articles(articles(first), BRAND, delete_missing=True))
    assert (repeat.generation, repeat.embedded) == (report.generation, 0)
    assert await again._run(lambda chroma: chroma.keys(BRAND)) == await room.needed()


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_twenty_readers_see_whole_generations(room: Room) -> None:
    """While the base is ingested again and again, no reader in any thread sees it empty, partial or mixed."""
    ingest = Ingest(room.store, room.vectors, room.embeddings, room.data_dir, split=split_paragraphs)
    await ingest.apply(await ingest.plan_articles(articles(0), BRAND))
    stop, counts, failures = threading.Event(), [0] * 20, list[str]()

    def read(number: int) -> None:
        async def loop() -> None:
            engine = open_engine(sqlite_url(room.data_dir))
            store = KnowledgeStore(engine)
            while not stop.is_set():
                try:
                    revision_of(await served(store))
                except AssertionError as exc:
                    failures.append(str(exc))
                counts[number] += 1
            await engine.dispose()

        asyncio.run(loop())

    threads = [threading.Thread(target=read, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for revision in range(1, 51):
        await ingest.apply(await ingest.plan_articles(articles(revision), BRAND, delete_missing=True))
    stop.set()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    told(f"{sum(counts)} reads by 20 threads, {len(failures)} wrong")
    assert failures == []
    assert min(counts) > 0


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_found_passages_are_of_one_generation(room: Room) -> None:
    """What twenty clients find while the base changes is alive in the generation that they are told."""
    embeddings = HashedEmbeddings()
    vectors = ChromaVectors(room.store, embeddings.id, embeddings.dimension, room.data_dir / "found")
    await vectors.open()
    ingest = Ingest(room.store, vectors, embeddings, room.data_dir, split=split_paragraphs)
    finder = PassageFinder(room.store, vectors, embeddings, limit=6)
    await ingest.apply(await ingest.plan_articles(articles(0), BRAND))
    finished, count = asyncio.Event(), 0

    async def find(number: int) -> None:
        nonlocal count
        while not finished.is_set():
            finding = await finder.find(BRAND, f"part of article {number} in revision")
            # Generation n brought revision n - 1.
            # Neighbours stand joined in a finding; each part of it is a passage of its own in the base.
            parts = {part for found in finding.passages for part in found.passage.text.split("\n\n")}
            assert parts <= texts(finding.generation - 1)
            assert finding.passages
            count += 1

    async def change() -> None:
        for revision in range(1, 31):
            await ingest.apply(await ingest.plan_articles(articles(revision), BRAND, delete_missing=True))
        finished.set()

    await asyncio.gather(change(), *(find(number) for number in range(20)))
    await vectors.close()
    told(f"{count} findings by 20 clients")
    assert count > 100
