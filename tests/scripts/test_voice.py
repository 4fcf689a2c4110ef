import os
from pathlib import Path

import pytest

from scripts.measures.prompting import voice
from scripts.measures.prompting.mixtures import mixtures, turned

POLITE = [
    "Vérifiez votre adresse.",
    "Vous recevez un e-mail.",
    "Nous vous remboursons sous 5 jours.",
    "Le colis part demain.",
]


def test_equal_seeds_make_equal_mixtures() -> None:
    """A seed names one set of replies for ever, and each knows where it slips into tu."""
    made = mixtures([POLITE], 30, 7)
    assert made == mixtures([POLITE], 30, 7)
    assert made != mixtures([POLITE], 30, 8)
    assert all(mixture.text[mixture.start : mixture.end].strip() for mixture in made)


@pytest.mark.parametrize(
    ("polite", "familiar"),
    [
        ("Vérifiez votre adresse.", "Vérifie ton adresse."),
        ("Vous pouvez nous écrire.", "Tu peux nous écrire."),
        ("Connectez-vous à votre compte.", "Connecte-toi à ton compte."),
        ("Avez-vous reçu vos colis ?", "As-tu reçu tes colis ?"),
        ("Nous vous remboursons.", "Nous te remboursons."),
        ("Le colis part demain.", "Le colis part demain."),
    ],
)
def test_a_polite_sentence_turns_familiar(polite: str, familiar: str) -> None:
    """What the measure calls tu is French that an agent could have written."""
    assert turned(polite) == familiar


@pytest.mark.slow
@pytest.mark.skipif("APLOMB_DATA" not in os.environ, reason="needs the measured sets in the folder APLOMB_DATA")
def test_the_measured_figures_hold() -> None:
    """On real articles and messages: false alarms below 1 %, slips and languages at least 99 %, repairs at rest."""
    figures = voice.measure(Path(os.environ["APLOMB_DATA"]))
    assert figures["register_false_alarms"] < 0.01
    assert min(figures["register_caught_demo"], figures["register_caught_articles"]) >= 0.99
    assert figures["typography_idempotent"] == figures["language_codes_unknown"] == 1
    assert min(figures["language_fr_right"], figures["language_en_right"]) >= 0.99
    assert figures["check_p50_ms"] < 2
