"""Prompt versions and labels, on files in a folder of their own."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.database import migrate, open_engine, sqlite_url
from service.errors import InvalidInputError, PromptError, UnknownBrandError, UnknownPromptError, UnknownToneError
from service.prompting.files import PromptFiles
from service.prompting.versions.kept import PromptVersions
from service.prompting.versions.labels import FRESH_S

PROMPTS = Path(__file__).parents[3] / "prompts"
BRAND = "maison-lune"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator["Desk"]:
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    url = sqlite_url(tmp_path)
    await asyncio.to_thread(migrate, url)
    opened = Desk(tmp_path / "prompts", url)
    yield opened
    await opened.engine.dispose()


class Desk:
    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.engine = open_engine(url)
        self.restart()

    def restart(self) -> None:
        """Forget what a process knows; the files and the database stay."""
        self.versions = PromptVersions(PromptFiles(self.folder), self.engine)
        self.labels = self.versions.labels

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    async def version(self, label: str = "production", tone: str | None = None) -> str:
        return (await self.versions.resolve(BRAND, tone, label)).version


async def test_production_follows_the_files_until_it_is_promoted(desk: Desk) -> None:
    """An edit is live at once, until a version is promoted; then edits wait, and unpinning lets them live again."""
    first = await desk.version()
    desk.edit("tones/attentive.md", "Courteous and calm.", "Courteous, calm and brief.")
    second = await desk.version()
    assert second != first
    await desk.labels.move(BRAND, "production", first, note="back to the calm one", author="Lea")
    assert await desk.version() == first
    assert await desk.version("files") == second
    await desk.labels.move(BRAND, "production", None)
    assert await desk.version() == second


async def test_a_label_moves_with_note_author_and_history(desk: Desk) -> None:
    """Any number of labels may be named; each keeps who moved it where, when and why."""
    first = await desk.version()
    desk.edit("reply.md", "1. Answer in", "1. Always answer in")
    second = await desk.version()
    await desk.labels.move(BRAND, "candidate", second, note="always", author="Lea")
    await desk.labels.move(BRAND, "candidate", first, note="never mind", author="Tom")
    history = await desk.labels.history(BRAND, "candidate")
    assert [(move.version, move.note, move.author) for move in history] == [
        (first, "never mind", "Tom"), (second, "always", "Lea"),
    ]  # fmt: skip
    assert [(move.label, move.version) for move in await desk.labels.current(BRAND)] == [("candidate", first)]
    assert (await desk.versions.resolve(BRAND, None, "candidate")).label == "candidate"


async def test_a_rollback_undoes_move_by_move_within_a_second(desk: Desk) -> None:
    """Each rollback goes one move further back, at last to following the files; then there is nothing to undo."""
    first = await desk.version()
    desk.edit("reply.md", "1. Answer in", "1. Always answer in")
    second = await desk.version()
    for version in (first, second, first):
        await desk.labels.move(BRAND, "production", version)
    began = time.perf_counter()
    went = [(await desk.labels.roll_back(BRAND, "production")).version]
    assert await desk.version() == second
    assert time.perf_counter() - began < 1
    went += [(await desk.labels.roll_back(BRAND, "production")).version for _ in range(2)]
    assert went == [second, first, None]
    with pytest.raises(InvalidInputError):
        await desk.labels.roll_back(BRAND, "production")


async def test_another_process_sees_a_move_within_a_second(desk: Desk) -> None:
    """A service that knew the old version serves the new one half a second after another process moved the label."""
    first = await desk.version()
    other = PromptVersions(PromptFiles(desk.folder), desk.engine)
    assert (await other.resolve(BRAND, None, "production")).label == "production"
    desk.edit("reply.md", "1. Answer in", "1. Always answer in")
    await desk.version()
    await desk.labels.move(BRAND, "production", first)
    await asyncio.sleep(FRESH_S + 0.05)
    assert (await other.resolve(BRAND, None, "production")).version == first


async def test_an_unknown_label_or_version_is_never_a_silent_fallback(desk: Desk) -> None:
    """A label that nobody made, one taken away, another brand's version, a brand or tone of no file: all errors."""
    version = await desk.version()
    await desk.labels.move(BRAND, "candidate", version)
    await desk.labels.move(BRAND, "candidate", None)
    for name in ("candidate", "staging", "0123456789ab", "Production", ""):
        with pytest.raises(UnknownPromptError):
            await desk.version(name)
    with pytest.raises(UnknownPromptError):
        await desk.versions.resolve("larkline", None, version)
    with pytest.raises(UnknownPromptError):
        await desk.labels.move("larkline", "candidate", version)
    with pytest.raises(UnknownBrandError):
        await desk.versions.resolve("nobody", None, "production")
    with pytest.raises(UnknownToneError):
        await desk.version(tone="nobody")


@pytest.mark.parametrize("label", ["files", "0123456789ab", "Candidate", "a b", "../x", ""])
async def test_a_label_has_a_name_that_cannot_be_mistaken(desk: Desk, label: str) -> None:
    """A label is no version, no path, and not the one that follows the files."""
    with pytest.raises(InvalidInputError):
        await desk.labels.move(BRAND, label, await desk.version())


