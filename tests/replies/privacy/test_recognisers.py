import time

import pytest

from service.replies.privacy.pseudonyms import Pseudonyms

PERSONAL = {
    "EMAIL": ["écrivez à prenom.nom+boutique@exemple.co.uk", "E-mail:test@example.org."],
    "IBAN": [
        "mon RIB : FR7630006000011234567890189",
        "GB82 WEST 1234 5698 7654 32 please",
        "iban DE89370400440532013000",
    ],
    "CARD": [
        "carte 4970 1012 3456 7893",
        "my card 4111111111111111 was charged",
        "Amex 3782 822463 10005",
        "CB 5555555555554444",
    ],
    "ID": [
        "n° de sécurité sociale 2 95 10 99 126 111 93",
        "numéro fiscal : 30 23 217 600 053",
        "my SSN is 460-89-9847",
        "passeport 12AB34567 expiré",
        "carte d'identité n° 880692310285",
    ],
    "PHONE": [
        "tel. 01.42.68.53.00",
        "appelez le 0033 6 12 34 56 78",
        "call me on 020 7946 0958",
        "reach me at +1 415 555 2671",
        "joignable au 0612345678",
        "+44 7700 900123",
        "(202) 555-0143",
        "06/12/34/56/78 le soir",
        "(898) 555-0136x0135",
        "0961-7555012",
        "Bureau : 555 0142",
    ],
    "ADDRESS": [
        "j'ai déménagé au 5 allée Jean-Jaurès, 31000 Toulouse",
        "12 rue des lilas 69003 lyon",
        "3 ter, avenue du 8 Mai 1945\n33000 Bordeaux",
        "ship it to 221B Baker Street, London NW1 6XE",
        "1600 Example Avenue, Springfield, IL 62704",
        "Exempelgatan 12, 111 22",
        "PO Box 1234, Springfield, IL 62704",
        "livrer rue de l'Invention 12, 1204 Genève",
        "lieu-dit Le Moulin",
        "Appt 12\n",
        "the letter arrived at 17224 Exempla 66 Suite 991",
    ],
    "NAME": [
        "Je m'appelle Zoé Essai.",
        "My name is Alex O'Example",
        "Merci,\nJ. Essai",
        "Mme Essai-Durand attend",
        "Regards,\nAlex",
        "Ma fille Lila attend",
        "my husband Lee Mock signed",
        "Dear Morgan, it broke",
        "Nom : Zoé Essai",
        "Où est-il ?\nPaulin Maquette",
    ],
}
HARMLESS = [
    "Ma commande n° 0612345678 du 24/11/2026",
    "order 114-1234567-1234567 for $1,234.50",
    "facture FA-2026-001234, réf. 06-12-34-56-78-90",
    "numéro de suivi 4970101234567893",
    "le montant est de 12 345 678,90 €",
    "SIRET 732 829 320 00074, n° de client 0142685300",
    "version 10.0.0.1 du 2026-11-23 10:15:30",
    "les tailles 36 38 40 42 44",
    "3 places assises et 2 cours de cuisine",
    "Bonjour Madame, Monsieur,",
    "Merci de votre aide",
    "Ouvert de 9 h 30 à 18 h 00, 7 jours sur 7",
    "code promo NOEL2026, article 84210",
    "EAN 3017620422003",
    "Bonjour à tous, merci",
    "Dear customer service, hello team",
    "Je suis Très Content",
    "Merci,\nService Client",
    "4 allées à décorer",
    "Verbatim 2.0 Flash Drive",
    "May I have your name please? What day suits",
    "I paid 49.90 on 12/11/2026 and 59.90 on 13/11/2026",
    "Unit 3 is broken, unit 4 is fine",
    "La suite 2 jours plus tard",
    "Pack Lune 20417\nquantité 2",
    "delivered at 9 Monday, sent to 2 people",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PERSONAL.items() for text in texts])
def test_a_personal_value_is_found_for_what_it_is(kind: str, text: str) -> None:
    """Each way of writing such a value in French or English is recognised."""
    spans = Pseudonyms("fr" if "é" in text or "rue" in text or "le 0" in text else "en").spans(text)

    assert [span.kind.value for span in spans] == [kind]


@pytest.mark.parametrize("text", HARMLESS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_business_values_stay(text: str, language: str) -> None:
    """Order numbers, amounts, dates and codes are what the reply is about."""
    assert Pseudonyms(language).spans(text) == ()


def test_the_line_above_a_door_is_a_street_in_any_country() -> None:
    """The words for street and its number need not be known where the next line names a flat."""
    hidden = Pseudonyms("en").hide("Alex\n20789 Exempla 46\n Suite 501\nRiisa\n\nOrder 20417")

    assert hidden == "Alex\n[ADDRESS_1]\n [ADDRESS_2]\nRiisa\n\nOrder 20417"


def test_a_name_given_with_the_ticket_is_found_by_its_parts() -> None:
    """First or last name alone, and in capitals, but not the ordinary word."""
    pseudonyms = Pseudonyms("fr", "Rose Essai")

    assert pseudonyms.hide("Rose ESSAI, une rose et un essai. Rose") == "[NAME_1], une rose et un essai. [NAME_2]"


@pytest.mark.parametrize(
    "again",
    [
        "A",
        "É",
        "Ab ",
        "A'",
        "hello ",
        "\n",
        " ",
        "nom : ",
        "Mr Ab\n",
        "12 rue A ",
        "1 ",
        "+1",
        "Apt 1\n",
        "Ab 1\n",
        "sent to 1 Ab ",
    ],
)
def test_no_text_keeps_the_recognisers_busy(again: str) -> None:
    """A ticket of twenty thousand characters that was made to be slow takes what any other takes."""
    text = "merci" + again * (20_000 // len(again))
    began = time.process_time()
    pseudonyms = Pseudonyms("fr")
    pseudonyms.reserve(text)
    pseudonyms.hide(text)
    assert time.process_time() - began < 5


def test_a_name_that_is_told_once_is_hidden_wherever_it_is_said() -> None:
    """The message that introduces it may come after the one that only says it."""
    texts = ["Le colis de Zoé est perdu.", "Je m'appelle Zoé Essai."]
    pseudonyms = Pseudonyms("fr")
    for text in texts:
        pseudonyms.reserve(text)

    assert [pseudonyms.hide(text) for text in texts] == ["Le colis de [NAME_1] est perdu.", "Je m'appelle [NAME_2]."]
