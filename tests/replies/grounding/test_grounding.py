from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import Passage, Support
from service.prompting.prompts import Frame
from service.prompting.variables.declared import Variable
from service.replies.grounding.grounding import Grounds, ground

FRAME = Frame("fr", "Bonjour Ana,", "Merci.", "", "Bien à vous,", "L’équipe")
REFUNDS = Passage(
    id="psg_1", brand="b", article="r.md", title="Remboursements", heading="", position=0, start=0,
    text="Le remboursement par carte bancaire arrive sous 5 jours ouvrés. Le virement demande 10 jours ouvrés.",
)  # fmt: skip
FEES = Passage(
    id="psg_2", brand="b", article="f.md", title="Frais", heading="", position=0, start=0,
    text="La livraison en point relais coûte 3,90 € en France métropolitaine.",
)  # fmt: skip
GROUNDS = Grounds([REFUNDS, FEES], [Variable("order_id", "Le numéro", "20417")], FRAME)


@pytest.mark.parametrize(
    ("written", "support", "passage"),
    [
        ("Le remboursement par carte bancaire arrive sous 5 jours ouvrés. [1]", Support.QUOTED, "psg_1"),
        ("La livraison en point relais coûte 3,90 € en France métropolitaine. [1]", Support.QUOTED, "psg_2"),
        ("Votre remboursement par carte bancaire arrivera sous 5 jours ouvrés. [1]", Support.ENTAILED, "psg_1"),
        ("Votre remboursement par carte bancaire arrivera sous 3 jours ouvrés. [1]", Support.UNSUPPORTED, None),
        ("Nous vous offrons un bon de 20 €. [1]", Support.UNSUPPORTED, None),
        ("Votre commande 20417 est notée.", Support.VARIABLE, None),
        ("Bonjour Ana,", Support.COURTESY, None),
        ("Nous sommes désolés de ce contretemps.", Support.COURTESY, None),
        ("Merci, vous recevrez 50 € demain.", Support.UNSUPPORTED, None),
    ],
)
def test_each_sentence_gets_the_support_it_has(written: str, support: Support, passage: str | None) -> None:
    """Quotes, paraphrases with the same figures, variables and courtesies pass; other figures and promises do not."""
    sentence = ground(written, " ", GROUNDS)
    assert sentence.support is support
    assert "[1]" not in sentence.text
    assert [citation.passage for citation in sentence.citations] == ([passage] if passage else [])
    for citation in sentence.citations:
        whole = {each.id: each.text for each in (REFUNDS, FEES)}[citation.passage]
        assert whole[citation.start : citation.end] == citation.quote


def test_a_wrong_marker_does_not_hide_the_right_passage() -> None:
    """A model that names passage 9, or the wrong one, is corrected by looking."""
    sentence = ground("Le virement demande 10 jours ouvrés. [9][2]", "", GROUNDS)
    assert [citation.passage for citation in sentence.citations] == ["psg_1"]


RETURNS = Passage(
    id="psg_3", brand="b", article="s.md", title="Linge de lit", heading="Retours", position=0, start=0,
    text=(
        "Il n’est pas possible de renvoyer le linge ouvert.\nLa lampe **Luciole** se recharge en 3 heures, la lampe "
        "Ondine en 5 heures.\nSuivez le colis sur [la page](https://maison.example/suivi).\n\n"
        "| Moyen | Délai en jours |\n|---|---|\n| Virement | 10 |"
    ),
)  # fmt: skip
SHEET = Grounds([RETURNS], [Variable("delivery_date", "La date de livraison", "24 novembre 2026")], FRAME)


@pytest.mark.parametrize(
    ("written", "support", "unbacked"),
    [
        ("renvoyer le linge ouvert.", Support.UNSUPPORTED, ()),
        ("Il est possible de renvoyer le linge ouvert.", Support.UNSUPPORTED, ()),
        ("Il est impossible de renvoyer le linge ouvert.", Support.ENTAILED, ()),
        ("La lampe Luciole se recharge en trois heures.", Support.ENTAILED, ()),
        ("La lampe Luciole se recharge en 180 minutes.", Support.ENTAILED, ()),
        ("La lampe Luciole se recharge en 4 heures.", Support.UNSUPPORTED, ("4 heures",)),
        ("La lampe Comète se recharge en 3 heures.", Support.UNSUPPORTED, ()),
        ("Suivez le colis sur https://maison.example/suivi.", Support.ENTAILED, ()),
        ("Suivez le colis sur https://autre.example/suivi.", Support.UNSUPPORTED, ("https://autre.example/suivi",)),
        ("Virement : 10 jours.", Support.ENTAILED, ()),
        ("Virement : 12 jours.", Support.UNSUPPORTED, ("12 jours",)),
        ("Votre livraison est prévue le 24/11/2026.", Support.UNSUPPORTED, ()),
        ("Votre livraison est prévue le 24 novembre 2026.", Support.VARIABLE, ()),
        ("Nous n’avons pas d’information sur ce point.", Support.COURTESY, ()),
    ],
)
def test_what_a_sentence_changes_is_found(written: str, support: Support, unbacked: tuple[str, ...]) -> None:
    """Half quotes, other figures, names, addresses and senses do not stand, and unbacked figures are named."""
    sentence = ground(written, "", SHEET)
    assert (sentence.support, sentence.unbacked) == (support, unbacked)
    for citation in sentence.citations:
        assert RETURNS.text[citation.start : citation.end] == citation.quote


@given(st.text(max_size=80), st.text(max_size=120))
def test_a_quote_is_always_the_passages_own_bytes(written: str, text: str) -> None:
    """Whatever is written and whatever the passage says, a citation quotes exactly."""
    passage = replace(REFUNDS, text=text + " " + written)
    for citation in ground(written, "", Grounds([passage], [], FRAME)).citations:
        assert passage.text[citation.start : citation.end] == citation.quote
