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
        self._stems_of: dict[str | None, NDArray[np.int32]] = {}
        self._spelled: list[str] = []
        self._words_with: defaultdict[str, list[int]] = defaultdict(list)
        self._arrays: dict[str, NDArray[np.int64]] = {}

    def __len__(self) -> int:
        return len(self._words)

    def add_words(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of *words* in their order; new ones get one."""
        known = self._words
        return [known[word] if word in known else self._add(word) for word in words]

    def add_stems(self, words: NDArray[np.int32], language: str | None) -> NDArray[np.int32]:
        """Return the numbers of the stems of *words*, which are numbers too, in their order; new ones get one."""
        stems = self._known_stems(language)
        unknown = words[stems[words] < 0]
        for word in np.unique(unknown).tolist() if len(unknown) else ():
            stems[word] = self._stems.setdefault(stem(self._spelled[word], language), len(self._stems))
        return stems[words]

    def stems_of(self, words: NDArray[np.int32], language: str | None) -> NDArray[np.int32]:
        """Return the numbers of the stems of *words*, all of which `add_stems` has seen."""
        return self._stems_of[language][words]

    def stems(self, word: str, languages: Iterable[str | None]) -> list[int]:
        """Return the numbers of the known stems of *word* in *languages*, in their order, none twice."""
        known = (self._stems.get(stem(word, language)) for language in languages)
        return list(dict.fromkeys(number for number in known if number is not None))

    def words_with(self, gram: str, below: int) -> NDArray[np.int64]:
        """Return the numbers of the words that have *gram*, ascending; only those under *below*."""
        members = self._words_with.get(gram, [])
        known = self._arrays.get(gram)
        if known is None or len(known) != len(members):
            known = self._arrays[gram] = np.array(members, np.int64)
        return known if not len(known) or known[-1] < below else known[: np.searchsorted(known, below)]

    def _add(self, word: str) -> int:
        number = self._words[word] = len(self._words)
        self._spelled.append(word)
        for gram in set(grams(word)):
            self._words_with[gram].append(number)
        return number

    def _known_stems(self, language: str | None) -> NDArray[np.int32]:
        """Return by word its stem in *language*, -1 where nobody asked for it yet."""
        known = self._stems_of.get(language, np.zeros(0, np.int32))
        if len(known) < len(self._words):
            unknown = np.full(len(self._words) + len(self._words) // 4 - len(known), -1, np.int32)
            known = self._stems_of[language] = np.concatenate((known, unknown))
        return known


def grams(word: str) -> list[str]:
    """Return the runs of four characters of *word*, its edges marked and its accents dropped."""
    edged = marked([word])
    return [edged[start : start + _GRAM] for start in range(max(1, len(edged) - _GRAM + 1))]


def marked(words: Iterable[str]) -> str:
    """Return *words* without their accents, each between marks; it holds the `grams` of each, and of no other word."""
    return folded(f"<{'><'.join(words)}>")
