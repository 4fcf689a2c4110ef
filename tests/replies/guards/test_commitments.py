import pytest

from service.domain import Citation, Sentence, Support
from service.replies.guards.commitments import unbacked


def sentence(text: str, support: Support = Support.UNSUPPORTED, quote: str | None = None) -> Sentence:
    cited = Citation(passage="p", article="a", title="t", url=None, quote=quote or "", start=0, end=1)
    return Sentence(text=text, before="", support=support, citations=(cited,) if quote else ())


@pytest.mark.parametrize(
    "text",
    [
        "Nous vous rembourserons sous 5 jours.",
        "Vous serez remboursé demain.",
        "Je vous garantis que tout ira bien.",
        "Un conseiller vous rappellera aujourd’hui.",
        "Nous vous offrons un bon de 20 €.",
        "J’ai bien transmis votre demande.",
        "Nous vous enverrons un nouveau colis.",
        "Votre colis sera livré demain.",
        "We will refund you in full.",
        "You will receive a full refund.",
        "A colleague will call you today.",
        "I guarantee it works.",
        "We'll give you a 10% discount.",
        "I have cancelled your order.",
        "Your parcel will arrive tomorrow.",
        "We will get back to you shortly.",
    ],
)
def test_a_promise_needs_backing(text: str) -> None:
    """A promise to this customer that no passage makes is found, in French and English."""
    assert unbacked(sentence(text), ())


@pytest.mark.parametrize(
    "text",
    [
        "Le remboursement par carte arrive sous 5 jours ouvrés.",
        "Merci de votre patience.",
        "Please let us know if you would like any further detail.",
        "Refunds take five working days.",
        "You can cancel in the app.",
        "Nous restons à votre disposition si vous souhaitez une précision.",
    ],
)
def test_a_fact_is_no_promise(text: str) -> None:
    """Policies, instructions and courtesies are not taken for promises."""
    assert unbacked(sentence(text), ()) is None


def test_a_passage_backs_its_own_promise_with_its_condition() -> None:
    """The cited words must promise the same thing; a condition that the sentence leaves out unbacks it."""
    quote = "We refund you if the parcel is lost."
    assert unbacked(sentence("We will refund you if the parcel is lost.", Support.ENTAILED, quote), ()) is None
    assert unbacked(sentence("We will refund you.", Support.ENTAILED, quote), ()) == "refund"
    assert unbacked(sentence("We will refund you.", Support.ENTAILED, "Parcels travel by road."), ()) == "refund"
    assert unbacked(sentence("We refund you if it is lost.", Support.QUOTED, quote), ()) is None


def test_a_variable_backs_a_delivery() -> None:
    """The announced day may be said, since the helpdesk sent it."""
    text = "Votre colis sera livré le 24 novembre 2026."
    assert unbacked(sentence(text, Support.VARIABLE), ("24 novembre 2026",)) is None
    assert unbacked(sentence(text, Support.VARIABLE), ("25 novembre 2026",)) == "delivery"
