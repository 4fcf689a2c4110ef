"""An ingest that cannot go on leaves what is served as it was, and the next one succeeds without a restart."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import KnowledgeError
from service.knowledge.ingesting.ingest import Ingest
from tests.knowledge.conftest import Room
from tests.knowledge.parts import CountingEmbeddings, read_paragraphs, split_paragraphs


async def served(room: Room) -> set[str]:
    return {passage.text for passage in (await room.store.changes("ml", 0)).born}


@contextmanager
def full_disk(engine: AsyncEngine) -> Iterator[None]:
    """Give the database no page more than it has, as a full disk would."""

    def bound(connection: object, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA max_page_count = 1")
        cursor.close()

    def unbound(connection: object, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA max_page_count = 1073741823")
        cursor.close()

    event.listen(engine.sync_engine, "checkout", bound)
    try:
        yield
    finally:
        event.remove(engine.sync_engine, "checkout", bound)
        event.listen(engine.sync_engine, "checkout", unbound)


async def test_a_full_disk_keeps_what_is_served(room: Room, engine: AsyncEngine) -> None:
    """The ingest says that writing failed, readers keep the old base, and with room again the plan goes through."""
    await room.fill("eins")
    (room.folder / "a.md").write_text("\n\n".join(f"Absatz {number} {'lang ' * 200}" for number in range(300)))
    plan = await room.ingest.plan(room.folder, "ml")
    with full_disk(engine):
        with pytest.raises(KnowledgeError, match="Writing articles failed"):
            await room.ingest.apply(plan)
        assert (await room.store.generation("ml"), await served(room)) == (1, {"eins"})
    assert (await room.ingest.apply(plan)).generation == 2
    assert len(await served(room)) == 300


async def test_an_ingest_that_is_given_up_changes_nothing(room: Room) -> None:
    """Cancelled while it embeds, an ingest leaves the old base, no lock, and the next one does the work."""
    await room.fill("eins")
    reached = asyncio.Event()

    class Endless(CountingEmbeddings):
        async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            reached.set()
            await asyncio.sleep(60)
            return await super().embed(texts)

    slow = Ingest(room.store, room.vectors, Endless(), room.data_dir, read=read_paragraphs, split=split_paragraphs)
    (room.folder / "a.md").write_text("zwei")
    task = asyncio.create_task(slow.apply(await slow.plan(room.folder, "ml")))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await room.store.generation("ml"), await served(room)) == (1, {"eins"})
    report = await room.ingest.apply(await room.ingest.plan(room.folder, "ml"))
    assert (report.generation, await served(room)) == (2, {"zwei"})
