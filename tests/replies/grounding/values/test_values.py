import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.grounding.values.values import backs, values


def same(one: str, other: str) -> bool:
    return all(backs(values(other), value) for value in values(one)) and bool(values(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 jours", "quatorze jours"),
        ("14 jours", "14 calendar days"),
        ("two weeks", "quatorze jours"),
        ("12 mois", "un an"),
        ("1 234,50 €", "EUR 1,234.50"),
        ("10.000 €", "10 000 euros"),
        ("2 millions d’euros", "2 000 000 €"),
        ("24/11/2026", "24 novembre 2026"),
        ("November 24, 2026", "2026-11-24"),
        ("24 novembre", "le 24/11/2026"),
        ("février 2026", "February 2026"),
        ("en 2026", "le 24 novembre 2026"),
        ("9 h 30", "9:30 am"),
        ("midi", "12:00"),
        ("la moitié du prix", "50 %"),
        ("50 pour cent", "50 percent"),
        ("10 jours ouvrés", "ten working days"),
        ("3 à 5 jours", "between 3 and 5 days"),
        ("une heure et demie", "90 minutes"),
        ("quatre-vingt-dix-neuf euros", "99 €"),
        ("1,5 kg", "1500 g"),
        ("+33 1 23 45 67 89", "01 23 45 67 89"),
        ("https://www.maison.example/suivi/", "maison.example/suivi"),
        ("lot FH-2611", "FH2611"),
        ("lundi", "Monday"),
        ("48h", "48 heures"),
    ],
)
def test_equal_values_are_equal_however_they_are_written(one: str, other: str) -> None:
    """Languages, separators, currencies, words and calendars make no difference."""
    assert same(one, other)
    assert values(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 jours", "14 jours ouvrés"),
        ("14 working days", "14 days"),
        ("jours ouvrables : 5 jours ouvrables", "5 jours ouvrés"),
        ("1 mois", "30 jours"),
        ("15 jours", "deux semaines"),
        ("20 €", "20 £"),
        ("20 %", "20 €"),
        ("24 novembre 2026", "24 novembre 2025"),
        ("24/11/2026", "11 décembre 2026"),
        ("9 h 30", "9:30 pm"),
        ("IP44", "IP65"),
        ("6.15.0", "6.14.0"),
        ("https://maison.example/suivi", "https://maison.example/retour"),
        ("support@a.example", "support@b.example"),
        ("1 234,50 €", "1 234,05 €"),
        ("5 kg", "5 g"),
        ("mardi", "Monday"),
        ("trois retours", "deux retours"),
    ],
)
def test_different_values_stay_different(one: str, other: str) -> None:
    """Working days are no days, a month is not thirty days, and another unit, currency, year or page is another."""
    assert not same(one, other)


@pytest.mark.parametrize("nothing", ["Un jour viendra.", "You may return it.", "Le meuble neuf arrive.", "It works."])
def test_words_that_only_look_like_values_are_never_asked_for(nothing: str) -> None:
    """ "Un jour", "may" and "neuf" need no backing."""
    assert [value for value in values(nothing) if not value.is_doubtful] == []


@given(st.integers(0, 10**9 - 1), st.sampled_from(["€", "jours", "kg", "%"]))
def test_separators_of_thousands_change_nothing(number: int, unit: str) -> None:
    """For any whole number, the French and the English way to group its digits say the same."""
    french, english = f"{number:,}".replace(",", " "), f"{number:,}"
    assert same(f"{french} {unit}", f"{english} {unit}")
    assert not same(f"{number} {unit}", f"{number + 1} {unit}")


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    """No text breaks the reading, and each value is found where it is said to stand."""
    for value in values(text):
        assert text[value.start : value.end].strip() == value.written
