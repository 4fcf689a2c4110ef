"""Keyword search of one brand's passages: a derived index that follows the store and can be thrown away."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from service.domain import Passage
from service.knowledge.finding.postings import Counts, Postings
from service.knowledge.wording.vocabulary import Vocabulary
from service.knowledge.wording.words import guess_language, words

_OTHER_LANGUAGE = 0.5
"""Weight of a stem that only another language than the question's gives a word."""


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Rows are passages in the order in which they were added; a state never changes once it is made."""

    vocabulary: Vocabulary
    whole: Postings
    """Stems of title, headings and text."""
    headed: Postings
    """Stems of title and headings."""
    spelled: Postings
    """Words of title, headings and text as they are spelled."""
    sequences: tuple[NDArray[np.int32], ...]
    """By row, the stems of `whole` in their order."""
    languages: frozenset[str]

    @classmethod
    def empty(cls) -> Self:
        return cls(Vocabulary(), Postings.empty(), Postings.empty(), Postings.empty(), (), frozenset())

    def added(self, passages: Sequence[Passage]) -> Self:
        """Return this index with *passages* as its last rows."""
        whole: list[Counts] = []
        headed: list[Counts] = []
        spelled: list[Counts] = []
        sequences: list[NDArray[np.int32]] = []
        languages = set(self.languages)
        for passage in passages:
            language = passage.language or guess_language(passage.text)
            if language:
                languages.add(language)
            head, body = words(f"{passage.title} {passage.heading} {_slug(passage.url)}"), words(passage.text)
            stems = self.vocabulary.add_stems(head + body, language)
            sequences.append(np.array(stems, np.int32))
            whole.append(Counter(stems))
            headed.append(Counter(stems[: len(head)]))
            spelled.append(Counter(self.vocabulary.add_words(head + body)))
        return replace(
            self,
            whole=self.whole.added(whole),
            headed=self.headed.added(headed),
            spelled=self.spelled.added(spelled),
            sequences=(*self.sequences, *sequences),
            languages=frozenset(languages),
        )

    def without(self, rows: Sequence[int]) -> Self:
        """Return this index with *rows* no longer counted."""
        return replace(
            self, whole=self.whole.without(rows), headed=self.headed.without(rows), spelled=self.spelled.without(rows)
        )

    def question(self, text: str, language: str | None) -> "Question":
        """Return *text* as this index can search it; *language* None means that it is guessed."""
        language = language or guess_language(text)
        order = (language, *sorted(self.languages - {language}))
        found = words(text)
        weights: defaultdict[int, float] = defaultdict(float)
        stems = {word: self.vocabulary.stems(word, order) for word in found}
        for word in found:
            for place, number in enumerate(stems[word]):
                weights[number] += 1 if place == 0 else _OTHER_LANGUAGE
        return Question(
            words=tuple(found),
            stems=tuple(stems[word][0] for word in found if stems[word]),
            unknown=frozenset(word for word in found if not stems[word]),
            weights=weights,
            language=language,
        )


def _slug(url: str | None) -> str:
    """Return what an address says after its host, which on a help centre is often the page's name."""
    return url.partition("://")[2].partition("/")[2] if url else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question's content words and what the index knows of them."""

    words: tuple[str, ...]
    stems: tuple[int, ...]
    """Of its known words, in their order."""
    unknown: frozenset[str]
    """Words of which no passage has any stem."""
    weights: Mapping[int, float]
    """Stem → weight; the question's own language counts fully."""
    language: str | None
