"""Imperatives in tu: "Clique ici", "n'hésite pas", "envoie-nous"; the company of a noun, and it is none."""

import re
from collections.abc import Sequence
from typing import Final

from service.prompting.language.french.clauses import Clauses
from service.prompting.language.french.tokens import Token, word_at, word_set
from service.prompting.language.french.verbs import ambiguous, imperatives
from service.prompting.language.untouched import HIDDEN

_DETERMINERS = word_set("""
le la les l' un une ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs chaque tout toute
tous toutes deux trois quatre cinq six plusieurs quelques
""")
_ADVERBS = word_set(
    "bien simplement directement vite juste aussi donc d' ensuite plutôt attentivement toujours tranquillement vraiment"
)
_CLITICS = word_set("moi toi nous le la les lui leur y en")
_OBJECTS = word_set("me m' te t' le la les l' nous y en lui leur se s'")
_NEGATIONS = word_set("pas jamais plus rien que qu' ni aucun aucune guère surtout")
_INVERTED = word_set("t je il elle on ce ils elles vous")
_THIRD_PERSON = word_set("t il elle on")
_NO_VERBS = word_set("""
est es pas plus ce je que des les mes ses nos vos vous dès sous sans puis suis contre entre celle celles ceux
""")
_PLACES = word_set("dans sur à au aux chez voir jusqu' directement vite par")

_CAUSES = word_set("va laisse viens")
"""Verbs that another one follows in the infinitive: "laisse sécher", "va voir"."""
_INFINITIVE = re.compile(r"(?!être|avoir)\w{2,}(?:er|ir|re)")
_HOURS = word_set("ouvre ferme rouvre")
_WHEN = word_set("à lundi mardi mercredi jeudi vendredi samedi dimanche midi soir matin")
_NOTHING = word_set("aucun aucune rien jamais pas personne ni")
_LEFT = word_set("reste manque")
_ONLY = word_set("plus que qu'")
"""Verbs that may stand without their "il", and what follows then: "ne reste plus qu'à payer"."""
_REACH = 3
"""Words between a denied verb and what denies it: "ne clique sur aucun lien"."""

_COUNTED = word_set("à jour jours heure heures minutes semaines mois")
_FORMED = ("ifie", "alise", "atise", "orise", "ilise", "anise", "omise", "imise")
"""How verbs end that no list has: "automatise", "vérifie"."""

_PRESSED = word_set("lance touche")
"""What is done to a thing with a name on it: "Lance Appli > Nest"."""

_GOVERNED: Final = {
    "va": _PLACES | {"donc"},
    "change": _DETERMINERS | _ADVERBS | word_set("de d'"),
    "passe": _PLACES | _DETERMINERS | word_set("nous en commande"),
    "tire": _DETERMINERS | _ADVERBS | {"sur"},
    "bascule": _DETERMINERS | _ADVERBS | word_set("sur vers en"),
    "note": _DETERMINERS | _ADVERBS | word_set("que qu' où"),
    "viens": _PLACES | {"en"},
    "cours": word_set("vite"),
    "compte": _DETERMINERS | word_set("jusqu' environ sur"),
    "garde": _DETERMINERS | _ADVERBS | word_set("sous en"),
    "pense": word_set("à au aux bien"),
    "reste": word_set("""
en sur calme dans avec chez là où prudent prudente patient patiente attentif attentive vigilant vigilante tranquille
zen serein sereine joignable connecté connectée
"""),
    "patiente": _DETERMINERS | word_set("encore jusqu' pendant environ"),
    "précise": _DETERMINERS | _ADVERBS | word_set("au à dans si"),
    "demande": _DETERMINERS | _ADVERBS | word_set("conseil si"),
    "paie": _DETERMINERS | _ADVERBS | word_set("en par avec"),
    "paye": _DETERMINERS | _ADVERBS | word_set("en par avec"),
    "veille": word_set("à au aux"),
    "entre": word_set("le la les l' dans ton ta tes ce cette"),
    "choisis": _DETERMINERS | _ADVERBS | word_set("entre parmi dans"),
    "aie": _PLACES | _DETERMINERS | word_set("sous confiance soin en toujours"),
    "tiens": _DETERMINERS | word_set("compte bien bon"),
}
"""What must follow a form that is so much more often something else."""


def commands(words: Sequence[Token], place: int, clauses: Clauses) -> bool:
    """Whether the word at *place* tells one familiar person to do something, or not to."""
    denial = _denial_before(words, place)
    if denial is not None:
        return _forbids(words, place, denial, clauses)
    word = words[place].word
    if place + 1 < len(words) and words[place + 1].gap == "-":
        # Only an imperative has its pronoun behind it; of a verb that no list has, a clause's start must tell.
        known = (
            _is_imperative(word)
            or _is_imperative(word.removesuffix("s"))
            or (_looks_like_tu(word) and clauses.may_command(place, sure=True))
        )
        return known and _ends_in_clitic(words, place)
    return _is_imperative(word) and _fits(words, place) and clauses.may_command(place, sure=_is_sure(word))


