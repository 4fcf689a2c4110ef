"""Where a clause without a subject can begin, so that its verb is an imperative and no he or she is meant."""

import re
from collections.abc import Sequence

from service.prompting.language.french.tokens import Token, word_at, word_set
from service.prompting.language.french.verbs import imperatives
from service.prompting.language.untouched import HIDDEN

_SENTENCE_END = re.compile(r"[.!?…\n|•]")
_WRAPPED = re.compile(r"[\s\d]*\n\s*")
"""A line's end inside a sentence, when a small letter follows."""
_ITEM = re.compile(r"(?:^|\n)[ \t]*[-–•+][ \t]*$")
_CUT = re.compile(r"[:;(–—]|\s-\s")
_ABBREVIATED_CHARS = 4
"""The longest word whose full stop may be an abbreviation's, before a small letter: "art.", "tél."."""
_SHORTEST_VERB = 5

_POLITE_WITHOUT_EZ = word_set("faites dites")
_LEADS = word_set("""
alors donc ensuite puis enfin sinon abord et ou mais bonjour salut merci oui non ok attention bref voilà désolé désolée
surtout simplement ici là aussi maintenant toujours
""")
"""Words after which a sentence's verb is still its first."""
_OPENERS = word_set("""
si s' quand lorsque lorsqu' dès après avant pour afin en dans sur depuis via avec sans à au aux selon comme puisque
puisqu' tant pendant par côté ensuite puis enfin sinon alors donc bonjour salut merci attention oui non ok d' de pas
également toutefois cependant malheureusement surtout bien voilà désolé désolée désolés ici là maintenant et mais du
passé passée tout parfait super génial malgré grâce faute plutôt demain aujourd' toujours quoi où lors durant quant hors
sauf hormis contre vers sitôt aussitôt
""")
"""Words with which a sentence opens before its main clause."""
_OPENING_PHRASE = re.compile(
    r"(?:cela|ceci|chose) (?:fait|faite|dit|étant|étant dit|posé)|(?:le|la|l') (?:\w+ )?(?:échéant|venue?|fois|jour)"
    r"|(?:une|cette|chaque) (?:fois|semaine|année)\b.*|(?:ce|chaque) (?:soir|matin|jour|mois|midi|week)\b.*"
    r"|petite? (?:conseil|rappel|astuce|info|précision)"
    r"|\w+(?:[aei]mment|alement|ellement|ivement|iquement|[ai]blement|i[èe]rement|i[èe]mement|eusement|airement)"
    r"|(?:simple|rapide|directe|autre|seule|conforme|concrète)ment"
)
"""What opens a sentence without one of these words: "cela fait", "le cas échéant", "idéalement"."""
_CONJUNCTIONS = word_set("et ou puis mais")
_SUBORDINATES = word_set("""
que qu' qui si s' dont où lorsque lorsqu' quand afin car parce il elle on nous ils elles je j' c' cela
""")
_SUBJECTS = word_set("""
vous il elle on nous ils elles je j' la le les l' votre vos son sa ses ce cet cette ces c' cela ça un une tu
""")


class Clauses:
    """The clauses of one text's words."""

    def __init__(self, words: Sequence[Token]) -> None:
        self._words = words

    def begins_sentence(self, place: int) -> bool:
        token = self._words[place]
        own = token.gap.rpartition(HIDDEN)[2]
        if place == 0:
            return own == token.gap or bool(_SENTENCE_END.search(own))
        if not _SENTENCE_END.search(own) or (_WRAPPED.fullmatch(own) and token.raw[0].islower()):
            return False
        abbreviated = token.gap.strip() == "." and len(self._words[place - 1].word) <= _ABBREVIATED_CHARS
        return token.raw[0].isupper() or not abbreviated

    def may_command(self, place: int, *, sure: bool = False) -> bool:
        """Whether a verb at *place* has no subject before it; only "je" can be the subject of a *sure* form."""
        token, before = self._words[place], word_at(self._words, place - 1)
        if sure and (token.gap.strip() or before in _CONJUNCTIONS) and not self._says_i(place):
            return True
        if self.begins_sentence(place):
            # The items of a list may go on with the words above it: "La CNIL : - contrôle les fichiers".
            return sure or not _ITEM.search(token.gap) or token.raw[0].isupper()
        if "," in token.gap:
            return self._follows_opening(place)
        if token.gap.strip():
            return bool(_CUT.search(token.gap.rpartition(HIDDEN)[2]))
        if before in _CONJUNCTIONS and not self.begins_sentence(place - 1):
            opened = "," in self._words[place - 1].gap and self._follows_opening(place - 1)
            return opened or self._goes_on(place - 1)
        return before in _LEADS and self.may_command(place - 1, sure=sure)

    def _says_i(self, place: int) -> bool:
        while place > 0 and not self.begins_sentence(place):
            place -= 1
            if self._words[place].word in {"je", "j'"}:
                return True
        return False

    def _follows_opening(self, place: int) -> bool:
        """
        Whether the comma before *place* ends what only opens the sentence: "Si le colis tarde, contacte-nous".

        A word alone opens too, since no comma parts a subject from its verb: "Ana, vérifie l'adresse".
        """
        start = place - 1
        while start > 0 and not self._begins_clause(start):
            start -= 1
        inserted = [at for at in range(start + 1, place) if "," in self._words[at].gap]
        first = self._words[start]
        named = place - start == 1 and first.raw[0].isupper() and first.word not in imperatives()
        opens = named or all(self._opens(at, place) for at in (start, *inserted))
        return self._commands_politely(start) or (opens and not self._has_subject_later(place))

    def _opens(self, start: int, end: int) -> bool:
        """Whether what begins at *start*, up to a comma or *end*, holds no subject of a main clause."""
        if self._words[start].word in _OPENERS:
            return True
        stop = next((at for at in range(start + 1, end) if "," in self._words[at].gap), end)
        return bool(_OPENING_PHRASE.fullmatch(" ".join(token.word for token in self._words[start:stop])))

    def _begins_clause(self, place: int) -> bool:
        return self.begins_sentence(place) or bool(_CUT.search(self._words[place].gap))

    def _has_subject_later(self, place: int) -> bool:
        """Whether the main clause comes only after another comma: "S'il refuse, conteste…, vous pouvez…"."""
        for at in range(place + 1, len(self._words)):
            if self.begins_sentence(at):
                return False
            if "," in self._words[at].gap and self._words[at].word in _SUBJECTS:
                return True
        return False

    def _goes_on(self, place: int) -> bool:
        """Whether the conjunction at *place* goes on from an imperative, with no other subject between."""
        for at in range(place - 1, -1, -1):
            if self._words[at].word in _SUBORDINATES and self._words[at].gap != "-":
                return False
            if self._is_polite_command(at):
                return True
            if self.begins_sentence(at):
                return False
        return False

    def _commands_politely(self, start: int) -> bool:
        """Whether the clause from *start* begins with an imperative in vous, "ne" and a pronoun before it or not."""
        reach = 3 if self._words[start].word in {"ne", "n'"} else 1
        return any(self._is_polite_command(at) for at in range(start, min(start + reach, len(self._words))))

    def _is_polite_command(self, place: int) -> bool:
        word = self._words[place].word
        verb = word in _POLITE_WITHOUT_EZ or (word.endswith("ez") and len(word) >= _SHORTEST_VERB and word != "assez")
        inverted = word_at(self._words, place + 1) == "vous" and self._words[place + 1].gap != "-"
        stated = "vous" in {word_at(self._words, place - 1), word_at(self._words, place - 2)}
        return verb and not inverted and not stated
