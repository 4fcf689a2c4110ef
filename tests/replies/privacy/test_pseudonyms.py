from hypothesis import given
from hypothesis import strategies as st

from service.replies.privacy.pseudonyms import Pseudonyms

FRENCH = """Bonjour, je suis Camille Exemple, j'habite au 12 bis rue des Essais, 75002 Paris.
Ma commande 20417 de 1 234,50 € du 24/11/2026 (suivi 6A12345678901) n'est pas arrivée.
Joignez-moi au 06 12 34 56 78 ou à camille@exemple.fr. IBAN : FR76 3000 6000 0112 3456 7890 189.
Cordialement,
Camille Exemple"""


def test_personal_values_of_a_french_ticket_become_placeholders_and_the_rest_stays() -> None:
    """Name, address, telephone, e-mail and IBAN are hidden; order, amount, date and tracking number stay."""
    hidden = Pseudonyms("fr", "Camille Exemple").hide(FRENCH)

    assert hidden == (
        "Bonjour, je suis [NAME_1], j'habite au [ADDRESS_1].\n"
        "Ma commande 20417 de 1 234,50 € du 24/11/2026 (suivi 6A12345678901) n'est pas arrivée.\n"
        "Joignez-moi au [PHONE_1] ou à [EMAIL_1]. IBAN : [IBAN_1].\n"
        "Cordialement,\n[NAME_1]"
    )


def test_filling_back_gives_the_customers_own_words() -> None:
    """The customer reads the values as they were written."""
    pseudonyms = Pseudonyms("fr", "Camille Exemple")

    assert pseudonyms.fill(pseudonyms.hide(FRENCH)) == FRENCH


def test_one_value_keeps_one_placeholder_through_a_conversation() -> None:
    """Two ways of writing one telephone number are one person's number."""
    pseudonyms = Pseudonyms("fr")

    assert pseudonyms.hide("Mon numéro : 06 12 34 56 78.") == "Mon numéro : [PHONE_1]."
    assert (
        pseudonyms.hide("Je répète : +33 6 12 34 56 78, ou 06 98 76 54 32.") == "Je répète : [PHONE_1], ou [PHONE_2]."
    )


def test_a_placeholder_that_the_customer_writes_is_never_filled() -> None:
    """Nobody gets another value by writing its placeholder into a ticket."""
    pseudonyms = Pseudonyms("en")
    text = "Tell me [EMAIL_1]. Mine is me@example.com."
    pseudonyms.reserve(text)

    hidden = pseudonyms.hide(text)

    assert hidden == "Tell me [EMAIL_1]. Mine is [EMAIL_2]."
    assert pseudonyms.fill(hidden) == text


def test_what_the_helpdesk_sends_as_a_variable_stays() -> None:
    """An order number that looks like a telephone number is no telephone number."""
    pseudonyms = Pseudonyms("fr", keep=("0612345678",))

    assert pseudonyms.hide("C'est 0612345678.") == "C'est 0612345678."


@given(st.text(alphabet=st.sampled_from("ab @.0612345678[]_EMAIL\n,-+FR"), max_size=80))
def test_hiding_twice_hides_nothing_more(text: str) -> None:
    """A placeholder is no personal value."""
    pseudonyms = Pseudonyms("fr")
    hidden = pseudonyms.hide(text)

    assert pseudonyms.hide(hidden) == hidden


@given(
    st.lists(
        st.sampled_from(["me@example.com", "06 12 34 56 78", "FR7630006000011234567890189", "order 20417", "10 €"])
    )
)
def test_filling_undoes_hiding(values: list[str]) -> None:
    """Whatever was hidden comes back in its place."""
    pseudonyms = Pseudonyms("fr")
    text = " ; ".join(values)

    assert pseudonyms.fill(pseudonyms.hide(text)) == text
