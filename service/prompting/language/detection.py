"""Which language a text is in: the letters' own model, corrected by the words that only one language has."""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

NAMES: Final = {"fr": "French", "en": "English", "de": "German", "es": "Spanish", "it": "Italian", "nl": "Dutch"}
"""Languages that are told apart whatever the brand writes, so that a German message is not taken for English."""

_MARGIN = 0.8
"""Probability below which the answer is "unknown"."""
_WORD_WEIGHT = 1.2
"""Log-odds of one telling word against a language that does not have it."""
_HOME = 1.5
"""Log-odds that a customer writes one of the brand's languages rather than another one."""
_ENOUGH = 0.9
"""What a text without any telling word must reach: codes and names look like any language."""
_MIN_LETTERS = 6
_MIN_WORDS = 3
_READ_CHARS = 2_000

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\S*[\d_]\S*|[^\w\s'’-]|[\ue000]")
_WORD = re.compile(r"[^\W\d_]+(?:['’])?")
_TELLING: Final = {
    "fr": """au aux avec avez avons bonjour bonsoir ça car cela ce cette ces c' chez comme comment d' dans de depuis des dois
    du elle elles est et être faire faut il ils j' je jusqu' l' la le les leur leurs lors lorsque lorsqu' m' ma mais merci
    mes moi mon n' ne nos notre nous on où ou par pas peut peux plus pour pourquoi puis qu' quand que quel quelle quelles
    quels qui quoi s' sa sans sera serait ses si son sont sous suis sur t' toujours tous toutes très tu un une vers voici
    vos votre vous à été y ont avoir fait aucun aucune
    aide bien carte client clients colis commande compte demande facture jours livraison livré numéro paiement reçu
    remboursement retard retour rien savoir supprimer toujours jamais""",
    "en": """a about after all am an and any are as at be because been before but by can cannot could did do does don't for
    from get had has have hello he her here hi his how i if in into is it its just like me more my need no not of off on
    only or our out please she should so some thank thanks that the their them then there these they this those to up us
    was we were what when where which who why will with would yes you your i'm i've it's can't didn't won't isn't
    account add available bonus buy call card cards care change customer days delivery email find free get give got having
    help know last late lost make many money month much name new next number open order orders paid pay payment people
    phone policy problem product products provide refund return sent service size still support take team tell there's
    time today use used using want way week working year""",
    "de": """aber als am an auch auf aus bei bin bitte das dass dem den der des die durch ein eine einem einen einer er es
    für habe haben hat ich ihr ihre im in ist kann kein keine man mein meine mich mir mit nach nicht noch nur oder sehr
    sein sich sie sind so über um und uns unser von vom war warum was wenn wer wie wieder wir wird wo wurde zu zum zur
    danke hallo""",
    "es": """al así aquí como con cuando cuándo de del desde donde dónde el ella en es esta está este esto gracias ha hasta
    hay hola la las le lo los mas más me mi mis muy no nos o para pero por porque puedo que qué se ser si sí sin sobre son
    su sus también tengo un una usted y ya yo cómo""",
    "it": """a ai al alla anche buongiorno che chi ci come con cosa da dal dalla dei del della delle di dove e è gli grazie
    ha ho i il in io la le lo ma mi mia mio nel nella non o per perché più posso quando quanto questa questo se si sono su
    sul un una vi vorrei ciao""",
    "nl": """aan als bij dan dat de deze die dit een en er geen hallo heb hebben heeft het hier hoe ik in is je jullie kan
    kunnen maar met mijn naar niet nog of om onze ook op over te tot u uit uw van voor waar wanneer wat we wel wij worden
    zijn zo dank bedankt""",
}
_ACCENTS: Final = {"fr": "àâçèêëîïôùûœ", "de": "äöüß", "es": "ñáíóú¿¡", "it": "àèìòù", "nl": "ëï"}


def detect_language(text: str, languages: Sequence[str]) -> str | None:
    """
    Return the one of *languages* (ISO 639-1) that *text* is in.

    None is "unknown": too short, too mixed, only codes and names, or a language that is none of them.
    """
    words = _words(text)
    if not languages or sum(map(len, words)) < _MIN_LETTERS:
        return None
    scores = _scores(words, languages)
    best = max(scores, key=scores.__getitem__)
    told = _count(words, best)
    sure = scores[best] >= (_MARGIN if told else _ENOUGH) and (told > 0 or len(words) >= _MIN_WORDS)
    return best if sure and best in languages and not (told < 2 and len(words) < _MIN_WORDS) else None  # noqa: PLR2004 - one word in two proves nothing


def is_foreign(sentence: str, language: str) -> bool:
    """Whether *sentence* is surely in another language than *language*; a name, a code or a short greeting is not."""
    words = _words(sentence)
    if len(words) < _MIN_WORDS or language not in NAMES:
        return False
    found = detect_language(sentence, tuple(NAMES))  # a home everywhere is a home nowhere
    return found not in {None, language} and _count(words, found or "") > _count(words, language) + 1


def _words(text: str) -> list[str]:
    return _WORD.findall(_NOISE.sub(" ", text[:_READ_CHARS]).lower().replace("’", "'"))


def _scores(words: Sequence[str], home: Sequence[str]) -> dict[str, float]:
    """Return the probability of each language that is told apart; the words' evidence is added to the model's."""
    ranked = dict(_identifier(frozenset({*home, *NAMES})).rank(" ".join(words)))
    logs = {
        language: math.log(max(float(chance), 1e-9))
        + _WORD_WEIGHT * _evidence(words, language)
        + (_HOME if language in home else 0)
        for language, chance in ranked.items()
    }
    highest = max(logs.values())
    odds = {language: math.exp(value - highest) for language, value in logs.items()}
    return {language: value / sum(odds.values()) for language, value in odds.items()}


def _evidence(words: Sequence[str], language: str) -> float:
    accents = _ACCENTS.get(language, "")
    return _count(words, language) + 0.5 * sum(any(letter in accents for letter in word) for word in words)


def _count(words: Sequence[str], language: str) -> int:
    telling = _telling(language)
    return sum(word in telling for word in words)


@cache
def _telling(language: str) -> frozenset[str]:
    return frozenset(_TELLING.get(language, "").split())


@cache
def _identifier(languages: frozenset[str]) -> Any:  # noqa: ANN401 - py3langid ships no types
    # Imported late: the model takes over a second to load, and a brand of one language needs none.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(languages))
    return identifier
