"""Keyword search of one brand's passages: a derived index that follows the store and can be thrown away."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.domain import Passage
from service.knowledge.finding.postings import Field, Postings
from service.knowledge.finding.sequences import Sequences
from service.knowledge.wording.vocabulary import Vocabulary
from service.knowledge.wording.words import guess_language, words

StemsOf: TypeAlias = Callable[[NDArray[np.int32], str | None], NDArray[np.int32]]

_ADDED_AT_ONCE = 10_000
"""What adding so many passages needs beside the result stays below 100 MB."""
_OTHER_LANGUAGE = 0.5
"""Weight of a stem that only another language than the question's gives a word."""


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """Rows are passages in the order in which they were added; a state never changes once it is made."""

    vocabulary: Vocabulary
    words: Sequences
    """By row, the words of title, headings and text in their order, as they are spelled."""
    tongues: NDArray[np.int16]
    """By row, the place of its language among *spoken*."""
    spoken: tuple[str | None, ...]
    whole: Postings
    """Of the stems of the words."""
    headed: Postings
    """Of those of title and headings alone: each row's first."""
    spelled: Field
    """Of the words."""

    @classmethod
    def empty(cls) -> Self:
        nothing = Sequences.of(())
        return cls(Vocabulary(), nothing, np.zeros(0, np.int16), (), Postings.empty(), Postings.empty(), Field.empty())

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(language for language in self.spoken if language)

    def added(self, passages: Sequence[Passage]) -> Self:
        """Return this index with *passages* as its last rows."""
        grown = self
        for start in range(0, len(passages), _ADDED_AT_ONCE):
            grown = grown._grown(passages[start : start + _ADDED_AT_ONCE])
        return grown

    def _grown(self, passages: Sequence[Passage]) -> Self:
        heads = [words(f"{passage.title} {passage.heading} {_slug(passage.url)}") for passage in passages]
        spelled = Sequences.of(
            [self.vocabulary.add_words(head + words(each.text)) for head, each in zip(heads, passages, strict=True)]
        )
        languages = [passage.language or guess_language(passage.text) for passage in passages]
        spoken = tuple(dict.fromkeys((*self.spoken, *languages)))
        tongues = np.array([spoken.index(language) for language in languages], np.int16)
        stems = _stemmed(spelled, tongues, spoken, self.vocabulary.add_stems)
        return replace(
            self,
            words=self.words.added(spelled),
            tongues=np.concatenate((self.tongues, tongues)),
            spoken=spoken,
            whole=self.whole.added(stems),
            headed=self.headed.added(stems.first(np.array([len(head) for head in heads], np.int64))),
            spelled=self.spelled.added(spelled),
        )

    def stems(self, rows: Sequence[int]) -> Sequences:
        """Return the stems of *rows*: looked up, since they would take as much memory as the words."""
        return _stemmed(self.words.some(rows), self.tongues[list(rows)], self.spoken, self.vocabulary.stems_of)

    def without(self, rows: Sequence[int]) -> Self:
        """Return this index with *rows* no longer counted; they keep their numbers, and still get scores."""
        if not rows:
            return self
        stems = self.stems(rows)
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


def _stemmed(
    spelled: Sequences, tongues: NDArray[np.int16], spoken: Sequence[str | None], stems_of: StemsOf
) -> Sequences:
    """Return the stems of *spelled*, each row in its language."""
    stems = np.zeros_like(spelled.numbers)
    for tongue in np.unique(tongues).tolist():
        own = np.repeat(tongues == tongue, spelled.lengths)
        stems[own] = stems_of(spelled.numbers[own], spoken[tongue])
    return replace(spelled, numbers=stems)


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
