"""
Makes replies that slip from vous into tu, as chat models and hurried agents do; equal seeds make equal replies.

Three ways in equal parts: a whole sentence of an article turned into tu, one verb of it turned, and a familiar sentence
put between polite ones. How verbs turn is written here by hand, apart from what the checker knows.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_IRREGULAR = """
récupérez:récupères:récupère préférez:préfères:préfère gérez:gères:gère répétez:répètes:répète espérez:espères:espère
pouvez:peux:peux avez:as:aie choisissez:choisis:choisis rendez:rends:rends ouvrez:ouvres:ouvre
saisissez:saisis:saisis écrivez:écris:écris appelez:appelles:appelle attendez:attends:attends envoyez:envoies:envoie
recevez:reçois:reçois joignez:joins:joins essayez:essaies:essaie répondez:réponds:réponds inscrivez:inscris:inscris
prévenez:préviens:préviens jetez:jettes:jette renvoyez:renvoies:renvoie prévoyez:prévois:prévois
prenez:prends:prends remplissez:remplis:remplis suivez:suis:suis transférez:transfères:transfère sortez:sors:sors
essuyez:essuies:essuie remettez:remets:remets partez:pars:pars souhaitez:souhaites:souhaite devez:dois:dois
voulez:veux:veuille faites:fais:fais êtes:es:sois dites:dis:dis allez:vas:va mettez:mets:mets lisez:lis:lis
disposez:disposes:dispose achetez:achètes:achète cédez:cèdes:cède connaissez:connais:connais agissez:agis:agis
obtenez:obtiens:obtiens complétez:complètes:complète accédez:accèdes:accède soyez:sois:sois sachez:saches:sache
veuillez:veuilles:veuille adressez:adresses:adresse vendez:vends:vends perdez:perds:perds tenez:tiens:tiens
venez:viens:viens
"""
"""Form in vous, in tu, as an imperative in tu."""
_FORMS = {polite: forms for polite, *forms in (line.split(":") for line in _IRREGULAR.split())}
_UNTURNED = re.compile(
    r"\b(?!(?:ouvrez|livrez|retirez|tirez|assurez|mesurez|démarrez|redémarrez)\b)"
    r"(?:assez|chez|rez|nez|rendez-vous|\w+(?:riez|[svtln]iez|[eiuv]rez|drez|rrez|ttrez))\b",
    re.IGNORECASE,
)
"""Sentences with other moods, which the few rules here would turn wrongly, are left out."""

_QUOTED_OR_OPEN = re.compile(r"[\"“”]|«[^»]*ez\b|: «|(?<![.!?»)])$")
"""Who is addressed in a quotation is not the customer; a heading or an item without an end is no sentence."""

_ENDED = re.compile(r"^.{20,300}[.!?]$")

_CLITIC = r"(?:(?:ne|le|la|les|y|en|nous|lui|leur|me|m|n|l|vous)(?:[ '’]))"
_SUBJECT = re.compile(rf"\b([Vv])ous (({_CLITIC})*)(\w+ez|faites|dites|êtes)\b")
_COMMAND = re.compile(r"\b([A-Za-zÀ-ÿ]\w*ez)\b(-vous)?")
_AFTER_PREPOSITION = re.compile(r"\b(à|pour|chez|avec|de|par|sur) vous\b")
_OBJECT = re.compile(r"\bvous (\w)")
_FEMININE = """
commande facture carte ligne boîte box livraison adresse demande lampe banque preuve réclamation pièce identité
"""

TEMPLATES = """
Clique sur le lien reçu par e-mail.
N'hésite pas à nous réécrire.
N’hésite surtout pas à revenir vers nous.
Vérifie d'abord l'adresse de livraison.
Envoie-nous une photo du colis.
Vas-y, réessaie maintenant.
Garde bien l'emballage d'origine.
Tu peux suivre le colis en ligne.
Ton remboursement arrive sous 5 jours.
Je t'envoie l'étiquette de retour.
On te rembourse sous 5 jours ouvrés.
Prends une photo de l'étiquette.
Dis-nous ce que tu préfères.
Réponds simplement à ce message.
Choisis un point relais près de chez toi.
Ouvre l'application, puis appuie sur Réglages.
Si le voyant reste rouge, débranche la box.
Pour annuler, ouvre la rubrique Mes commandes.
Une fois connecté, télécharge la facture.
Ne t'inquiète pas, le colis est en route.
N'oublie pas de joindre le reçu.
Ne jette pas la boîte.
Dans ce cas, contacte le transporteur.
Rappelle-nous demain matin.
Fais-nous signe si le colis n'arrive pas.
As-tu bien reçu le colis ?
Peux-tu nous donner le numéro de commande ?
Est-ce que tu as essayé de redémarrer ?
C'est à toi de choisir.
S'il te plaît, patiente encore un peu.
Merci de ta patience.
Tes données sont en sécurité.
Le plus simple : redémarre la box.
Ensuite, entre le code à six chiffres.
Remplis le formulaire de retour.
Dépose le colis en point relais.
Pense à noter le numéro de suivi.
Attends le message de confirmation.
Retourne l'article dans les 30 jours.
Utilise l'étiquette que nous avons envoyée.
Inscris-toi à la lettre.
Connecte-toi à l'espace client.
Regarde dans les courriers indésirables.
Laisse la lampe refroidir dix minutes.
Essaie avec une autre carte.
Indique le numéro de commande dans l'objet.
Va dans Mon compte, puis Factures.
Signale-le au livreur.
Mets à jour l'application.
Lis attentivement la notice.
Sois sans crainte.
Reviens vers nous quand le colis est là.
Tiens-nous au courant.
Transmets-nous la référence.
Tu recevras un e-mail de confirmation.
Nous t'avons remboursé ce matin.
Il te suffit de scanner le code.
Pas de panique, redémarre simplement la box.
Bonjour, consulte le suivi dans l'application.
Installe la mise à jour.
Compare les offres avant de commander.
Désactive le blocage, puis relance la page.
Évite de débrancher la box.
Demande une nouvelle carte SIM.
Note le code de retrait.
Complète le bon de retour et imprime l'étiquette.
Passe par la page Retours.
Reste en ligne, un conseiller arrive.
Valide le panier avant midi.
"""


@dataclass(frozen=True, slots=True)
class Mixture:
    text: str
    start: int
    end: int
    """Where the sentence that says tu stands in the text."""


def mixtures(articles: Sequence[Sequence[str]], count: int, seed: int) -> list[Mixture]:
    """Return *count* replies made from the polite sentences of *articles*, each article its sentences in order."""
    chance = random.Random(seed)
    turnable = [[each for each in sentences if turned(each) != each] for sentences in articles]
    usable = [(whole, some) for whole, some in zip(articles, turnable, strict=True) if some]
    ways: tuple[Callable[[random.Random, Sequence[str]], str], ...] = (_whole, _half, _template)
    made = []
    for number in range(count):
        sentences, some = chance.choice(usable)
        familiar = ways[number % len(ways)](chance, some)
        polite = [
            each for each in chance.sample(sentences, min(len(sentences), chance.randint(2, 5))) if _ENDED.search(each)
        ]
        polite.insert(chance.randint(0, len(polite)), familiar)
        place = polite.index(familiar)
        start = sum(len(each) + 1 for each in polite[:place])
        made.append(Mixture(" ".join(polite), start, start + len(familiar)))
    return made


def turned(sentence: str) -> str:
    """Return a sentence in vous as one in tu; unchanged when nobody is addressed, or the rules here do not reach."""
    if _UNTURNED.search(sentence) or _QUOTED_OR_OPEN.search(sentence):
        return sentence
    question = sentence.rstrip().endswith("?")
    said = _SUBJECT.sub(_subject, sentence)
    said = _COMMAND.sub(lambda found: _command(found, question=question), said)
    return _pronouns(said)


def _subject(found: re.Match[str]) -> str:
    tu = "Tu" if found[1] == "V" else "tu"
    return f"{tu} {found[2].replace('vous ', 'te ')}{_form(found[4], 0)}"


def _command(found: re.Match[str], *, question: bool) -> str:
    if found[2]:
        return f"{_form(found[1], 0)}-tu" if question else f"{_form(found[1], 1)}-toi"
    return _form(found[1], 1)


def _form(polite: str, mood: int) -> str:
    forms = _FORMS.get(polite.lower(), [polite[:-2].lower() + "es", polite[:-2].lower() + "e"])
    return forms[mood].capitalize() if polite[0].isupper() else forms[mood]


def _pronouns(said: str) -> str:
    said = _AFTER_PREPOSITION.sub(r"\1 toi", said)
    said = _OBJECT.sub(lambda found: f"t’{found[1]}" if found[1] in "aeiouéèêhy" else f"te {found[1]}", said)
    said = re.sub(r"\b([Vv])otre (\w+)", _possessive, said)
    return re.sub(r"\b([Vv])os\b", lambda found: "Tes" if found[1] == "V" else "tes", said)


def _possessive(found: re.Match[str]) -> str:
    feminine = found[2].lower() in _FEMININE.split() and found[2][0].lower() not in "aeiouéêh"
    mine = "ta" if feminine else "ton"
    return f"{mine.capitalize() if found[1] == 'V' else mine} {found[2]}"


def _whole(chance: random.Random, some: Sequence[str]) -> str:
    return turned(chance.choice(some))


def _half(chance: random.Random, some: Sequence[str]) -> str:
    """Turn a single verb of a sentence, and leave its other words polite."""
    sentence = chance.choice(some)
    question = sentence.rstrip().endswith("?")
    verbs = [(found, _subject(found)) for found in _SUBJECT.finditer(sentence)]
    taken = [found.span() for found, _ in verbs]
    verbs += [
        (found, _command(found, question=question))
        for found in _COMMAND.finditer(sentence)
        if not any(start <= found.start() < end for start, end in taken)
    ]
    if not verbs:
        return turned(sentence)
    found, familiar = chance.choice(verbs)
    return sentence[: found.start()] + familiar + sentence[found.end() :]


def _template(chance: random.Random, _some: Sequence[str]) -> str:
    return chance.choice(TEMPLATES.strip().splitlines())
