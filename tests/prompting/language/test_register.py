import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.measures.prompting.mixtures import mixtures
from service.domain import Article
from service.knowledge.reading.folder import read_path
from service.prompting.language import register_faults
from service.replies.extractive.extracts import extracts

ROOT = Path(__file__).parents[3]

FAMILIAR = """
Clique sur le lien. | N'hésite pas à nous écrire. | Vas-y dès demain. | Vérifie l'adresse et envoie-nous une photo.
Si le colis n'arrive pas, contacte-nous. | Pour payer, choisis une carte. | Demande le remboursement en ligne.
Ne t'inquiète pas. | Ouvre l'application et appuie sur **Nest**. | Cliquez sur le lien et vérifie l'adresse.
Pense à garder l'emballage. | - Choisis *Nuit*. | 1. Ouvre l'application. | D'abord, débranche la box.
Merci, attends 5 minutes. | T'as reçu le colis ? | Aie sous la main le reçu. | Entre le code reçu. | C'est à toi.
Le tien est prêt. | S'il te plaît, patiente. | TU DOIS CLIQUER ICI. | On t'envoie un mail. | Passe par le site.
Merci de ta patience. | Qu'en penses-tu ? | N'ouvre jamais ce lien. | Profites-en vite. | Penses-y avant dimanche.
Le mieux est que tu nous appelles. | Inutile de nous rappeler, attends le SMS. | Sache que le délai est de 14 jours.
Étape 1 : retire le capot. | Dès réception, ouvre le colis devant le livreur. | Garde sous la main le numéro.
Un proche peut la retirer avec ton code. | Ton `PIN` est bloqué. | Du 2 au 5 mai, compte jusqu’à 2 jours de plus.
Cliquez ici, n’ouvre pas la pièce jointe. | Vous avez des droits, profite-en ! | Adresse votre demande au vendeur.
Paie en trois fois. | Automatise le paiement. | stp rappelez-nous | Réessaie demain. | Ne clique sur aucun lien.
Corrigez, puis valide. | Ouvrez ce menu ou appelle le magasin.
Va donc voir la page. | Laisse sécher une heure. | Contactez-nous ou envoie un mail. | Ana, vérifie l'adresse.
Cela dit, n'hésite surtout pas. | Le cas échéant, joins une photo. | Idéalement, appelle le matin. | Va-t'en.
La prochaine fois, garde le reçu. | Petit conseil, garde la boîte. | Les tiens seront livrés demain.
Note que c'est long.
Soit tu attends, soit tu annules. | Signe et renvoie le contrat. | Grâce au lien, suis le colis. | Reste prudente.
Bref, ne change rien. | Change de navigateur. | Passe nous voir. | Scotche le carton.
Quoi qu'il arrive, garde le reçu.
"""
POLITE = """
Demande de remboursement. | Il s'est tu. | Le ton de la marque est calme. | Cliquez sur le lien. | Camaïeu ton sur ton.
La CNIL contrôle et vérifie les fichiers. | Le client clique sur le lien et vérifie l'adresse. | Y a-t-il un retard ?
Note : les délais changent. | « Clique ici » ne marche pas. | Le bouton « Tu » est bleu. | Commande en ligne.
Facture la plus récente. | Suis-je concerné ? | La lampe n'envoie pas de signal. | Ne pas débrancher. | N'est-ce pas ?
Si l'organisme refuse, conteste votre demande, vous pouvez saisir la CNIL. | Livre d'or. | Mise à jour. | L'heure TU.
Noisy-le-Grand et Boulogne-sur-Mer sont livrés. | Le TA de Lyon. | Entre 9 h et 18 h, appelez-nous. | Porte d'Italie.
Le magasin ferme à 19 h et ouvre à 9 h. | La procédure dure 8 jours, puis reste ouverte. | Merci de votre patience.
Centre National de Traitement | Téléphone 01 99 00 42 10 | Voir https://a.example/toi/ton-compte et `tu --help`.
- contrôle les fichiers ; | Le voyant clignote, reste orange, puis s'éteint. | Fixe ou mobile, votre forfait suffit.
Je reçois, je prends et je réponds. | Selon la loi, l'organisme conserve les données. | Compte tenu des délais, voici.
Le voyant « fixe » signifie qu'elle reste allumée ; « éteint » signifie une panne. | L’ami m’as-tu-vu du quartier.
Ne nous la renvoyez pas. | Ne prendre aucun risque. | Ne vous inquiétez de rien. | Ne reste plus qu'à payer.
Le client dispose de 14 jours, retourne l'article et est remboursé. | Je les tiens. | Ouvre à 9 h, ferme le dimanche.
Une personne lit la demande, appelle le client et répond. | Écoute, informe et conseille. | Une housse ton pierre.
L'étiquette en place. | Marie, absente hier, vérifie et répond. | Elle se serait tue.
Choisis avec soin, nos tissus durent. | L’alarme T.E.S. est installée. | Un ton grave. | Reste à payer : 20 €.
"""


