"""Keyword search of one brand's passages: a derived index that follows the store and can be thrown away."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from service.domain import Passage
from service.knowledge.finding.postings import Field, Postings
from service.knowledge.finding.sequences import Sequences
from service.knowledge.wording.vocabulary import Vocabulary
from service.knowledge.wording.words import guess_language, words

_OTHER_LANGUAGE = 0.5
"""Weight of a stem that only another language than the question's gives a word."""


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Rows are passages in the order in which they were added; a state never changes once it is made."""

    vocabulary: Vocabulary
    stems: Sequences
    """By row, the stems of title, headings and text in their order."""
    words: Sequences
    """The same as they are spelled."""
    whole: Postings
    """Of the stems."""
    headed: Postings
    """Of those of title and headings alone: each row's first."""
    spelled: Field
    """Of the words."""
    languages: frozenset[str]

    @classmethod
    def empty(cls) -> Self:
        nothing = Sequences.of(())
        return cls(Vocabulary(), nothing, nothing, Postings.empty(), Postings.empty(), Field.empty(), frozenset())

    def added(self, passages: Sequence[Passage]) -> Self:
        """Return this index with *passages* as its last rows."""
        if not passages:
            return self
        heads = [words(f"{passage.title} {passage.heading} {_slug(passage.url)}") for passage in passages]
        spelled = Sequences.of(
            [self.vocabulary.add_words(head + words(each.text)) for head, each in zip(heads, passages, strict=True)]
        )
        languages = [passage.language or guess_language(passage.text) for passage in passages]
        stems = self._stems(spelled, languages)
        return replace(
            self,
            stems=self.stems.added(stems),
            words=self.words.added(spelled),
            whole=self.whole.added(stems),
            headed=self.headed.added(stems.first(np.array([len(head) for head in heads], np.int64))),
            spelled=self.spelled.added(spelled),
            languages=self.languages | {language for language in languages if language},
        )

    def _stems(self, spelled: Sequences, languages: Sequence[str | None]) -> Sequences:
        """Return the stems of *spelled*, each row in its language."""
        stems = np.zeros_like(spelled.numbers)
        for language in set(languages):
            own = np.repeat([each == language for each in languages], spelled.lengths)
            stems[own] = self.vocabulary.add_stems(spelled.numbers[own], language)
        return replace(spelled, numbers=stems)

    def without(self, rows: Sequence[int]) -> Self:
        """Return this index with *rows* no longer counted; they keep their numbers, and still get scores."""
        if not rows:
            return self
        stems = self.stems.some(rows)
        heads = stems.first(self.headed.lengths[list(rows)].astype(np.int64))
        return replace(
            self,
            whole=self.whole.without(rows, stems),
            headed=self.headed.without(rows, heads),
            spelled=self.spelled.without(rows, self.words.some(rows)),
        )

    def said(self, row: int) -> list[int]:
        """Return the words of the row's text, without those of title and headings."""
        numbers: list[int] = self.words[row][int(self.headed.lengths[row]) :].tolist()
        return numbers

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
