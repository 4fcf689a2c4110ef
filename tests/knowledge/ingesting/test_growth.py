"""What many ingests leave behind: the index keeps to what lives, and the data directory to a fixed set of files."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Table, func, select

from service.errors import UnknownGenerationError
from service.knowledge.storing import rows, steps
from tests.knowledge.conftest import Room


async def indexed(room: Room) -> set[str]:
    """Return every key that Chroma holds, by asking for more than there are."""
    anything = np.ones(room.embeddings.dimension, np.float32)
    return {key for key, _ in await room.vectors.nearest("ml", anything, 100)}


def files(place: Path) -> Mapping[str, int]:
    """Return how many files each folder holds."""
    folders = [place, *(each for each in place.rglob("*") if each.is_dir())]
    return {str(each): sum(1 for file in each.iterdir() if file.is_file()) for each in folders}


async def test_dead_vectors_leave_the_index_and_no_files_pile_up(room: Room) -> None:
    """After many changes Chroma holds the vectors that live and no other, and no file was left over."""
    await room.fill("text 0")
    await room.fill("text 1")
    before = files(room.data_dir)
    for number in range(2, 8):
        await room.fill(f"text {number}")
    assert await indexed(room) == await room.needed()
    assert files(room.data_dir) == before


async def test_a_dead_vector_stays_in_the_database_for_a_rollback(room: Room) -> None:
    """Going back to an older generation embeds nothing."""
    await room.fill("text 0")
    await room.fill("text 1")
    count = len(room.embeddings.embedded)
    await room.ingest.roll_back("ml", 1)
    assert len(room.embeddings.embedded) == count
    assert len(await room.store.vectors.by_key("ml", room.embeddings.id, await room.needed())) == 1
    assert await indexed(room) == await room.needed()


async def test_vectors_out_of_reach_are_deleted_and_passages_stay(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a rollback can bring back keeps its vectors, and what receipts quote can be read for ever."""
    monkeypatch.setattr(steps, "KEPT_GENERATIONS", 2)
    dead: set[str] = set()
    for number in range(6):
        await room.fill(f"text {number}\n\nkept")
        dead |= {passage.id for passage in (await room.store.changes("ml", 0)).born}
    assert await count(room, rows.vectors) == await count(room, rows.article_vectors) - 2 == 4
    read = await room.store.passages(dead)
    assert {passage.text for passage in read.values()} == {"kept", *(f"text {number}" for number in range(6))}
    embedded = len(room.embeddings.embedded)
    assert (await room.ingest.roll_back("ml", 5)).number == 7
    assert len(room.embeddings.embedded) == embedded
    assert len(await room.store.vectors.by_key("ml", room.embeddings.id, await room.needed())) == 2
    with pytest.raises(UnknownGenerationError, match="the last 2"):
        await room.ingest.roll_back("ml", 5)


async def test_an_index_from_out_of_reach_is_made_over(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that missed more generations than are kept holds what lives and nothing else once it has followed."""
    monkeypatch.setattr(steps, "KEPT_GENERATIONS", 1)
    monkeypatch.setattr("service.knowledge.storing.vectors.KEPT_GENERATIONS", 1)
    await room.fill("text 0")
    await room.vectors.close()
    for number in range(1, 5):
        await room.fill(f"text {number}")
    again = await room.open_vectors()
    anything = np.ones(room.embeddings.dimension, np.float32)
    assert {key for key, _ in await again.nearest("ml", anything, 100)} == await room.needed()


async def test_what_was_learnt_of_files_that_went_is_forgotten(room: Room) -> None:
    """The memory of what files gave keeps to the files whose articles live."""
    await room.fill("text 0")
    (room.folder / "a.md").rename(room.folder / "b.md")
    plan = await room.ingest.plan(room.folder, "ml", delete_missing=True)
    await room.ingest.apply(plan)
    [memory] = room.data_dir.glob("readings-*.json")
    assert "a.md" not in memory.read_text()


async def count(room: Room, table: Table) -> int:
    async with room.store._transactions.reading("a test") as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar() or 0)
