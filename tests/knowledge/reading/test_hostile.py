"""Hostile files cost no more than their own refusal: not the others, not this process, nothing outside the folder."""

import io
import os
import resource
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain import Article
from service.knowledge.reading import Refusal, read_path
from service.knowledge.reading.process.worker import Limits


def reasons(path: Path) -> dict[str, str]:
    """Read *path* and return the refusals by source; everything else must be an article with its text."""
    found = list(read_path(path, "b"))
    assert all(each.text for each in found if isinstance(each, Article))
    return {each.source: each.reason for each in found if isinstance(each, Refusal)}


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with a good article that comes last, and a secret beside it."""
    (tmp_path / "secret.md").write_text("The password is hunter2.")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "zz-good.md").write_text("Thirty days.")
    yield inside
    found = [each for each in read_path(inside, "b") if isinstance(each, Article)]
    assert "zz-good.md" in {each.source for each in found}
    assert not any("hunter2" in each.text for each in found)


def test_links_do_not_lead_out_of_the_folder(folder: Path) -> None:
    """Neither a linked file nor a linked folder is followed."""
    (folder / "file.md").symlink_to("../secret.md")
    (folder / "up").symlink_to("..")
    assert reasons(folder) == dict.fromkeys(("file.md", "up"), "It is a link, and links are not followed.")


def test_pipes_and_devices_are_not_opened(folder: Path) -> None:
    """A named pipe cannot make the reader wait for ever."""
    os.mkfifo(folder / "pipe.md")
    assert reasons(folder) == {"pipe.md": "It is no ordinary file."}


def test_hidden_files_are_passed_over(folder: Path) -> None:
    """What tools keep for themselves is not even mentioned."""
    (folder / ".obsidian").mkdir()
    for name in (".obsidian/app.json", ".DS_Store", "Thumbs.db", "~$draft.docx"):
        (folder / name).write_text("x")
    assert reasons(folder) == {}


def test_archive_cannot_point_outside(folder: Path) -> None:
    """Names with `../`, absolute names and links in an archive are refused, its other files are read."""
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    (folder / "a.zip").write_bytes(
        zipped(("../secret.md", b"x"), ("/etc/x.md", b"x"), (link, b"../secret.md"), ("good.md", b"Five days."))
    )
    assert reasons(folder) == {
        "a.zip/../secret.md": "Its name in the archive points outside the archive.",
        "a.zip//etc/x.md": "Its name in the archive points outside the archive.",
        "a.zip/link.md": "It is a link, and links are not followed.",
    }


def test_bombs_are_not_unpacked(folder: Path) -> None:
    """Archives and documents that would unpack to gigabytes are refused by what their directory says."""
    zeros = bytes(8_000_000)
    (folder / "bomb.zip").write_bytes(zipped(("a.md", zeros)))
    (folder / "bomb.docx").write_bytes(zipped(("word/document.xml", zeros)))
    (folder / "bomb.xlsx").write_bytes(zipped(("xl/workbook.xml", zeros)))
    (folder / "half.zip").write_bytes(zipped(("a.md", b"text"))[:-30])
    found = reasons(folder)
    assert found.pop("half.zip") == "The archive is damaged or incomplete."
    assert set(found.values()) == {"The archive unpacks to far more than its size; it was not opened."}
    assert len(found) == 3


def test_entity_bomb_is_refused(folder: Path) -> None:
    """A document whose XML entities multiply is refused before they do."""
    lol = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    xml = f'<!DOCTYPE l [<!ENTITY l0 "lol">{lol}]><l>&l9;</l>'
    (folder / "laughs.docx").write_bytes(zipped(("word/document.xml", xml.encode())))
    assert reasons(folder) == {"laughs.docx": "The document declares XML entities, which real documents never do."}


def test_aliases_in_front_matter_do_not_multiply(folder: Path) -> None:
    """The same trick in front matter is harmless."""
    lol = "\n".join(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 12))
    (folder / "laughs.md").write_text(f"---\na0: &a0 lol\n{lol}\ntitle: *a11\n---\nText.")
    assert reasons(folder) == {"laughs.md": "The key 'title' must be one line of text."}


def test_memory_is_bounded(folder: Path) -> None:
    """A file that needs too much memory is refused, this process has not grown with it, and the next file is read."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (folder / "big.json").write_text("[" + "[]," * 2_000_000 + "[]]")
    found = list(read_path(folder, "b", Limits(memory_mb=64)))
    assert [type(each) for each in found] == [Refusal, Article]
    assert found[0] == Refusal(source="big.json", reason="The file needs more memory than reading may take.")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
    (folder / "big.json").unlink()


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(cpu_s=0), "Reading the file took more than 0 seconds of computing; split it."),
        (Limits(wall_s=1.0), "Reading the file took longer than 1 seconds."),
    ],
)
def test_time_is_bounded(folder: Path, limits: Limits, reason: str) -> None:
    """A file that keeps its reader busy is given up with it, and the next file is read by a new one."""
    (folder / "slow.html").write_text("<table>" + "<tr><td rowspan=50>x" * 30_000)
    found = list(read_path(folder, "b", limits))
    assert found[0] == Refusal(source="slow.html", reason=reason)
    assert isinstance(found[1], Article)
    (folder / "slow.html").unlink()


