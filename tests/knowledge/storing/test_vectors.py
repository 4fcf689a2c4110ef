"""The vector index: it follows SQL, and whatever becomes of its directory, it comes back by itself."""

import asyncio
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from service.errors import KnowledgeError
from service.knowledge.storing import directories, rows
from service.knowledge.storing.directories import ChromaDirectories, writing
from service.knowledge.storing.vectors import ChromaVectors
from tests.knowledge.conftest import Room
from tests.knowledge.parts import CountingEmbeddings


async def all_keys(vectors: ChromaVectors) -> set[str]:
    return {key for key, _ in await vectors.nearest("ml", np.ones(8, np.float32), 100)}


async def test_nearest_gives_cosines(room: Room) -> None:
    """The passage itself is nearest to its own vector, with cosine 1, and all others follow in order."""
    await room.fill()
    kept = await room.store.vectors.by_key("ml", CountingEmbeddings.id, await room.needed())
    for key, vector in kept.items():
        hits = await room.vectors.nearest("ml", vector, 10)
        assert hits[0][0] == key
        assert [cosine for _, cosine in hits] == sorted((cosine for _, cosine in hits), reverse=True)
        for other, cosine in hits:
            assert cosine == pytest.approx(
                float(kept[other] @ vector / np.linalg.norm(kept[other]) / np.linalg.norm(vector)), abs=1e-3
            )


async def test_brands_do_not_see_each_other(room: Room) -> None:
    """A brand without vectors is a clear error, not somebody else's passages."""
    await room.fill()
    with pytest.raises(KnowledgeError, match="run the ingest"):
        await room.vectors.nearest("other", np.ones(8, np.float32), 3)


async def test_a_question_of_another_dimension_is_refused(room: Room) -> None:
    """A vector of another model's size never reaches Chroma."""
    await room.fill()
    with pytest.raises(KnowledgeError, match="dimensions"):
        await room.vectors.nearest("ml", np.ones(9, np.float32), 3)
    assert room.vectors.state == "ready"


async def test_the_index_holds_what_lives(room: Room) -> None:
    """After each change and a rollback the index holds the living passages' keys and no others."""
    for text in ("eins\n\nzwei", "zwei\n\ndrei", "vier"):
        await room.fill(text)
        assert await all_keys(room.vectors) == await room.needed()
    await room.ingest.roll_back("ml", 1)
    assert await all_keys(room.vectors) == await room.needed()


async def test_a_base_may_become_empty(room: Room) -> None:
    """When the last article goes nothing is found, and the next one is."""
    await room.fill()
    await room.ingest.apply(await room.ingest.plan_removal(["a.md"], "ml"))
    assert (room.vectors.state, await all_keys(room.vectors)) == ("ready", set())
    await room.fill("vier")
    assert await all_keys(room.vectors) == await room.needed()


async def test_an_index_of_another_database_is_made_over(room: Room) -> None:
    """When the database is begun anew under the same index, the same generation number deceives nobody."""
    await room.fill()
    async with room.store._transactions.writing("a test") as connection:
        for table in reversed(rows.generations.metadata.sorted_tables):
            if table.name.startswith("knowledge_"):
                await connection.execute(table.delete())
    await room.fill("vier\n\nfünf")
    assert await room.store.generation("ml") == 1
    assert await all_keys(room.vectors) == await room.needed()


def delete(directory: Path) -> None:
    shutil.rmtree(directory)


def delete_everything(directory: Path) -> None:
    shutil.rmtree(directory.parent)


def cut_the_database(directory: Path) -> None:
    with (directory / "chroma.sqlite3").open("r+b") as file:
        file.truncate(5_000)


def garble_the_database(directory: Path) -> None:
    (directory / "chroma.sqlite3").write_bytes(b"\x00garbage" * 10_000)


def empty_the_tables(directory: Path) -> None:
    with sqlite3.connect(directory / "chroma.sqlite3") as connection:
        connection.execute("DROP TABLE embeddings_queue")
        connection.execute("DROP TABLE segments")


def lose_the_pointer(directory: Path) -> None:
    (directory.parent / "current").write_text("../..")


@pytest.mark.parametrize(
    "harm",
    [
        delete_everything,
        garble_the_database,
        empty_the_tables,
        *(pytest.param(harm, marks=pytest.mark.slow) for harm in (delete, cut_the_database, lose_the_pointer)),
    ],
    ids=lambda harm: harm.__name__,
)
async def test_a_damaged_directory_is_built_again(room: Room, harm: Callable[[Path], None]) -> None:
    """Whatever happened to the directory, the next start has the same index, without embedding anything."""
    await room.fill()
    await room.vectors.close()
    harm(room.directory)
    count = len(room.embeddings.embedded)
    again = await room.open_vectors()
    assert again.state == "ready"
    assert await all_keys(again) == await room.needed()
    assert len(room.embeddings.embedded) == count


