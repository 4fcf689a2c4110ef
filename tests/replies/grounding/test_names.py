import pytest

from service.replies.grounding.names import begins_with, is_spelled, names, spelled


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nous livrons la lampe Luciole à Saint-Denis.", {"luciole", "saint-denis"}),
        ("Les clients d’Amazon paient en juin.", {"amazon"}),
        ("Monday is free. The IBM cloud opens in May.", {"ibm"}),
        ("Access Issues: You need the right.", set()),
        ("Ask the Federal Trade Commission (FTC).", {"federal", "trade", "commission"}),
        ("« Oui » : Vous pouvez.", set()),
    ],
)
def test_names_are_what_a_capital_marks(text: str, found: set[str]) -> None:
    """First words, days, months, labels and short forms in brackets are no names."""
    assert names(text) == found


def test_a_name_is_found_in_other_forms() -> None:
    """Plural, possessive, elision and hyphen hide no name; another name is not there."""
    said = spelled("Amazon’s lamps, les Lucioles d’Orange et Saint Denis")
    assert all(is_spelled(name, said) for name in ("amazon", "luciole", "orange", "saint-denis"))
    assert not is_spelled("google", said)


def test_a_known_name_may_begin_a_sentence() -> None:
    """The first word counts when the passages know it as a name."""
    assert begins_with("Luciole se recharge.", {"luciole"}) == {"luciole"}
    assert begins_with("Elle se recharge.", {"luciole"}) == frozenset()
