"""Looks over what an ingest brought, and names what its owner may want to put right."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from service.domain import Article, Audience, Passage
from service.errors import KnowledgeError
from service.knowledge.embedding.embeddings import passage_of
from service.knowledge.ingesting.figures import Claims, contradiction
from service.knowledge.ingesting.plan import Plan
from service.knowledge.ingesting.progress import OnProgress, Stopwatch
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors
from service.knowledge.wording.words import words

_NEIGHBOURS = 8
_MOST_COMPARED = 20_000
"""Passages: about half a minute."""
_AT_ONCE = 256
_FEWEST_WORDS = 8
"""Shorter passages are alike without meaning anything."""
_ALIKE = 0.85
"""Share of common word triples (Jaccard) from which on two passages say the same."""
_QUOTE = 160

_INTERNAL = re.compile(
    r"\b(?:internal use only|for internal use|internal only|staff only|agents? only|not for customers"
    r"|do not share with customers|usage (?:strictement )?interne|document interne|interne uniquement"
    r"|réservé (?:au personnel|aux équipes|aux agents)"
    r"|ne pas (?:diffuser|communiquer|transmettre) (?:au|aux|à nos) clients?)\b"
    # Alone on its line the bare word is a stamp; in a sentence it is just a word.
    r"|^[\W_]*(?:confidential|confidentiel|internal|interne)[\W_]*$",
    re.IGNORECASE | re.MULTILINE,
)
_INTERNAL_FOLDER = re.compile(r"(?:^|/)(?:internal|interne|confidential|confidentiel)(?:/|[-_.])", re.IGNORECASE)


class ConcernKind(StrEnum):
    DUPLICATE = "duplicate"
    """The same words in two articles."""
    NEAR_DUPLICATE = "near_duplicate"
    CONTRADICTION = "contradiction"
    """Two figures, dates or amounts for one thing."""
    EXPIRED = "expired"
    INTERNAL = "internal"
    """Public, and reads as if it were not meant to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    kind: ConcernKind
    articles: tuple[str, ...]
    """Sources: one, or the two that are compared."""
    quotes: tuple[str, ...] = ()
    """Exact words, one quote an article."""
    detail: str

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        articles, quotes = tuple(told["articles"]), tuple(told["quotes"])
        return cls(kind=ConcernKind(told["kind"]), articles=articles, quotes=quotes, detail=told["detail"])


async def concerns_of(
    plan: Plan, store: KnowledgeStore, vectors: ChromaVectors, today: date, on_progress: OnProgress | None = None
) -> tuple[Concern, ...]:
    """
    Return what is worth a look: among the new and changed articles, and every expired one of the brand.

    New passages are compared with their nearest neighbours in the whole base, so the cost follows the change; while the
    vector index cannot answer, nothing is compared.
    """
    found = [*await _expired(plan.brand, store, today), *_internal(plan)]
    fresh = [passage for version in plan.versions for passage in version.passages][:_MOST_COMPARED]
    comparison, watch = _Comparison(), Stopwatch("comparing", len(fresh), on_progress)
    for start in range(0, len(fresh), _AT_ONCE):
        some = fresh[start : start + _AT_ONCE]
        try:
            pairs = await _neighbours(plan, some, store, vectors)
        except KnowledgeError:
            break
        found += await asyncio.to_thread(comparison.of, pairs)
        watch.advance(len(some))
    return _once(found)


async def _expired(brand: str, store: KnowledgeStore, today: date) -> list[Concern]:
    return [
        Concern(kind=ConcernKind.EXPIRED, articles=(article.source,), detail=f"it expired on {article.expires}")
        for article in await store.articles(brand)
        if article.expires and article.expires < today
    ]


def _internal(plan: Plan) -> Iterator[Concern]:
    for article in (version.article for version in plan.versions):
        if article.audience is Audience.INTERNAL:
            continue
        if article.source in plan.opened:
            detail = "it was internal and becomes public"
            yield Concern(kind=ConcernKind.INTERNAL, articles=(article.source,), detail=detail)
        elif quote := _marked(article):
            detail = "it is public, and reads as internal"
            yield Concern(kind=ConcernKind.INTERNAL, articles=(article.source,), quotes=(quote,), detail=detail)


