"""What the knowledge store takes and gives, beside the articles and passages themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.domain import Article, Audience, Passage

Vector: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What leads a reader from the generation it knows to *generation*: first forget the dead, then add the born."""

    generation: int
    born: tuple[Passage, ...]
    died: tuple[str, ...]
    """Passage ids. One that lives on under a changed article (a new title, say) is in both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChanges:
    """The same for vectors."""

    generation: int
    born: frozenset[str]
    died: frozenset[str]
    """Nothing that lives needs them any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """An article as one ingest read it, with the passages that it was split into."""

    version: str
    """Hash of everything that shaped the passages; equal versions need no work."""
    article: Article
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article that lives in the newest generation, without its text."""

    source: str
    version: str
    title: str
    language: str | None
    url: str | None
    audience: Audience
    product: str | None
    updated: date | None
    owner: str | None
    expires: date | None
    passages: int
    born: int
    """The generation that brought this version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorKey:
    """One vector that an article version needs: under which key, and of which text."""

    version: str
    key: str
    text_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What changes from generation *base* to the next."""

    brand: str
    base: int
    born: Mapping[str, str]
    """Source → version; an older version of the source dies."""
    died: Collection[str]
    """Sources that go."""
    restores: int | None = None
    """The earlier generation that a rollback brings back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What a rollback would do, as sources in alphabetical order."""

    back: tuple[str, ...]
    """Articles that come back."""
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    """Articles that get their earlier text again."""