def _denial_before(words: Sequence[Token], place: int) -> int | None:
    """Return where "ne" stands that denies the word, before its pronouns; None when nothing does."""
    at = place
    while at > 0 and words[at].follows_plainly:
        at -= 1
        if words[at].word in {"ne", "n'"}:
            return at
        if words[at].word not in _OBJECTS:
            return None
    return None


def _forbids(words: Sequence[Token], place: int, denial: int, clauses: Clauses) -> bool:
    """Whether "ne … pas" around the word has no subject; at a sentence's start any verb may be meant."""
    word = words[place].word
    known = _is_imperative(word) or clauses.begins_sentence(denial)
    denied = _is_denied(words, place) and not (word in _LEFT and word_at(words, place + 1) in _ONLY)
    return known and denied and _looks_like_tu(word) and clauses.may_command(denial, sure=_is_sure(word))


def _is_denied(words: Sequence[Token], place: int) -> bool:
    behind = words[place + 1 : place + 1 + _REACH]
    if not behind or behind[0].gap == "-":
        return False
    return behind[0].word in _NEGATIONS or any(
        token.word in _NOTHING and all(each.follows_plainly for each in behind[: at + 1])
        for at, token in enumerate(behind)
    )


def _ends_in_clitic(words: Sequence[Token], place: int) -> bool:
    """Whether a pronoun is tied on and nothing more: "donne-le", but neither "suis-je" nor "Noisy-le-Grand"."""
    tied, after = words[place + 1].word, words[place + 2 : place + 3]
    return tied in _CLITICS - _INVERTED and not any(each.gap == "-" and each.word not in _CLITICS for each in after)


def _is_sure(word: str) -> bool:
    """Whether he and she never have this form: "attends", "reçois"."""
    return word in imperatives() and word.endswith("s") and word not in ambiguous()


def _is_imperative(word: str) -> bool:
    return word in imperatives() or word.endswith(_FORMED)


def _looks_like_tu(word: str) -> bool:
    if _is_imperative(word):
        return True
    ends = word.endswith(("e", "s")) and not word.endswith(("ons", "tes", "mes", "re"))
    return ends and len(word) > 1 and word not in _NO_VERBS | _OBJECTS | _NEGATIONS


def _fits(words: Sequence[Token], place: int) -> bool:
    """Whether what follows fits an imperative, so that nouns and participles ("Demande de…") pass."""
    word, following = words[place].word, words[place + 1 : place + 2]
    if not following or not following[0].follows_plainly:
        quoted = bool(following) and following[0].gap.strip().startswith(HIDDEN) and word.endswith("is")
        counted = bool(following) and word == "compte" and following[0].word in _COUNTED
        # No noun stands bare behind "puis": "Corrigez, puis valide."
        return word not in ambiguous() or quoted or counted or word_at(words, place - 1) == "puis"
    after = following[0]
    labelled = (word.endswith("is") or word in _PRESSED) and after.raw[0].isupper()
    if word in _HOURS and word_at(words, place + 1 + (after.word in {"le", "de"})) in _WHEN:
        return False
    if word in _CAUSES and _INFINITIVE.fullmatch(after.word):
        return True
    if word in _GOVERNED:
        fits = after.word in _GOVERNED[word] or (labelled and word == "choisis")
    elif word in ambiguous():
        fits = after.word in _DETERMINERS | _ADVERBS or labelled or _goes_on_commanding(words, place + 1)
    else:
        fits = after.word not in _THIRD_PERSON
    return (fits or _asks_somebody(words, place)) and not _is_noun_group(words, place)


def _goes_on_commanding(words: Sequence[Token], place: int) -> bool:
    """Whether a conjunction and a plain imperative follow: "Signe et renvoie le contrat"."""
    following = word_at(words, place + 1)
    return words[place].word in {"et", "puis"} and _is_imperative(following) and following not in ambiguous()


def _asks_somebody(words: Sequence[Token], place: int) -> bool:
    """Whether "demande" is put to somebody of the reader's: "Demande à ton vendeur"; "Demande à la CNIL" is a title."""
    asked = words[place].word == "demande" and word_at(words, place + 1) == "à"
    return asked and word_at(words, place + 2) in {"ton", "ta", "votre", "ce", "cet", "cette"}


def _is_noun_group(words: Sequence[Token], place: int) -> bool:
    """Whether it is a noun or preposition after all: "Facture la plus récente", "Entre le 3 et le 5", "Livre d'or"."""
    word, second = words[place].word, word_at(words, place + 2)
    if word_at(words, place + 1) == "d'":
        return second != "abord" and word in ambiguous()
    if word == "entre":
        reach = words[place + 2 : place + 9]
        figure = bool(reach) and any(letter.isdigit() for letter in reach[0].gap)
        return figure or any(token.word == "et" for token in reach)
    return second in {"plus", "moins"} and word in ambiguous()
