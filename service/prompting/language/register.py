"""Who is addressed how: French tu and vous, imperatives included, and the formality of English."""

from collections.abc import Iterator, Sequence
from typing import Literal

from service.prompting.language import english
from service.prompting.language.clauses import Clauses
from service.prompting.language.fault import Fault, FaultCode, apart
from service.prompting.language.rules import check
from service.prompting.language.tokens import Token, tokens
from service.prompting.language.untouched import Untouched
from service.prompting.language.verbs import ambiguous, imperatives

Register = Literal["formal", "informal"]

_BEFORE_NOUN_TON = frozenset(
    "le un ce du au quel même mon son notre votre leur bon mauvais autre seul certain chaque demi deux trois bas haut"
    " juste".split()
)
_AFTER_NOUN_TON = frozenset("de d' du des et ou sur à au aux qui que qu' est reste était".split())
_AUXILIARIES = frozenset("est était étant être sera serait soit fut a ai avait ayant avoir ont avons avez".split())
_DETERMINERS = frozenset(
    "le la les l' un une ce cet cette ces nos notre chaque tout toute tous toutes tes ton ta".split()
)
_CLITICS = frozenset("moi toi nous le la les lui leur y en".split())
_ADVERBS = frozenset(
    "bien simplement directement vite juste aussi donc d' ensuite plutôt attentivement toujours tranquillement vraiment".split()
)
_OBJECTS = frozenset("me m' te t' le la les l' nous y en lui leur se s'".split())
_NEGATIONS = frozenset("pas jamais plus rien que qu' aucun aucune guère surtout".split())
_INVERTED = frozenset("t je il elle on ce ils elles vous".split())
_NO_VERBS = frozenset("chez assez nez rez raz merguez fez cortez sanchez lopez gomez fernandez rodriguez suez".split())
_MANY = frozenset("deux trois quatre tous toutes autres".split())
_TU = ("The customer is addressed with tu; the brand says vous", "Le client est tutoyé ; la marque vouvoie")
_VOUS = ("The customer is addressed with vous; the brand says tu", "Le client est vouvoyé ; la marque tutoie")
_FAMILIAR = frozenset("stp coucou".split())


def register_faults(
    text: str, language: str, register: Register, untouched: Untouched | None = None
) -> tuple[Fault, ...]:
    """
    Return where *text* leaves the *register*, from left to right.

    French formal is vous and informal tu; what is quoted counts for nobody. English formal does without contractions,
    slang and exclamation marks. Other languages, and informal English, are not judged.
    """
    untouched = untouched or Untouched(text)
    if language == "fr":
        familiar, formal = addresses(text, untouched)
        found, (en, fr) = (familiar, _TU) if register == "formal" else (formal, _VOUS)
        return tuple(Fault(token.start, token.end, FaultCode.REGISTER, en, fr) for token in found)
    if language == "en" and register == "formal":
        unmended = (
            Fault(*found.span(), FaultCode.REGISTER, *english.NO_SLANG)
            for found in english.INFORMAL.finditer(text)
            if not untouched.touches(*found.span())
        )
        return apart([*check(text, english.FORMALITY, untouched), *unmended])
    return ()


def addresses(text: str, untouched: Untouched | None = None) -> tuple[list[Token], list[Token]]:
    """Return the words of a French *text* that say tu, and those that say vous; both are empty when nobody is addressed."""
    words = tokens(text, untouched or Untouched(text))
    shouted = sum(token.shouts for token in words) > len(words) / 2
    clauses = Clauses(words)
    familiar = [token for place, token in enumerate(words) if _is_tu(words, place, clauses, shouted=shouted)]
    return familiar, list(_vous(words))


def _is_tu(words: Sequence[Token], place: int, clauses: Clauses, *, shouted: bool) -> bool:
    token = words[place]
    if token.word in _PRONOUNS:
        return (shouted or not token.shouts) and _PRONOUNS[token.word](words, place)
    return token.word in _FAMILIAR or _commands(words, place, clauses)


def _is_pronoun(words: Sequence[Token], place: int) -> bool:
    """Whether "tu" is no participle ("il s'est tu") and no piece of a name ("m'as-tu-vu")."""
    before, after = _word(words, place - 1), _word(words, place + 1)
    silent = before in _AUXILIARIES and words[place].gap.strip() != "-"
    return not silent and not (after == "vu" and words[place + 1].gap == "-")


def _is_elided(words: Sequence[Token], place: int) -> bool:
    """Whether "t'" is a pronoun, and not the sound between verb and subject ("a-t'il")."""
    return not words[place].gap.endswith("-")


def _is_possessive(words: Sequence[Token], place: int) -> bool:
    """Whether "ton" is no shade and no manner: "ton compte", but "le ton", "ton sur ton"."""
    if _word(words, place - 1) in _BEFORE_NOUN_TON or _word(words, place - 2) == words[place].word:
        return False
    if place + 1 == len(words):
        return False
    after = words[place + 1]
    return after.word not in _AFTER_NOUN_TON and not after.gap.strip(' \u00a0\u202f\ue000«“"0123456789')


def _is_yours(words: Sequence[Token], place: int) -> bool:
    """Whether "tien" follows its article: "le tien", not "je tiens"."""
    return _word(words, place - 1) in {"le", "la", "les", "du", "au", "des", "aux"}


def _always(_words: Sequence[Token], _place: int) -> bool:
    return True


_PRONOUNS = {
    "tu": _is_pronoun, "t'": _is_elided, "te": _always, "toi": _always, "ton": _is_possessive, "ta": _always,
    "tes": _always, "tien": _is_yours, "tienne": _is_yours, "tiens": _is_yours, "tiennes": _is_yours,
}  # fmt: skip


