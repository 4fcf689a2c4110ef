"""What a reader finds in one file, before the parent process makes articles of it."""

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFile:
    """The bytes of somebody's file and where below the ingested folder they come from."""

    source: str
    data: bytes

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.source).suffix.lower()

    @property
    def title(self) -> str:
        """The file's name as words, for an article that has no title of its own."""
        words = PurePosixPath(self.source).stem.replace("_", " ").replace("-", " ").split()
        return " ".join(words) or self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as the file tells it; every value is a string, so that it travels as JSON."""

    title: str
    text: str
    key: str = ""
    """The row or record within the file; empty when the file is one article."""
    language: str | None = None
    url: str | None = None
    audience: str = "public"
    product: str | None = None
    updated: str | None = None
    owner: str | None = None
    expires: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row or record that is no article, and why."""

    key: str
    reason: str
