"""What an ingest would do, worked out without writing anything."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from service.domain import Article, Passage
from service.knowledge.ingesting import rules
from service.knowledge.ingesting.languages import detect
from service.knowledge.reading import Refusal
from service.knowledge.reading.titles import leading_title
from service.knowledge.storing.content import ArticleVersion, VectorKey

Split = Callable[[Article], tuple[Passage, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """The embedding work: every vector that the articles need, and the texts that were never embedded."""

    model: str
    keys: tuple[VectorKey, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """Digest → text."""
    behind: bool = False
    """Whether articles that do not change are among it, because another model was used before."""


class Savable(Protocol):
    def save(self, living: Mapping[str, str]) -> None:
        """Keep what the next ingest can use; *living* are the articles that live now, source → version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The way from generation *base* to the next."""

    brand: str
    base: int
    added: tuple[ArticleVersion, ...]
    changed: tuple[ArticleVersion, ...]
    removed: tuple[str, ...]
    """Sources that go."""
    missing: tuple[str, ...]
    """Sources that were not read this time, and stay."""
    kept: int
    """Articles that did not change."""
    refused: tuple[Refusal, ...]
    embedding: Embedding
    opened: tuple[str, ...] = ()
    """Changed sources that were internal and become public."""
    readings: "Savable | None" = None
    """What reading the files taught, to be kept once the plan is applied."""

    @property
    def versions(self) -> tuple[ArticleVersion, ...]:
        return self.added + self.changed

    @property
    def moves(self) -> bool:
        """Whether readers will see anything new."""
        return bool(self.added or self.changed or self.removed)

    @property
    def passages(self) -> int:
        """Passages of the added and changed articles."""
        return sum(len(version.passages) for version in self.versions)


@dataclass(slots=True)
class Sorted:
    """Read articles beside what is stored: which are new, which changed, which did neither."""

    added: list[ArticleVersion] = field(default_factory=list)
    changed: list[ArticleVersion] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    refused: list[Refusal] = field(default_factory=list)

    def missing(self, stored: Iterable[str]) -> list[str]:
        """Return the stored sources that were not read; one whose file was refused was not missing."""
        read = self.kept | {version.article.source for version in self.changed}
        refused = {refusal.source for refusal in self.refused}
        return sorted(s for s in stored if s not in read and s not in refused and s.split("#")[0] not in refused)


def sort(
    read: Iterable[Article | Refusal], stored: Mapping[str, str], split: Split, languages: Sequence[str]
) -> Sorted:
    """Compare what was read with the *stored* versions by source, and split what differs."""
    result, seen = Sorted(), set()
    for item in read:
        if isinstance(item, Refusal):
            result.refused.append(item)
        elif item.source in seen:
            result.refused.append(Refusal(source=item.source, reason="another article has the same source"))
        else:
            seen.add(item.source)
            _place(item, result, stored, split, languages)
    return result


def _place(article: Article, result: Sorted, stored: Mapping[str, str], split: Split, languages: Sequence[str]) -> None:
    version = version_of(article, languages)
    if stored.get(article.source) == version:
        result.kept.add(article.source)
        return
    article = completed(article, languages)
    passages = split(article)
    if not passages:
        result.refused.append(Refusal(source=article.source, reason="it holds no text"))
        return
    side = result.changed if article.source in stored else result.added
    side.append(ArticleVersion(version=version, article=article, passages=passages))


def completed(article: Article, languages: Sequence[str]) -> Article:
    """Return *article* with the title and the language that it does not state, as far as its text tells them."""
    article = article if article.title else replace(article, title=leading_title(article.text))
    return article if article.language else replace(article, language=detect(article, languages))


def version_of(article: Article, languages: Sequence[str]) -> str:
    """Hash what shapes the passages before any work is done: the article as it was read, and how we would split it."""
    tried = ",".join(sorted(languages)) if article.language is None else ""
    return hashlib.sha256(f"{article.digest}\x1f{tried}\x1f{rules.splitting()}".encode()).hexdigest()


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def vector_keys(
    versions: Iterable[tuple[str, Sequence[Passage]]], entries: Callable[[Iterable[Passage]], Mapping[str, str]]
) -> Iterator[tuple[VectorKey, str]]:
    """Yield every vector that *versions* (version, its passages) need, each with the text to embed."""
    for version, passages in versions:
        for key, text in entries(passages).items():
            yield VectorKey(version=version, key=key, text_digest=text_digest(text)), text
