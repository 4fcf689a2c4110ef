"""What many ingests leave behind: the index keeps to what lives, and the data directory to a fixed set of files."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

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
    assert len(await room.store.vectors("ml", room.embeddings.id, await room.needed())) == 1
    assert await indexed(room) == await room.needed()
