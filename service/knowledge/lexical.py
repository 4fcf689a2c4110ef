"""Keyword search of one brand's passages: a derived index that follows the store and can be thrown away."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from service.domain import Passage
from service.knowledge.postings import K1, B, Counts, Postings
from service.knowledge.vocabulary import Vocabulary, grams
from service.knowledge.words import guess_language, words

Scores = NDArray[np.float32]

_OTHER_LANGUAGE = 0.5
"""Weight of a stem that only another language than the question's gives a word."""
_MOST_GRAMS = 96
"""Of a question's runs of letters, the heaviest; a long ticket has thousands, and the rest adds nothing but time."""


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
    languages: frozenset[str]

    @classmethod
    def empty(cls) -> Self:
        return cls(Vocabulary(), Postings.empty(), Postings.empty(), Postings.empty(), frozenset())

    def added(self, passages: Sequence[Passage]) -> Self:
        """Return this index with *passages* as its last rows."""
        whole: list[Counts] = []
        headed: list[Counts] = []
        spelled: list[Counts] = []
        languages = set(self.languages)
        for passage in passages:
            language = passage.language or guess_language(passage.text)
            if language:
                languages.add(language)
            head, body = words(f"{passage.title} {passage.heading}"), words(passage.text)
            headed.append(self.vocabulary.add_stems(head, language))
            whole.append(Counter(headed[-1]) + self.vocabulary.add_stems(body, language))
            spelled.append(self.vocabulary.add_words(head + body))
        return replace(
            self,
            whole=self.whole.added(whole),
            headed=self.headed.added(headed),
            spelled=self.spelled.added(spelled),
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
        unknown: set[str] = set()
        for word, count in Counter(found).items():
            stems = self.vocabulary.stems(word, order)
            for place, number in enumerate(stems):
                weights[number] += count if place == 0 else count * _OTHER_LANGUAGE
            if not stems:
                unknown.add(word)
        return Question(tuple(found), frozenset(unknown), weights, language)

    def gram_scores(self, question: "Question", rows: Sequence[int]) -> Scores:
        """
        Return BM25 of *rows* over runs of four letters, which sees through endings, compounds and typing errors.

        Only for a few rows: it is computed from their words. In how many rows a run occurs is estimated from the
        words that have it.
        """
        heaviest = self._heaviest_grams(question)
        if not heaviest or not rows:
            return np.zeros(len(rows), np.float32)
        found = [self.spelled.row(row) for row in rows]
        terms = np.concatenate([entry[0] for entry in found])
        counts = np.concatenate([entry[1] for entry in found]).astype(np.float32)
        owners = np.repeat(np.arange(len(rows)), [len(entry[0]) for entry in found])
        lengths = self.spelled.lengths[list(rows)]
        norms = K1 * (1 - B + B * lengths / max(self.spelled.total / max(self.spelled.living, 1), 1e-6))
        scores = np.zeros(len(rows), np.float32)
        has_gram = np.zeros(len(self.vocabulary), bool)
        for members, weight in heaviest:
            has_gram[members] = True
            hits = has_gram[terms]
            has_gram[members] = False
            often = np.bincount(owners[hits], counts[hits], len(rows)).astype(np.float32)
            scores += np.float32(weight * (K1 + 1)) * often / (often + norms)
        return scores

    def _heaviest_grams(self, question: "Question") -> list[tuple[NDArray[np.int64], float]]:
        """Return, for the question's weightiest runs of letters, the words that have it and its weight."""
        weighed = []
        for gram, count in Counter(gram for word in question.words for gram in grams(word)).items():
            members = self.vocabulary.words_with(gram)
            members = members[members < len(self.spelled.frequencies)]
            if len(members):
                rows = min(float(self.spelled.frequencies[members].sum()), self.spelled.living)
                weighed.append((members, count * float(np.log1p((self.spelled.living - rows + 0.5) / (rows + 0.5)))))
        return sorted(weighed, key=lambda entry: -entry[1])[:_MOST_GRAMS]


@dataclass(frozen=True, slots=True)
class Question:
    """A question's content words and what the index knows of them."""

    words: tuple[str, ...]
    unknown: frozenset[str]
    """Words of which no passage has any stem."""
    weights: Mapping[int, float]
    """Stem → weight; the question's own language counts fully."""
    language: str | None
