"""The members of a zip archive, read one at a time and never unpacked to disk."""

import stat
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from service.errors import UnreadableFileError
from service.knowledge.reading.archive import open_archive

MAX_MEMBER = 60_000_000
MAX_INNER = 200_000_000


class Members:
    """An archive, and the archives directly in it: Notion wraps its export in parts."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._open: dict[str, zipfile.ZipFile] = {}

    def listing(self) -> list[dict[str, object]]:
        """Return `member` (the way to it), `name` and `problem` (None when it may be read) of each file."""
        found = []
        for info in self._archive("").infolist():
            name, problem = info.filename.replace("\\", "/"), _problem(info, MAX_MEMBER)
            if info.is_dir():
                continue
            if name.lower().endswith(".zip"):
                found += self._inner(info, name)
            else:
                found.append({"member": ["", info.filename], "name": name, "problem": problem})
        return found

    def read(self, member: object) -> bytes:
        """Return the bytes of a member of the listing."""
        if not isinstance(member, list):
            raise UnreadableFileError("The archive has no such file.")
        outer, name = member
        return self._archive(outer).read(name)

    def _inner(self, info: zipfile.ZipInfo, name: str) -> list[dict[str, object]]:
        problem = _problem(info, MAX_INNER)
        if problem:
            return [{"member": ["", info.filename], "name": name, "problem": problem}]
        try:
            inner = self._archive(info.filename)
        except UnreadableFileError as exc:
            return [{"member": ["", info.filename], "name": name, "problem": exc.detail}]
        return [
            {
                "member": [info.filename, each.filename],
                "name": each.filename.replace("\\", "/"),
                "problem": _problem(each, MAX_MEMBER),
            }
            for each in inner.infolist()
            if not each.is_dir()
        ]

    def _archive(self, outer: str) -> zipfile.ZipFile:
        if outer not in self._open:
            # One inner archive at a time: each is held in memory.
            self._open = {"": self._open[""]} if "" in self._open else {}
            self._open[outer] = open_archive(self._read_outer(outer) if outer else self._file)
        return self._open[outer]

    def _read_outer(self, name: str) -> bytes:
        return self._archive("").read(name)


def _problem(info: zipfile.ZipInfo, max_size: int) -> str | None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        return "Its name in the archive points outside the archive."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a link, and links are not followed."
    if info.flag_bits & 1:
        return "It is protected by a password; pack it without one."
    if info.file_size > max_size:
        return f"It is larger than {max_size // 1_000_000} MB."
    return None
