import pytest

from service.replies.grounding.senses.polarity import conflicts, directed
from service.replies.grounding.senses.rewriting import turning_changes
from service.replies.grounding.statements import Statement


def turned(claim: str, source: str, language: str) -> bool:
    ours, theirs = Statement(claim, language), Statement(source, language)
    found = conflicts(ours.marks, theirs.marks, ours.stem_set)
    return bool(found or turning_changes(ours.directed, theirs.directed))


@pytest.mark.parametrize(
    ("claim", "source", "language"),
    [
        ("Le linge ouvert est repris.", "Le linge ouvert n’est pas repris.", "fr"),
        ("La carte n’est pas remboursable.", "La carte est remboursable.", "fr"),
        ("Le retour est gratuit en Corse.", "Le retour est gratuit, sauf en Corse.", "fr"),
        ("Signalez le colis après le 5 mai.", "Signalez le colis avant le 5 mai.", "fr"),
        ("Il faut au plus 90 € d’achat.", "Il faut au moins 90 € d’achat.", "fr"),
        ("La livraison express est payante ici.", "La livraison express est gratuite ici.", "fr"),
        ("Le compte est toujours bloqué.", "Le compte n’est jamais bloqué.", "fr"),
        ("You can return opened bedding.", "You cannot return opened bedding.", "en"),
        ("The warranty does not cover the dimmer.", "The warranty covers the dimmer.", "en"),
        ("All lamps are covered by the warranty.", "Only lamps are covered by the warranty.", "en"),
        ("Refunds are paid before the check.", "Refunds are paid after the check.", "en"),
        ("The box must weigh more than 5 kg.", "The box must weigh less than 5 kg.", "en"),
        ("We deliver to islands with a surcharge.", "We deliver to islands without a surcharge.", "en"),
    ],
)
def test_a_turned_sentence_is_seen(claim: str, source: str, language: str) -> None:
    """A negation, an exception or an opposite that only one of the two has is a contradiction."""
    assert turned(claim, source, language)
    assert turned(source, claim, language)


@pytest.mark.parametrize(
    ("claim", "source", "language"),
    [
        ("Il n’est pas possible de renvoyer le linge.", "Il est impossible de renvoyer le linge.", "fr"),
        ("Le linge n’est repris que scellé.", "Le linge est repris uniquement scellé.", "fr"),
        ("La garantie couvre le variateur.", "La garantie couvre le variateur. Elle ne couvre pas l’ampoule.", "fr"),
        ("You can’t return opened bedding.", "You cannot return opened bedding.", "en"),
        ("It is not mandatory to register the lamp.", "It is optional to register the lamp.", "en"),
        ("The dimmer is covered.", "The dimmer is covered, but not the bulb.", "en"),
        ("Yes, the dimmer is covered.", "The dimmer is covered.", "en"),
        ("Do not put personal data in names.", "Avoid putting personal data in names.", "en"),
    ],
)
def test_the_same_sense_in_other_words_is_no_contradiction(claim: str, source: str, language: str) -> None:
    """Another way to say no, and what the source says of something else, contradict nothing."""
    assert not turned(claim, source, language)


def test_phrases_that_turn_become_words() -> None:
    """The parts of "ne … pas" and "au plus" count once."""
    assert directed("Il ne peut pas payer au plus 5 €.") == ("il", "negated", "peut", "payer", "atmost", "5")
