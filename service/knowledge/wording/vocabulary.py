"""The words of one knowledge base and what they share: numbers for words, stems and runs of four letters."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from service.knowledge.wording.words import folded, stem

_GRAM = 4


class Vocabulary:
    """Only grows, so that every state of an index may share it; one thread adds while others look up."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._stem_of: dict[tuple[str, str | None], int] = {}
        self._words_with: defaultdict[str, list[int]] = defaultdict(list)
        self._arrays: dict[str, NDArray[np.int64]] = {}

    def __len__(self) -> int:
        return len(self._words)

    def add_words(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of *words* in their order; new ones get one."""
        return [self._number(word) for word in words]

    def add_stems(self, words: Iterable[str], language: str | None) -> list[int]:
        """Return the numbers of the stems of *words* in their order; new ones get one."""
        return [self._stem_number(word, language) for word in words]

    def stems(self, word: str, languages: Iterable[str | None]) -> list[int]:
        """Return the numbers of the known stems of *word* in *languages*, in their order, none twice."""
        known = (self._stems.get(stem(word, language)) for language in languages)
        return list(dict.fromkeys(number for number in known if number is not None))

    def words_with(self, gram: str) -> NDArray[np.int64]:
        """Return the numbers of the words that have *gram*, ascending."""
        members = self._words_with.get(gram, [])
        known = self._arrays.get(gram)
        if known is None or len(known) != len(members):
            known = self._arrays[gram] = np.array(members, np.int64)
        return known

    def _number(self, word: str) -> int:
        number = self._words.get(word)
        if number is None:
            number = self._words[word] = len(self._words)
            for gram in set(grams(word)):
                self._words_with[gram].append(number)
        return number

    def _stem_number(self, word: str, language: str | None) -> int:
        number = self._stem_of.get((word, language))
        if number is None:
            number = self._stems.setdefault(stem(word, language), len(self._stems))
            self._stem_of[word, language] = number
        return number


def grams(word: str) -> list[str]:
    """Return the runs of four characters of *word*, its edges marked and its accents dropped."""
    marked = f"<{folded(word)}>"
    return [marked[start : start + _GRAM] for start in range(max(1, len(marked) - _GRAM + 1))]
