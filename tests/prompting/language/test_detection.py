from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.prompting.language import detect_language, is_foreign

FRENCH = """
Bonjour, où est mon colis ? | je veux annuler ma commande svp | Le livreur n'est jamais passé hier
comment supprimer mon compte larkline | Bonsoir j'attend toujours mon remboursement | Ma lampe est arrivée cassée !
Puis-je payer en trois fois ? | C'est pour un cadeau, possible avant samedi ? | Quels sont vos horaires à Lyon ?
Box en panne depuis ce matin, voyant rouge | A quelle adresse renvoyer l'article ? | Merci de me rappeler rapidement.
slt jai pa recu mon colis | c koi le delai svp | BONJOUR OU EST MON COLIS | produit cassé à l'arrivée
Le suivi dit "Delivered, please check your mailbox" mais je n'ai rien | Comment résilier ? | la lampe clignote
Order LK-558201 : toujours rien reçu | my account ne marche pas, que faire s'il vous plaît
"""
ENGLISH = """
Hi, where is my parcel? | i want to cancel my order pls | The driver never showed up yesterday
how do I delete my larkline account | Still waiting for the refund you promised | My lamp arrived broken!
Can I pay in three instalments? | It's a gift, can it come before Saturday? | What are your opening hours in Lyon?
Router down since this morning, red light | Which address do I send it back to? | Please call me back quickly.
wheres my parcel its late | WHERE IS MY ORDER | router wont connect | password reset link expired
My invoice says "Montant dû" but I already paid. | no internet since monday | lamp arrived broken
Commande LK-558201: still nothing has arrived | Is AWS IoT Greengrass HIPAA compliant? | Add user identity information
"""
CODES = (Path(__file__).parents[3] / "scripts" / "measures" / "prompting" / "codes.txt").read_text("utf-8").splitlines()


def each(lines: str) -> list[str]:
    return [message.strip() for line in lines.strip().splitlines() for message in line.split(" | ")]


@pytest.mark.parametrize(
    ("message", "language"),
    [(message, "fr") for message in each(FRENCH)] + [(message, "en") for message in each(ENGLISH)],
)
def test_a_message_is_told(message: str, language: str) -> None:
    """Short messages with slips, codes and borrowed words are told, whichever language the brand names first."""
    assert detect_language(message, ("fr", "en")) == language
    assert detect_language(message, ("en", "fr")) == language


@pytest.mark.parametrize(
    ("message", "language"),
    [
        (
            (
                "Bonjour, je n'ai rien reçu.\n\nOn Mon, Nov 16, 2026 at 9:12 AM Maison Lune <a@b.example> wrote:\n"
                "> Dear Ana, your order has been shipped and will arrive within five working days."
            ),
            "fr",
        ),
        (
            (
                "I still have nothing.\n\nLe lun. 16 nov. 2026 à 09:12, Maison Lune <a@b.example> a écrit :\n"
                "Votre commande a été expédiée et arrivera sous cinq jours ouvrés, merci de garder ce courriel."
            ),
            "en",
        ),
        (
            "Please help me with this.\n\nDe : Ana\nEnvoyé : lundi\nObjet : facture\n\nBonjour, la facture est fausse.",
            "en",
        ),
        ("From: Ana\nSent: Monday\nSubject: invoice\n\nBonjour, il y a une erreur sur la facture jointe.", "fr"),
    ],
)
def test_what_the_customer_wrote_counts_before_what_is_quoted(message: str, language: str) -> None:
    """A quoted or forwarded mail in another language does not decide what the customer speaks."""
    assert detect_language(message, ("fr", "en")) == language


@pytest.mark.parametrize("message", CODES)
def test_codes_and_names_are_unknown(message: str) -> None:
    """Codes, product names and two words that say nothing are unknown rather than wrong."""
    assert detect_language(message, ("fr", "en")) is None


@pytest.mark.parametrize(
    ("message", "languages"),
    [
        ("merci beaucoup", {"fr", None}),
        ("hello there", {"en", None}),
        ("colis perdu", {"fr", None}),
        ("late parcel", {"en", None}),
    ],
)
def test_two_words_are_right_or_unknown(message: str, languages: set[str | None]) -> None:
    """Two words are told only when both speak."""
    assert detect_language(message, ("fr", "en")) in languages


@pytest.mark.parametrize(
    "message",
    [
        "Guten Tag, wo ist mein Paket? Ich habe noch nichts bekommen.",
        "Hola, ¿dónde está mi pedido? Todavía no ha llegado nada.",
        "Buongiorno, vorrei sapere dove è il mio pacco, grazie.",
        "Hallo, waar is mijn pakket? Ik heb nog niets ontvangen.",
    ],
)
def test_a_language_that_the_brand_does_not_write_is_unknown(message: str) -> None:
    """A German message to a French and English brand is not taken for English."""
    assert detect_language(message, ("fr", "en")) is None
    assert detect_language(message, ("fr", "en", "de", "es", "it", "nl")) is not None


@pytest.mark.parametrize(
    ("sentence", "language", "foreign"),
    [
        ("The refund arrives within five working days.", "fr", True),
        ("Le remboursement arrive sous cinq jours ouvrés.", "en", True),
        ("Le remboursement arrive sous cinq jours ouvrés.", "fr", False),
        ("The refund arrives within five working days.", "en", False),
        ("The Maison Lune team", "fr", False),
        ("Dear Ana,", "fr", False),
        ("Choisissez Nest 1000 puis Order history.", "fr", False),
        ("Die Rückerstattung kommt in fünf Tagen, und wir danken Ihnen.", "fr", True),
    ],
)
def test_a_sentence_in_another_language_is_foreign(sentence: str, language: str, *, foreign: bool) -> None:
    """Whole sentences in another language are told, names and greetings are let through."""
    assert is_foreign(sentence, language) is foreign


@given(st.text(), st.lists(st.sampled_from(["fr", "en", "de"]), unique=True))
def test_any_text_has_one_of_the_languages_or_none(text: str, languages: list[str]) -> None:
    """Nothing makes detection fail, or name a language that was not asked for."""
    assert detect_language(text, languages) in {*languages, None}
