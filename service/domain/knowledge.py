"""What a brand knows, and what of it fits a question."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Audience(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A document of a brand's knowledge base, as read from a file."""

    brand: str
    source: str
    """Stable within the brand: the path below the ingested folder, with `/`; rows of a table add `#<row key>`."""
    title: str
    text: str
    """Markdown."""
    language: str | None = None
    url: str | None = None
    audience: Audience = Audience.PUBLIC
    product: str | None = None
    updated: date | None = None
    owner: str | None = None
    expires: date | None = None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of everything about the article that a reply can show."""
        parts = (
            self.brand, self.source, self.title, self.text, self.language, self.url, self.audience.value, self.product,
            self.updated, self.owner, self.expires,
        )  # fmt: skip
        return hashlib.sha256("\x1f".join("" if part is None else str(part) for part in parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The piece of an article that retrieval returns."""

    id: str
    """`psg_` and 24 hex digits of the SHA-256 of brand, article, heading path, text and its occurrence."""
    brand: str
    article: str
    """The article's source."""
    title: str
    heading: str
    """The headings above the passage, outermost first, joined by " › "; empty above the first heading."""
    text: str
    """Markdown, a slice of the article's text; citations point into it by code point."""
    position: int
    """0 for the article's first passage."""
    start: int
    """Offset of the passage in the article's text, in code points."""
    language: str | None = None
    url: str | None = None
    audience: Audience = Audience.PUBLIC

    @staticmethod
    def make_id(brand: str, article: str, heading: str, text: str, occurrence: int = 0) -> str:
        """Return the stable id; *occurrence* tells apart equal texts under one heading of one article."""
        key = "\x1f".join((brand, article, heading, text, str(occurrence)))
        return "psg_" + hashlib.sha256(key.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The state of one brand's knowledge base after one ingest."""

    brand: str
    number: int
    """1 for the first ingest; 0 means that nothing was ingested yet."""
    created_at: datetime
    articles: int
    passages: int
    restores: int | None = None
    """The earlier generation that a rollback brought back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevantPassage:
    passage: Passage
    relevance: float
    """Nearness to the question in [0, 1]; comparable within one finding and across questions, not across embeddings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the knowledge base has for a question."""

    passages: tuple[RelevantPassage, ...]
    """Most relevant first; empty when none qualifies."""
    answerability: float
    """Calibrated probability in [0, 1] that these passages answer the question; 0 when there are none."""
    generation: int