BREAKS = {
    "brand": ("brands/maison-lune.yaml", "languages: [fr, en]", "languages: fr, en]"),
    "brand key": ("brands/maison-lune.yaml", "languages: [fr, en]", "langages: [fr, en]"),
    "tone": ("tones/attentive.md", "opening:", "openning:"),
    "template": ("reply.md", "{{ brand.name }}", "{{ brand.nam }}"),
    "a key twice": ("brands/maison-lune.yaml", "send: false", "send: false\nsend: true"),
    "a tone copied by half": ("tones/attentive.md", "---\nCourteous", "--\nCourteous"),
    "a template copied by half": ("reply.md", "{{ conversation }}", "{{ no_answer }}."),
    "an impossible value": ("tones/attentive.md", "description:", "description: !!int x #"),
    "lists without end": ("tones/attentive.md", "description:", f"description: {'[' * 90_000}"),
    "tone's name": ("brands/maison-lune.yaml", "tone: attentive", "tone: attentif"),
}


@pytest.mark.parametrize("broken", BREAKS)
async def test_a_broken_file_never_takes_the_place_of_a_good_version(desk: Desk, broken: str) -> None:
    """The last good version answers, after a restart too, and what is wrong is told until it is mended."""
    good = await desk.version()
    file, old, new = BREAKS[broken]
    desk.edit(file, old, new)
    assert await desk.version() == good
    desk.restart()
    assert await desk.version() == good
    state = await desk.versions.files_state(BRAND)
    assert state.version == good
    assert state.fault
    assert file in state.fault
    assert (await desk.versions.brand(BRAND)).name == "Maison Lune"
    desk.edit(file, new, old)
    assert await desk.version() == good
    assert (await desk.versions.files_state(BRAND)).fault is None


async def test_a_folder_in_place_of_a_brands_file_is_a_broken_file(desk: Desk) -> None:
    """What was a brand stays one: the last good version answers, and the fault is told."""
    good = await desk.version()
    path = desk.folder / "brands" / f"{BRAND}.yaml"
    path.unlink()
    path.mkdir()
    assert await desk.version() == good
    assert "cannot be read" in str((await desk.versions.files_state(BRAND)).fault)


@pytest.mark.parametrize(
    "name", [".#maison-lune.yaml", "._maison-lune.yaml", "Maison Lune.yaml", "été.yaml", "new.yaml"]
)
async def test_what_is_left_beside_a_brands_file_is_no_brand(desk: Desk, name: str) -> None:
    """An editor's lock, a copy with another kind of name, a link to nowhere: no brand, and no harm to the others."""
    before = PromptFiles(desk.folder).brand_ids()
    (desk.folder / "brands" / name).symlink_to("nowhere")
    assert PromptFiles(desk.folder).brand_ids() == before
    (desk.folder / "brands" / name).unlink()
    if name != "new.yaml":
        shutil.copy(desk.folder / "brands" / f"{BRAND}.yaml", desk.folder / "brands" / name)
        assert PromptFiles(desk.folder).brand_ids() == before


async def test_a_copy_put_in_place_with_the_time_of_the_old_one_is_seen(desk: Desk) -> None:
    """A file of the same size and time of writing, as a restored copy may be, is read anew."""
    first = await desk.version()
    path = desk.folder / "reply.md"
    was = path.stat()
    copy = path.with_suffix(".new")
    copy.write_text(path.read_text("utf-8").replace("State only", "Write only"), encoding="utf-8")
    os.utime(copy, ns=(was.st_atime_ns, was.st_mtime_ns))
    copy.write_bytes(copy.read_bytes()[: was.st_size])
    os.utime(copy, ns=(was.st_atime_ns, was.st_mtime_ns))
    copy.replace(path)
    assert await desk.version() != first


async def test_broken_files_without_a_good_version_are_a_clear_error(desk: Desk) -> None:
    """A brand that never worked says what is wrong with it."""
    (desk.folder / "brands" / "new.yaml").write_text("name: New", encoding="utf-8")
    with pytest.raises(PromptError, match=r"brands/new\.yaml, line 1: about: it is missing"):
        await desk.versions.resolve("new", None, "production")
    assert (await desk.versions.files_state("new")).version is None


async def test_the_last_good_version_is_the_one_that_was_served_last(desk: Desk) -> None:
    """After an edit and its undoing, a broken file leaves the first text in place, not the newest one."""
    first = await desk.version()
    desk.edit("reply.md", "1. Answer in", "1. Always answer in")
    await desk.version()
    desk.edit("reply.md", "1. Always answer in", "1. Answer in")
    assert await desk.version() == first
    desk.edit("reply.md", "# system", "# sistem")
    desk.edit("reply.md", "# user", "# customer")
    desk.restart()
    assert await desk.version() == first


async def test_a_tone_asked_for_replaces_the_versions_own(desk: Desk) -> None:
    """A ticket may ask a pinned label for another tone; a broken tone file leaves its last good text in place."""
    first = await desk.version()
    await desk.labels.move(BRAND, "production", first)
    friendly = await desk.versions.resolve(BRAND, "friendly", "production")
    assert (friendly.tone.id, friendly.label, friendly.version != first) == ("friendly", "production", True)
    desk.edit("tones/friendly.md", "opening:", "openning:")
    assert await desk.version(tone="friendly") == friendly.version
