"""Which words of a French text say tu, and which say vous."""

from collections.abc import Callable, Sequence
from typing import Final

from service.prompting.language.french.clauses import Clauses
from service.prompting.language.french.commands import commands
from service.prompting.language.french.tokens import Token, tokens, word_at, word_set
from service.prompting.language.untouched import HIDDEN, Untouched

_BEFORE_NOUN_TON = word_set("""
le un ce du au quel même mon son notre votre leur bon mauvais autre seul certain chaque demi deux trois bas haut juste
""")
_AFTER_NOUN_TON = word_set(
    """
de d' du des et ou sur à au aux qui que qu' est reste était grave aigu clair foncé neutre sec chaud froid doux pastel
pierre ivoire crème sable
"""
)
_AUXILIARIES = word_set("a ai avait ayant avoir ont avons avez")
_REFLEXIVE = word_set("s' se m' me")
_BEING = word_set("est était étant être sera serait soit fut suis étais")
_ARTICLES = word_set("le la les du au des aux")
_HOLDERS = word_set("je tu ne vous te lui leur me")
"""Before "les tiens", who holds: "je les tiens"."""
_FAMILIAR = word_set("stp coucou")
_POLITE = word_set("votre vos vôtre vôtres svp")
_MANY = word_set("deux trois quatre tous toutes autres et")
"""What makes "vous" several people."""
_NO_VERBS = word_set("assez merguez fez cortez sanchez lopez gomez fernandez rodriguez suez")
_SHORTEST_VERB = 4
"""Letters: "usez", but neither "nez" nor "rez"."""


def addresses(text: str, untouched: Untouched | None = None) -> tuple[list[Token], list[Token]]:
    """Return the words of *text* that say tu, and those that say vous, imperatives included, but nothing quoted."""
    words = tokens(text, untouched or Untouched(text))
    shouted = 2 * sum(token.shouts for token in words) > len(words)
    clauses = Clauses(words)
    familiar = [token for place, token in enumerate(words) if _is_tu(words, place, clauses, shouted=shouted)]
    polite = [token for place, token in enumerate(words) if (shouted or not token.shouts) and _is_vous(words, place)]
    return familiar, polite


def _is_tu(words: Sequence[Token], place: int, clauses: Clauses, *, shouted: bool) -> bool:
    token = words[place]
    if token.word in _PRONOUNS:
        # "TA" in capitals is a court and "TU" a time, unless the whole text shouts.
        meant = (shouted or not token.shouts) and _PRONOUNS[token.word](words, place)
        return meant or (token.word == "tiens" and commands(words, place, clauses))
    return token.word in _FAMILIAR or commands(words, place, clauses)


def _is_pronoun(words: Sequence[Token], place: int) -> bool:
    """Whether "tu" is no participle ("il s'est tu") and no piece of a name ("m'as-tu-vu")."""
    before, earlier = word_at(words, place - 1), word_at(words, place - 2)
    fell_silent = before in _AUXILIARIES or (before in _BEING and earlier in _REFLEXIVE)
    silent = fell_silent and words[place].gap.strip() != "-"
    return not silent and not (word_at(words, place + 1) == "vu" and words[place + 1].gap == "-")


def _is_elided(words: Sequence[Token], place: int) -> bool:
    """Whether "t'" is a pronoun, and not the sound between verb and subject ("a-t'il"); it is one in "va-t'en"."""
    return not words[place].gap.endswith("-") or word_at(words, place + 1) == "en"


def _is_possessive(words: Sequence[Token], place: int) -> bool:
    """Whether "ton" is no shade and no manner: "ton compte", but "le ton", "ton sur ton"."""
    if word_at(words, place - 1) in _BEFORE_NOUN_TON or word_at(words, place - 2) == words[place].word:
        return False
    if place + 1 == len(words):
        return False
    if words[place + 1].follows_plainly:
        return words[place + 1].word not in _AFTER_NOUN_TON
    return not words[place + 1].gap.strip(f" \u00a0\u202f{HIDDEN}0123456789")


def _is_yours(words: Sequence[Token], place: int) -> bool:
    """Whether "tien" follows its article: "le tien", not "je tiens"."""
    if word_at(words, place - 1) not in _ARTICLES:
        return False
    return words[place].word != "tiens" or word_at(words, place - 2) not in _HOLDERS


def _always(_words: Sequence[Token], _place: int) -> bool:
    return True


_PRONOUNS: Final[dict[str, Callable[[Sequence[Token], int], bool]]] = {
    "tu": _is_pronoun,
    "t'": _is_elided,
    "ton": _is_possessive,
    **dict.fromkeys(("te", "toi", "ta", "tes"), _always),
    **dict.fromkeys(("tien", "tiens", "tienne", "tiennes"), _is_yours),
}


def _is_vous(words: Sequence[Token], place: int) -> bool:
    token = words[place]
    if token.word == "vous":
        meeting = word_at(words, place - 1) == "rendez" and token.gap == "-"
        return not meeting and word_at(words, place + 1) not in _MANY
    return token.word in _POLITE or (token.word.endswith("ez") and _is_polite_verb(words, place))


def _is_polite_verb(words: Sequence[Token], place: int) -> bool:
    """Whether a word in -ez is no name inside a sentence, and not the noun "rendez-vous"."""
    token = words[place]
    named = token.raw[0].isupper() and bool(token.gap) and token.follows_plainly
    meeting = token.word == "rendez" and word_at(words, place + 1) == "vous"
    return len(token.word) >= _SHORTEST_VERB and token.word not in _NO_VERBS | {"chez"} and not (named or meeting)
