"""How far the support that was found for a sentence is to be trusted."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from service.domain import Citation, Sentence, Support
from service.prompting.prompts import Frame
from service.replies.guards.signs import read_signs
from service.replies.guards.suspicion import Suspicion
from service.replies.text.words import content_stems

_FEWEST_STEMS = 2
"""One word alone is found everywhere and proves nothing."""
_MOST_TAKEN_UP = 2
"""Words of the customer's that a courtesy may take up: "sorry about the broken lamp"."""
_MOST_BESIDE = 1
"""Other words that a courtesy may hold."""


class Trust:
    """What may be believed in one reply."""

    def __init__(self, frame: Frame, values: Iterable[str], asked: str, suspicion: Suspicion) -> None:
        """Take the variables' *values* and what the customer *asked*, which a courtesy may take up."""
        self._frame = frame
        self._values = " ".join(values)
        self._asked = frozenset(content_stems(asked, frame.language))
        self._suspicion = suspicion

    def of(self, sentence: Sentence) -> Sentence:
        """
        Return *sentence* with the support that is left.

        What gives orders and what only asks backs nothing. What is made of courteous words is a courtesy, and says
        nothing else. Where orders were found anywhere, a sentence that is no quote says what its quotes and the
        variables say, and nothing else.
        """
        if sentence.text in self._frame.lines:
            return sentence
        kept = tuple(each for each in sentence.citations if self._backs(each))
        if kept != sentence.citations:
            sentence = replace(sentence, citations=kept, support=sentence.support if kept else Support.UNSUPPORTED)
        if sentence.support is Support.UNSUPPORTED and self._is_only_courtesy(sentence):
            return replace(sentence, support=Support.COURTESY)
        return sentence if self._stands(sentence) else replace(sentence, support=Support.UNSUPPORTED, citations=())

    def _backs(self, citation: Citation) -> bool:
        return not citation.quote.rstrip().endswith("?") and not self._suspicion.covers(citation)

    def _stands(self, sentence: Sentence) -> bool:
        stems = frozenset(content_stems(sentence.text, self._frame.language))
        if sentence.support is Support.COURTESY:
            return self._is_mere_courtesy(stems)
        if sentence.support is Support.ENTAILED and len(stems) < _FEWEST_STEMS:
            return False
        if not self._suspicion.wary or sentence.support is Support.QUOTED:
            return True
        backed = " ".join([*(citation.quote for citation in sentence.citations), self._values])
        return bool(sentence.citations) and stems <= frozenset(content_stems(backed, self._frame.language))

    def _is_only_courtesy(self, sentence: Sentence) -> bool:
        stems = frozenset(content_stems(sentence.text, self._frame.language))
        return bool(stems) and not sentence.unbacked and stems <= _courtesies(self._frame.language)

    def _is_mere_courtesy(self, stems: frozenset[str]) -> bool:
        beside = stems - _courtesies(self._frame.language)
        if self._suspicion.wary:
            return not beside
        return len(beside - self._asked) <= _MOST_BESIDE and len(beside) <= _MOST_TAKEN_UP


@cache
def _courtesies(language: str) -> frozenset[str]:
    words = read_signs("courtesies")
    return frozenset(content_stems(str(words.get(language, "")), language))
