"""A file that is as it was is not read again, and whatever would make that wrong makes it be read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain import Article
from service.knowledge.ingesting import rules
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.ingesting.plan import Plan
from service.knowledge.reading import Memory, Refusal, read_path
from tests.knowledge.conftest import Room


class Reader:
    """Reads as the product does, and notes which articles it had to parse."""

    def __init__(self) -> None:
        self.parsed: list[str] = []

    def __call__(self, path: Path, brand: str, memory: Memory) -> Iterator[Article | Refusal]:
        for item in read_path(path, brand, memory=memory):
            self.parsed.append(item.source)
            yield item


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def ingest(room: Room, reader: Reader) -> Ingest:
    (room.folder / "delivery.md").write_text("# Delivery\n\nA parcel takes three days.")
    (room.folder / "faq.csv").write_text("question,answer\nHow long?,Three days.\nHow much?,Five euros.\n")
    return Ingest(room.store, room.vectors, room.embeddings, room.data_dir, read=reader)


async def planned(ingest: Ingest, reader: Reader, room: Room) -> tuple[Plan, list[str]]:
    reader.parsed = []
    plan = await ingest.plan(room.folder, "ml")
    return plan, reader.parsed


async def test_what_is_as_it_was_is_not_parsed(ingest: Ingest, reader: Reader, room: Room) -> None:
    """The second ingest of a folder parses nothing, and counts every article as unchanged."""
    await ingest.apply((await planned(ingest, reader, room))[0])
    again, parsed = await planned(ingest, reader, room)
    assert (again.kept, again.moves, parsed) == (3, False, [])


async def test_a_save_within_the_same_tick_is_seen(ingest: Ingest, reader: Reader, room: Room) -> None:
    """Equal length and equal time of change do not hide new words."""
    await ingest.apply((await planned(ingest, reader, room))[0])
    file = room.folder / "delivery.md"
    before = file.stat()
    file.write_text(file.read_text().replace("three", "seven"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    plan, parsed = await planned(ingest, reader, room)
    assert ([version.article.source for version in plan.changed], parsed) == (["delivery.md"], ["delivery.md"])


async def test_a_deleted_article_comes_back(ingest: Ingest, reader: Reader, room: Room) -> None:
    """What was removed, or rolled back, since a file was read makes the file be read again."""
    await ingest.apply((await planned(ingest, reader, room))[0])
    await ingest.apply(await ingest.plan_removal(["delivery.md"], "ml"))
    plan, parsed = await planned(ingest, reader, room)
    assert ([version.article.source for version in plan.added], parsed) == (["delivery.md"], ["delivery.md"])


async def test_new_rules_read_and_split_everything_again(
    ingest: Ingest, reader: Reader, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update that reads or splits otherwise no article stays as the old rules made it."""
    await ingest.apply((await planned(ingest, reader, room))[0])
    monkeypatch.setattr(rules, "splitting", lambda: "other")
    plan, parsed = await planned(ingest, reader, room)
    assert (len(plan.changed), len(parsed)) == (3, 3)


async def test_a_file_with_a_refusal_is_reported_each_time(ingest: Ingest, reader: Reader, room: Room) -> None:
    """A row that is no article is told of by every ingest, not only by the first."""
    (room.folder / "bad.md").write_text("---\naudience: martians\n---\nText.")
    await ingest.apply((await planned(ingest, reader, room))[0])
    plan, parsed = await planned(ingest, reader, room)
    assert ([refusal.source for refusal in plan.refused], parsed) == (["bad.md"], ["bad.md"])


async def test_a_damaged_memory_costs_only_the_reading(ingest: Ingest, reader: Reader, room: Room) -> None:
    """Whatever stands in the file of memory, the plan is right."""
    await ingest.apply((await planned(ingest, reader, room))[0])
    (file,) = room.data_dir.glob("readings-*.json")
    for content in ("", "[]", '{"rules": 1}', file.read_text()[:-9]):
        file.write_text(content)
        plan, parsed = await planned(ingest, reader, room)
        assert (plan.kept, len(parsed)) == (3, 3)
