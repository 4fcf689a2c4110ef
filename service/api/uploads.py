"""Uploaded files on their way to articles: kept in a folder of their own while they are read."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Self

from starlette.datastructures import UploadFile

from service.domain import Article
from service.errors import InvalidInputError, Pointer
from service.knowledge.reading import Refusal, read_path

MAX_FILES = 1_000


@dataclass(frozen=True, slots=True)
class Upload:
    folder: Path
    path: Path
    """What to read: the only file, else the folder."""
    twins: tuple[str, ...]
    """Names of which a file was there already."""

    @classmethod
    async def of(cls, files: Sequence[UploadFile]) -> Self:
        """Keep *files* below a new folder; InvalidInputError when there are too many."""
        if len(files) > MAX_FILES:
            raise InvalidInputError("There are too many files.", (Pointer("/files", f"at most {MAX_FILES}"),))
        folder = Path(tempfile.mkdtemp(prefix="aplomb-upload-"))
        kept: list[Path] = []
        twins: list[str] = []
        for file in files:
            name = PurePosixPath((file.filename or "upload").replace("\\", "/")).name or "upload"
            try:
                await asyncio.to_thread(_copy, file, folder / name)
                kept.append(folder / name)
            except FileExistsError:
                twins.append(name)
        return cls(folder, kept[0] if len(files) == 1 else folder, tuple(twins))

    def read(self, brand: str) -> Iterator[Article | Refusal]:
        """Yield the articles and refusals; a second file of a name is refused, not put in the first one's place."""
        refused = (Refusal(source=name, reason="Another file of the upload has this name.") for name in self.twins)
        return chain(refused, read_path(self.path, brand))

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _copy(file: UploadFile, place: Path) -> None:
    with place.open("xb") as kept:
        shutil.copyfileobj(file.file, kept)
