import pytest

from service.errors import VariableError
from service.prompting.variables import Declaration, check_variables

DECLARED = {
    "order": Declaration(type="text", required=True),
    "day": Declaration(type="date"),
    "due": Declaration(type="money", currency="EUR"),
    "link": Declaration(type="url"),
    "plan": Declaration(type="enum", values=("S", "L")),
    "parts": Declaration(type="list"),
}


def test_values_are_written_as_the_language_writes_them() -> None:
    """A French reply says 24 novembre 2026 and 1 234,50 €, an English one 24 November 2026."""
    sent = {"order": "20417", "day": "2026-11-24", "due": "1234.5", "parts": ["abat-jour", "câble"]}
    french = {variable.name: variable.text for variable in check_variables(DECLARED, sent, "fr")}
    wanted = {"order": "20417", "day": "24 novembre 2026", "due": "1\u202f234,50\xa0€", "parts": "abat-jour, câble"}
    assert french == wanted
    english = {variable.name: variable.text for variable in check_variables(DECLARED, sent, "en")}
    assert english["day"] == "24 November 2026"
    assert english["due"] == "€1,234.50"


def test_every_wrong_variable_is_named_and_none_is_repeated() -> None:
    """One answer names all that is missing, unknown or ill-typed, without the values that were sent."""
    sent = {"day": "tomorrow-SECRET", "due": "NaN", "link": "javascript:SECRET", "plan": "XL", "colour": "SECRET"}
    with pytest.raises(VariableError) as caught:
        check_variables(DECLARED, sent, "fr")
    wrong = {"order", "day", "due", "link", "plan", "colour"}
    assert {pointer.pointer for pointer in caught.value.pointers} == {f"/variables/{name}" for name in wrong}
    assert "SECRET" not in str(caught.value.pointers)


@pytest.mark.parametrize("value", [True, "", " ", [], {"a": 1}, float("inf"), "x" * 3000])
def test_text_that_is_none_is_refused(value: object) -> None:
    """Booleans, blanks, lists, objects and endless texts are no order number."""
    with pytest.raises(VariableError):
        check_variables({"order": Declaration(type="text")}, {"order": value}, "fr")
