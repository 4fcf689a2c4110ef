"""Where a clause without a subject can begin, so that its verb is an imperative and no he or she is meant."""

import re
from collections.abc import Sequence

from service.prompting.language.tokens import HIDDEN, Token

_SENTENCE_END = re.compile(r"[.!?…\n|•]")
_ITEM = re.compile(r"(?:^|\n)[ \t]*(?:[-–•+]|\d{1,2}[.)])[ \t]*$")
_CUT = re.compile(r"[:;(–—>]|\s-\s")
_LEADS = frozenset(
    "alors donc ensuite puis enfin sinon abord et ou mais bonjour salut merci oui non ok attention bref voilà désolé désolée"
    " pas surtout simplement ici là aussi maintenant toujours".split()
)
"""Words after which a sentence's verb is still its first."""
_OPENERS = frozenset(
    "si s' quand lorsque lorsqu' dès après avant une pour afin en dans sur depuis via avec sans à au aux selon comme puisque"
    " puisqu' tant pendant par côté ensuite puis enfin sinon alors donc bonjour salut merci attention oui non ok d' pas"
    " également toutefois cependant malheureusement surtout bien voilà désolé désolée désolés chaque cette ce ici là"
    " maintenant d'abord premièrement deuxièmement tout parfait super génial".split()
)
_CONJUNCTIONS = frozenset("et ou puis mais".split())
_SUBORDINATES = frozenset(
    "que qu' qui si s' dont où lorsque lorsqu' quand afin car parce il elle on nous ils elles je j' ce c' cela".split()
)
_SUBJECTS = frozenset(
    "vous il elle on nous ils elles je j' la le les l' votre vos son sa ses ce cet cette ces c' cela ça un une tu".split()
)


class Clauses:
    """The clauses of one text's words."""

    def __init__(self, words: Sequence[Token]) -> None:
        self._words = words

    def is_hard(self, place: int) -> bool:
        """Whether a sentence begins at *place*."""
        token = self._words[place]
        own = token.gap.rpartition(HIDDEN)[2]
        if place == 0 and own == token.gap:
            return True
        if not _SENTENCE_END.search(own):
            return False
        abbreviated = place > 0 and token.gap.strip() == "." and len(self._words[place - 1].word) < 5  # noqa: PLR2004 - "art.", "tél."
        return token.raw[0].isupper() or not abbreviated

    def may_command(self, place: int, *, sure: bool = False) -> bool:
        """Whether a verb at *place* has no subject before it; *sure* forms count where a clause begins less clearly."""
        token = self._words[place]
        if self.is_hard(place):
            # The items of a list go on with the words above it: "La CNIL : - contrôle les fichiers".
            return not _is_item(token) or token.raw[0].isupper() or sure
        if _CUT.search(token.gap):
            return True
        before = self._words[place - 1]
        if "," in token.gap:
            return self._follows_opening(place)
        if token.gap.strip():
            return False
        if before.word in _CONJUNCTIONS:
            return "," in before.gap and self._follows_opening(place - 1) or self._goes_on(place - 1)
        return before.word in _LEADS and self.may_command(place - 1, sure=sure)

    def _start(self, place: int) -> int:
        while place > 0 and not self.is_hard(place):
            place -= 1
        return place

    def _follows_opening(self, place: int) -> bool:
        """Whether the comma before *place* ends what only opens the sentence: "Si le colis tarde, contacte-nous"."""
        start = self._start(place)
        commas = [at for at in range(start + 1, place + 1) if "," in self._words[at].gap]
        if len(commas) > 1:
            return self._is_imperative(start)
        if self._words[start].word not in _OPENERS:
            return self._is_imperative(start)
        return not self._has_subject_later(place)

    def _has_subject_later(self, place: int) -> bool:
        """Whether the main clause comes only after another comma: "S'il refuse, conteste…, vous pouvez…"."""
        for at in range(place + 1, len(self._words)):
            if self.is_hard(at):
                return False
            if "," in self._words[at].gap and self._words[at].word in _SUBJECTS:
                return True
        return False

    def _goes_on(self, place: int) -> bool:
        """Whether the conjunction at *place* goes on from an imperative, with no other subject between."""
        for at in range(place - 1, -1, -1):
            if self._words[at].word in _SUBORDINATES:
                return False
            if self._is_imperative(at):
                return True
            if self.is_hard(at):
                return False
        return False

    def _is_imperative(self, place: int) -> bool:
        word = self._words[place].word
        following = self._words[place + 1].word if place + 1 < len(self._words) else ""
        polite = (
            word.endswith("ez") and following != "vous" or (word.endswith("ez") and self._words[place + 1].gap == "-")
        )
        return polite and len(word) > 4 and word != "assez" and (place == 0 or self._words[place - 1].word != "vous")  # noqa: PLR2004 - "chez"


def _is_item(token: Token) -> bool:
    return bool(_ITEM.search(token.gap))
