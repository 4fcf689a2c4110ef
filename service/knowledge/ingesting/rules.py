"""What shapes articles, passages and vectors, as a hash of its code: nobody can change it and forget to say so."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_ROOM = Path(__file__).parent.parent
_SPLITTING = (
    "splitting", "reading/blocks.py", "reading/formats/markdown.py", "reading/titles.py", "embedding/embeddings.py"
)  # fmt: skip
_DETECTING = ("ingesting/languages.py",)


@cache
def splitting() -> str:
    """Return the hash of what makes passages of an article; when it changes, every article is split again."""
    return _hash((*_SPLITTING, *_DETECTING))


@cache
def reading() -> str:
    """Return the hash of what makes articles of a file; when it changes, every file is read again."""
    return _hash(("reading",))


def _hash(places: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for file in (file for place in places for file in _files(_ROOM / place)):
        digest.update(file.relative_to(_ROOM).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _files(place: Path) -> Iterator[Path]:
    yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]
