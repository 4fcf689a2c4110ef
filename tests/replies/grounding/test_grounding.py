import pytest

from service.domain import Passage, Support
from service.prompting.prompts import Frame
from service.prompting.variables import Variable
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