def _marked(article: Article) -> str | None:
    if _INTERNAL_FOLDER.search(article.source):
        return article.source
    found = _INTERNAL.search(f"{article.title}\n{article.text}")
    return found[0].strip() if found else None


async def _neighbours(
    plan: Plan, fresh: Sequence[Passage], store: KnowledgeStore, vectors: ChromaVectors
) -> list[tuple[Passage, Passage]]:
    """Return each of *fresh* with each of its nearest living passages of other articles."""
    model = plan.embedding.model
    own = await store.vectors.by_key(plan.brand, model, [passage.id for passage in fresh])
    asked = [passage for passage in fresh if passage.id in own]
    hits = await asyncio.gather(*(vectors.nearest(plan.brand, own[p.id], _NEIGHBOURS) for p in asked))
    near = [{passage_of(key) for key, _ in found} for found in hits]
    known = await store.passages({other for others in near for other in others})
    return [
        (passage, known[other])
        for passage, others in zip(asked, near, strict=True)
        for other in sorted(others & known.keys())
        if known[other].article != passage.article
    ]


class _Comparison:
    """Compares passages pair by pair; what it worked out for one serves all its pairs."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}
        self._claims: dict[str, Claims] = {}
        self._seen: set[tuple[str, str]] = set()

    def of(self, pairs: Sequence[tuple[Passage, Passage]]) -> list[Concern]:
        found: list[Concern] = []
        for pair in pairs:
            left, right = sorted(pair, key=lambda passage: (passage.article, passage.position))
            if (left.id, right.id) not in self._seen:
                self._seen.add((left.id, right.id))
                found += [*self._contradicting(left, right), *self._alike(left, right)]
        return found

    def _contradicting(self, left: Passage, right: Passage) -> Iterator[Concern]:
        for passage in (left, right):
            if passage.id not in self._claims:
                self._claims[passage.id] = Claims(passage)
        if quotes := contradiction(self._claims[left.id], self._claims[right.id]):
            detail = "they give different figures for what seems to be the same"
            articles = (left.article, right.article)
            yield Concern(kind=ConcernKind.CONTRADICTION, articles=articles, quotes=quotes, detail=detail)

    def _alike(self, left: Passage, right: Passage) -> Iterator[Concern]:
        for passage in (left, right):
            if passage.id not in self._words:
                self._words[passage.id] = words(passage.text)
        one, other = self._words[left.id], self._words[right.id]
        shorter, longer = sorted((len(one), len(other)))
        if shorter < _FEWEST_WORDS or shorter < _ALIKE * longer:
            return
        both = "" if left.audience is right.audience else "; one is internal and the other public"
        articles, quotes = (left.article, right.article), (left.text[:_QUOTE], right.text[:_QUOTE])
        if one == other:
            detail = f"they have the same words{both}"
            yield Concern(kind=ConcernKind.DUPLICATE, articles=articles, quotes=quotes, detail=detail)
        elif (likeness := _likeness(one, other)) >= _ALIKE:
            detail = f"{likeness:.0%} of their word runs are the same{both}"
            yield Concern(kind=ConcernKind.NEAR_DUPLICATE, articles=articles, quotes=quotes, detail=detail)


def _likeness(left: Sequence[str], right: Sequence[str]) -> float:
    one, other = set(zip(left, left[1:], left[2:], strict=False)), set(zip(right, right[1:], right[2:], strict=False))
    return len(one & other) / len(one | other)


def _once(found: Sequence[Concern]) -> tuple[Concern, ...]:
    """Keep the first concern of a kind for each pair of articles; contradictions one for each pair of quotes."""
    kept: dict[tuple[object, ...], Concern] = {}
    for concern in found:
        quotes = concern.quotes if concern.kind is ConcernKind.CONTRADICTION else ()
        kept.setdefault((concern.kind, concern.articles, quotes), concern)
    order = list(ConcernKind)
    return tuple(sorted(kept.values(), key=lambda concern: (order.index(concern.kind), concern.articles)))