def _commands(words: Sequence[Token], place: int, clauses: Clauses) -> bool:
    """Whether the word is an imperative in tu: where a clause begins, with nobody as its subject."""
    before = _negated_from(words, place)
    if before is not None:
        known = words[place].word in imperatives() or clauses.is_hard(before)
        return known and _can_be_tu(words[place].word) and _denies(words, place) and clauses.may_command(before)
    following = words[place + 1] if place + 1 < len(words) else None
    joined = following is not None and following.gap == "-"
    if joined and following is not None:
        if following.word in _INVERTED:
            return False
        if following.word in _CLITICS and _ends_chain(words, place + 1):
            return _can_be_tu(words[place].word) and clauses.may_command(place, sure=True)
        return False
    word = words[place].word
    return (
        word in imperatives()
        and _takes_object(words, place)
        and clauses.may_command(place, sure=_is_sure(word, following))
    )


def _negated_from(words: Sequence[Token], place: int) -> int | None:
    """Return where "ne" stands that negates the word, behind its pronouns; None when nothing does."""
    at = place - 1
    while at >= 0 and words[at].word in _OBJECTS and not words[at + 1].gap.strip():
        at -= 1
    return at if at >= 0 and words[at].word in {"ne", "n'"} and not words[at + 1].gap.strip() else None


def _denies(words: Sequence[Token], place: int) -> bool:
    return _word(words, place + 1) in _NEGATIONS and words[place + 1].gap != "-"


def _can_be_tu(word: str) -> bool:
    return word in imperatives() or (
        word.endswith(("e", "s", "va"))
        and len(word) > 1
        and not word.endswith(("ons", "tes", "mes"))
        and word not in _NOT_VERBS
    )


_NOT_VERBS = frozenset(
    "est es pas plus ce je que des les mes ses nos vos dès sous sans puis suis contre entre celle celles ceux".split()
)


def _takes_object(words: Sequence[Token], place: int) -> bool:
    """Whether what follows fits an imperative, so that nouns and participles ("Demande de…") pass."""
    word, following = words[place].word, words[place + 1] if place + 1 < len(words) else None
    if following is None:
        return word not in ambiguous()
    if following.gap.strip():
        return word not in ambiguous()
    if word in _GOVERN:
        fits = following.word in _GOVERN[word] or (word == "choisis" and following.raw[0].isupper())
    elif word in ambiguous():
        fits = following.word in _DETERMINERS | _ADVERBS or (word.endswith("is") and following.raw[0].isupper())
    else:
        fits = following.word not in {"t", "il", "elle", "on"}
    return fits and not _is_noun_group(words, place)


_INTO = frozenset("dans sur à au aux chez voir jusqu' directement vite par".split())
_GOVERN = {
    "va": _INTO, "passe": _INTO, "viens": _INTO | {"en"}, "cours": {"vite"}, "pense": {"à", "au", "aux", "bien", "y"},
    "reste": {"en", "sur", "calme", "dans", "avec", "chez"}, "patiente": {"encore", "un", "quelques", "jusqu'", "pendant"},
    "veille": {"à", "au", "aux"}, "entre": {"le", "la", "les", "l'", "dans", "ton", "ta", "tes", "ce", "cette"},
    "choisis": _DETERMINERS | {"entre", "parmi", "dans", "bien", "plutôt"}, "aie": _INTO | {"sous"} | _DETERMINERS | {"confiance", "soin", "en", "toujours"},
    "tiens": {"compte", "le", "la", "les", "ton", "ta", "bien", "bon"}, "profite": {"de", "d'", "du", "des"},
}  # fmt: skip


def _is_noun_group(words: Sequence[Token], place: int) -> bool:
    """Whether the word is a noun or a preposition after all: "Facture la plus récente", "Entre le 3 et le 5", "Livre d'or"."""
    second = _word(words, place + 2)
    if _word(words, place + 1) == "d'":
        return second != "abord" and words[place].word in ambiguous()
    if words[place].word == "entre":
        following = words[place + 2 : place + 9]
        figure = len(following) > 0 and any(letter.isdigit() for letter in following[0].gap)
        return figure or any(token.word == "et" for token in following)
    return second in {"plus", "moins"} and words[place].word in ambiguous()


def _is_sure(word: str, following: Token | None) -> bool:
    """Whether the form is hardly ever anything but an imperative, so that a clause's start need not be a sentence's."""
    return word not in ambiguous() and word.endswith("s") and following is not None


def _ends_chain(words: Sequence[Token], place: int) -> bool:
    """Whether no further word is tied on: "donne-le", but not "Noisy-le-Grand"."""
    after = words[place + 1] if place + 1 < len(words) else None
    return after is None or after.gap != "-" or after.word in _CLITICS


def _vous(words: Sequence[Token]) -> Iterator[Token]:
    for place, token in enumerate(words):
        before, after = _word(words, place - 1), _word(words, place + 1)
        if token.shouts:
            continue
        if token.word == "vous":
            if not (before == "rendez" and token.gap == "-") and after not in _MANY and not (after == "et"):
                yield token
        elif token.word in {"votre", "vos", "vôtre", "vôtres", "svp"}:
            yield token
        elif token.word.endswith("ez") and _is_vous_verb(words, place):
            yield token


def _is_vous_verb(words: Sequence[Token], place: int) -> bool:
    token = words[place]
    tied = place + 1 < len(words) and words[place + 1].gap == "-" and words[place + 1].word == "vous"
    named = token.raw[0].isupper() and bool(token.gap) and not token.gap.strip()
    return len(token.word) > 3 and token.word not in _NO_VERBS and not named and not (token.word == "rendez" and tied)  # noqa: PLR2004 - "nez"


def _word(words: Sequence[Token], place: int) -> str:
    return words[place].word if 0 <= place < len(words) else ""
