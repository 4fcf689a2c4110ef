import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.text.words import content_stems, figures, links


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 234,50 €", {"1234.5"}),
        ("1,234.50", {"1234.5"}),
        ("3 à 5 jours", {"3", "5"}),
        ("le 24/11/2026", {"24", "11", "2026"}),
        ("12.0 %", {"12"}),
        ("1 000 000", {"1000000"}),
    ],
)
def test_figures_are_read_in_both_ways_of_writing(written: str, meant: set[str]) -> None:
    """French and English separators mean the same figure."""
    assert figures(written) == meant


def test_links_lose_the_punctuation_behind_them() -> None:
    """The full stop that ends a sentence is no part of its address."""
    assert links("Voir https://a.example/x, ou aide@a.example.") == ("https://a.example/x", "aide@a.example")


def test_inflections_and_accents_meet() -> None:
    """ "livraisons" and "livraison", "deliveries" and "delivery" are the same word to the checks."""
    assert content_stems("livraisons Élevés", "fr") == content_stems("livraison élevé", "fr")
    assert content_stems("deliveries", "en") == content_stems("delivery", "en")


@given(st.text())
def test_any_text_has_stems_and_figures(text: str) -> None:
    """No text makes the readers of words fail."""
    assert all(content_stems(text, "fr"))
    assert all(figures(text))