def test_damaged_files_of_every_kind_are_refused(folder: Path) -> None:
    """Noise under any name ends in a sentence, never in an exception."""
    noise = bytes(range(256)) * 20
    names = [
        f"noise.{suffix}"
        for suffix in ("md", "html", "csv", "xlsx", "xls", "pdf", "docx", "json", "eml", "txt", "zip", "ods")
    ]
    for name in names:
        (folder / name).write_bytes(noise)
    found = reasons(folder)
    assert set(names) - set(found) <= {"noise.eml"}
    assert all(reason.endswith(".") for reason in found.values())


def test_names_that_are_no_text_are_read(folder: Path) -> None:
    """A file name in an old encoding, or in decomposed letters, gives a source that can be stored."""
    Path(os.fsdecode(os.fsencode(folder) + b"/d\xe9lai.md")).write_text("A.")
    (folder / "e\u0301te\u0301.md").write_text("B.")
    sources = [each.source for each in read_path(folder, "b")]
    assert sources == sorted(sources)
    assert {"d\ufffdlai.md", "été.md"} < set(sources)


def test_reading_again_gives_the_same(folder: Path) -> None:
    """The same folder gives the same articles in the same order."""
    for name in ("b/c.md", "b.md", "a/a.txt", "B.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"Text of {name}")
    once = list(read_path(folder, "b"))
    assert once == list(read_path(folder, "b"))
    assert [each.source for each in once] == ["B.md", "a/a.txt", "b/c.md", "b.md", "zz-good.md"]


def test_one_file_is_read_by_its_name(folder: Path) -> None:
    """A single file may be ingested too."""
    (article,) = read_path(folder / "zz-good.md", "lune")
    assert isinstance(article, Article)
    assert (article.brand, article.source, article.title, article.text) == (
        "lune",
        "zz-good.md",
        "zz good",
        "Thirty days.",
    )


def test_child_may_neither_connect_nor_write_nor_look_around(tmp_path: Path) -> None:
    """The process that parses files has no network, no other files, no processes and none of our settings."""
    attempts = {
        "socket": "__import__('socket').socket()",
        "lookup": "__import__('socket').getaddrinfo('localhost', 80)",
        "read": "open('/etc/hostname').read()",
        "settings": "open(os.path.join(sys.prefix, 'pyvenv.cfg')).read()",
        "write": f"open({str(tmp_path / 'x')!r}, 'w')",
        "process": "__import__('os').system('true')",
        "spawn": "__import__('subprocess').run(['true'])",
    }
    code = "import os, socket, subprocess, sys\n"
    code += "from service.knowledge.reading.process.fence import raise_fence\nraise_fence(512)\n"
    for name, attempt in attempts.items():
        code += f"try:\n    {attempt}\n    print('{name} worked')\nexcept PermissionError:\n    pass\n"
    code += "print('fenced')"
    path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=path)
    assert ran.stdout == "fenced\n"


def test_abandoned_reading_leaves_no_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops reading half-way leaves nothing running behind, and the reader never knew our secrets."""
    monkeypatch.setenv("APLOMB_TEST_SECRET", "hunter3")
    for number in range(5):
        (folder / f"{number}.md").write_text("Text.")
    reading = read_path(folder, "b")
    next(iter(reading))
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    (child,) = children.read_text().split()
    assert b"hunter3" not in Path(f"/proc/{child}/environ").read_bytes()
    reading.close()  # type: ignore[attr-defined]
    assert not children.read_text().split()