async def test_a_directory_that_kills_is_built_again(
    room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """When opening the directory kills its process (SIGSEGV), only the probe dies."""
    await room.fill()
    await room.vectors.close()
    # Python runs this in every child at start, the probe among them.
    (tmp_path / "sitecustomize.py").write_text(f"import os, signal; os.kill(os.getpid(), {int(signal.SIGSEGV)})")
    monkeypatch.syspath_prepend(str(tmp_path))
    again = await room.open_vectors()
    assert again.state == "ready"
    assert await all_keys(again) == await room.needed()


async def test_a_directory_that_cannot_be_tried_is_built_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """When no process can be begun for the trial, the index is made anew instead of never being opened."""
    await room.fill()
    await room.vectors.close()

    async def nothing_to_spare(_: Path) -> bool:
        raise BlockingIOError

    monkeypatch.setattr(directories, "_opens", nothing_to_spare)
    again = await room.open_vectors()
    assert again.state == "ready"
    assert await all_keys(again) == await room.needed()


@pytest.mark.slow
async def test_a_search_without_an_end_is_given_up(room: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A trial that computes and computes is killed, however long a busy machine may take for a sound one."""
    await room.fill()
    await room.vectors.close()
    (tmp_path / "sitecustomize.py").write_text("import sqlite3\ndef spin(*_):\n  while 1: pass\nsqlite3.connect = spin")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(directories, "PROBE_COMPUTING_S", 1)
    assert await ChromaDirectories(room.data_dir / "chroma").trusted() is None


async def test_processes_that_keep_falling_get_a_new_directory(room: Room) -> None:
    """Three ends in a row before the first answer are taken for damage that the probe did not see."""
    await room.fill()
    await room.vectors.close()
    directory = room.directory
    kept = ChromaDirectories(room.data_dir / "chroma")
    kept.fell()
    kept.fell()
    assert await kept.trusted() == directory
    kept.fell()
    again = await room.open_vectors()
    assert room.directory != directory
    assert not directory.exists()
    assert await all_keys(again) == await room.needed()


async def test_while_it_is_rebuilt_nearest_says_so(room: Room) -> None:
    """During a rebuild nearest raises, so that keyword search answers alone, and then it is back."""
    await room.fill()
    rebuilding = asyncio.create_task(room.vectors.rebuild())
    await asyncio.sleep(0)
    with pytest.raises(KnowledgeError, match="rebuilding"):
        await all_keys(room.vectors)
    await rebuilding
    assert room.vectors.state == "ready"
    assert await all_keys(room.vectors) == await room.needed()


async def test_it_repairs_itself_while_it_runs(room: Room) -> None:
    """Damage under a running process costs errors, an ingest still succeeds, and the index comes back unasked."""
    await room.fill()
    empty_the_tables(room.directory)
    (room.folder / "b.md").write_text("vier")
    report = await room.ingest.apply(await room.ingest.plan(room.folder, "ml"))
    assert report.generation == 2
    await room.vectors.settled()
    assert room.vectors.state == "ready"
    assert await all_keys(room.vectors) == await room.needed()


async def test_what_a_dead_ingest_wrote_ahead_is_swept(room: Room) -> None:
    """Vectors whose generation never came are gone after the next start."""
    await room.fill()
    await room.vectors.upsert("ml", {"psg_never": np.ones(8, np.float32)})
    assert "psg_never" in await all_keys(room.vectors)
    await room.vectors.close()
    assert await all_keys(await room.open_vectors()) == await room.needed()


async def test_a_sound_directory_is_kept_and_catches_up(room: Room) -> None:
    """The next start uses the same directory, and brings it to a generation that it missed."""
    await room.fill()
    await room.vectors.close()
    directory = room.directory
    await room.fill("zwei\n\nvier")
    again = await room.open_vectors()
    assert (again.state, room.directory) == ("ready", directory)
    assert await all_keys(again) == await room.needed()


async def test_a_small_index_is_kept_from_start_to_start(room: Room) -> None:
    """Chroma makes the files of a graph that it never saved anew at each start, garbled or not; nothing is rebuilt."""
    await room.fill()
    await room.vectors.close()
    directory = room.directory
    for _ in range(2):
        files = list(directory.glob("*/*.bin"))
        assert files
        for file in files:
            file.write_bytes(b"garbled")
        again = await room.open_vectors()
        assert (again.state, room.directory) == ("ready", directory)
        assert await all_keys(again) == await room.needed()
        assert not any(file.read_bytes() == b"garbled" for file in files)
        await again.close()


@pytest.mark.slow
@pytest.mark.parametrize("harm", ["cut", "halve", "garble", "remove"])
async def test_a_torn_graph_is_never_opened(room: Room, harm: str) -> None:
    """
    Damage to any file of the graph is seen before Chroma sees it.

    With half of its links Chroma 1.5.9 searches for ever, and once wrote 48 GB.
    """
    await room.fill("\n\n".join(str(number) for number in range(2_500)))
    await room.vectors.close()
    files = [file for file in room.directory.glob("*/*") if file.stat().st_size]
    assert len(files) >= 4
    for file in files:
        whole = file.read_bytes()
        if harm == "remove":
            file.unlink()
        else:
            half = len(whole) // 2
            file.write_bytes(
                {"cut": b"", "halve": whole[:half], "garble": whole[:half] + b"\xff" + whole[half + 1 :]}[harm]
            )
        assert await ChromaDirectories(room.data_dir / "chroma").trusted() is None, file.name
        file.write_bytes(whole)
    assert await ChromaDirectories(room.data_dir / "chroma").trusted() == room.directory


async def test_a_directory_whose_writer_died_is_not_trusted(room: Room) -> None:
    """A process that ends while it writes leaves an unsealed directory, which the next start replaces."""
    await room.fill()
    await room.vectors.close()
    writing(room.directory).__enter__()
    directory = room.directory
    again = await room.open_vectors()
    assert room.directory != directory
    assert await all_keys(again) == await room.needed()