def each(lines: str) -> list[str]:
    return [sentence.strip() for line in lines.strip().splitlines() for sentence in line.split(" | ")]


@pytest.mark.parametrize("sentence", each(FAMILIAR))
def test_a_formal_brand_hears_every_tu(sentence: str) -> None:
    """Pronouns, possessives and imperatives that say tu are found where the brand says vous."""
    assert register_faults(sentence, "fr", "formal")


@pytest.mark.parametrize("sentence", [*each(POLITE), "Le décret du 3 mai\nmodifie le calcul."])
def test_nobody_is_accused_of_tu(sentence: str) -> None:
    """Nouns, he and she, participles, quotations and codes that look like tu are none."""
    assert register_faults(sentence, "fr", "formal") == ()


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Tu peux cliquer sur votre colis.", ["votre"]),
        ("Connectez-vous ici.", ["Connectez", "vous"]),
        ("N’hésitez pas.", ["hésitez"]),
        ("Passe chez toi prendre rendez-vous.", []),
        ("Vous deux êtes invités, et tu choisis.", []),
        ("L’article « votre compte » t’aide.", []),
        ("Assez parlé, M. Sanchez t’attend.", []),
    ],
)
def test_an_informal_brand_hears_every_vous(sentence: str, said: list[str]) -> None:
    """Where the brand says tu, vous to one person is found, and several people may still be vous."""
    assert [sentence[fault.start : fault.end] for fault in register_faults(sentence, "fr", "informal")] == said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("We're gonna send it!", ["We're", "gonna", "!"]),
        ("Hey, no worries", ["Hey", "no worries"]),
        ("We cannot say what Ana's parcel costs.", []),
        ("Run `don't --panic` at https://a.example/gonna", []),
        ("The parcel's on its way to the customer's in-house team.", ["parcel's"]),
    ],
)
def test_formal_english_is_plain(sentence: str, said: list[str]) -> None:
    """Contractions, slang and exclamation marks are found; possessives and code are none of them."""
    assert [sentence[fault.start : fault.end] for fault in register_faults(sentence, "en", "formal")] == said
    assert register_faults(sentence, "en", "informal") == ()


def test_a_fault_speaks_both_languages() -> None:
    """Each finding says in English and in French what is wrong."""
    (fault,) = register_faults("Merci de ta patience.", "fr", "formal")
    assert "tu" in fault.en
    assert "tutoyé" in fault.fr
    assert fault.repair is None


@pytest.fixture(scope="module")
def demo_sentences() -> list[list[str]]:
    """The sentences of the demo brands' French articles, article by article."""
    found = []
    for brand in ("maison-lune", "larkline"):
        for article in read_path(ROOT / "knowledge" / brand / "fr", brand):
            assert isinstance(article, Article)
            found.append([line for extract in extracts(1, article.text) for line in extract.lines])
    return found


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_replies_that_slip_into_tu_are_caught(demo_sentences: list[list[str]], seed: int) -> None:
    """Of a hundred polite replies with one familiar sentence or verb, at least 99 are caught at that sentence."""
    caught = 0
    for mixture in mixtures(demo_sentences, 100, seed):
        faults = register_faults(mixture.text, "fr", "formal")
        caught += any(mixture.start <= fault.start < mixture.end for fault in faults)
    assert caught >= 99


@given(
    st.text()
    | st.lists(
        st.sampled_from(["tu", "ne", "n'", "vas", "-", "clique", "Ouvre", ",", ".", ":", "« ", " »", "le", "vous"])
    ).map(" ".join)
)
def test_any_text_is_judged(text: str) -> None:
    """No text makes the checker fail, and each finding is a piece of the text."""
    for register in ("formal", "informal"):
        for language in ("fr", "en", "de"):
            faults = register_faults(text, language, register)
            assert all(0 <= fault.start < fault.end <= len(text) for fault in faults)


def test_a_sentence_takes_less_than_two_milliseconds(demo_sentences: list[list[str]]) -> None:
    """The median French sentence of the demo is judged in well under 2 ms."""
    times = []
    for sentence in [each for sentences in demo_sentences for each in sentences][:300]:
        began = time.perf_counter()
        register_faults(sentence, "fr", "formal")
        times.append(time.perf_counter() - began)
    assert sorted(times)[len(times) // 2] < 0.002
