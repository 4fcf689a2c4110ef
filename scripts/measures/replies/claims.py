"""Sentences of real articles with the passages that a reply would rest on, and the same sentences spoiled."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.measures.knowledge import judged
from scripts.measures.knowledge.memory_store import MemoryStore
from scripts.measures.replies.corruptions import CHANGES, NAME, reworded
from service.domain import Audience, Passage
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.finding.retrieval import PassageFinder
from service.replies.text.plain import strip_markdown
from service.replies.text.sentences import split_sentences

ARTICLES = 150
SENTENCES = 240
PASSAGES = 6
LANGUAGES = {"cnil_fr": "fr", "servicepublic_fr": "fr"}
"""The other sets are English."""
_WORDS = range(7, 45)


@dataclass(frozen=True, slots=True)
class Claim:
    base: str
    language: str
    kind: str
    """`quoted` and `reworded` are true; `removed` is true but no passage says it; others are named after the change."""
    text: str
    passages: tuple[Passage, ...]

    @property
    def is_true(self) -> bool:
        return self.kind in {"quoted", "reworded"}


async def claims(folder: Path, split: str, seed: int) -> list[Claim]:
    """Return claims over one retrieval set; the same for the same seed."""
    dice = random.Random(f"{folder.name}{seed}")
    articles = sorted(judged.read(folder, split).articles, key=lambda article: article.source)
    chosen = dice.sample(articles, min(ARTICLES, len(articles)))
    store = await MemoryStore.of(chosen, HashedEmbeddings())
    finder = PassageFinder(store, store, HashedEmbeddings(), limit=PASSAGES)
    language = LANGUAGES.get(folder.name, "en")
    found: list[Claim] = []
    said = list(_sentences((await store.changes(folder.name, 0)).born))
    names = sorted({name for text, _ in said for name in NAME.findall(text)})
    for text, passage in dice.sample(said, min(SENTENCES, len(said))):
        finding = await finder.find(passage.brand, text, audience=Audience.INTERNAL)
        near = [each.passage for each in finding.passages if each.passage.id != passage.id][: PASSAGES - 1]
        near.insert(dice.randint(0, len(near)), passage)
        found += _variants(Claim(folder.name, language, "quoted", text, tuple(near)), passage, names, dice)
    return found


def _sentences(passages: Sequence[Passage]) -> Iterator[tuple[str, Passage]]:
    for passage in passages:
        for start, end in split_sentences(passage.text):
            text = strip_markdown(passage.text[start:end])
            if len(text.split()) in _WORDS and re.match(r"[A-ZÀ-Ý].*[.!]$", text) and "|" not in text:
                yield text, passage


def _variants(quoted: Claim, passage: Passage, names: Sequence[str], dice: random.Random) -> Iterator[Claim]:
    told = replace(quoted, kind="reworded", text=reworded(quoted.text, dice, quoted.language))
    yield quoted
    yield told
    for kind, change in CHANGES.items():
        true = dice.choice((quoted, told))
        spoiled = change(true.text, dice, names)
        if spoiled:
            yield replace(true, kind=kind, text=spoiled)
    rest = tuple(each if each.id != passage.id else _without(passage, quoted.text) for each in quoted.passages)
    if not any(quoted.text in strip_markdown(each.text) for each in rest):
        yield replace(told, kind="removed", passages=rest)


def _without(passage: Passage, sentence: str) -> Passage:
    for start, end in split_sentences(passage.text):
        if strip_markdown(passage.text[start:end]) == sentence:
            return replace(passage, text=passage.text[:start] + passage.text[end:])
    return passage
