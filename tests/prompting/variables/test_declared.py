from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from service.errors import VariableError
from service.prompting.variables.declared import Declaration, check_variables

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


def test_a_moment_is_written_in_the_brands_time_zone() -> None:
    """An engineer's visit at 8:00 UTC is at nine in Paris, without seconds and without the zone's name."""
    declared = {"visit": Declaration(type="datetime")}
    sent = {"visit": "2026-11-26T08:00:00Z"}
    french = check_variables(declared, sent, "fr", zone="Europe/Paris")
    english = check_variables(declared, sent, "en", zone="Europe/London")
    assert [french[0].text, english[0].text] == ["26 novembre 2026 à 09:00", "26 November 2026 at 08:00"]


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("declaration", "sent"),
    [
        ({"valid_until": "2026-11-23"}, "NOEL10"),
        ({"expires_after": "24 hours"}, {"value": "NOEL10", "as_of": "2026-11-23T11:59:00Z"}),
        ({}, {"value": "NOEL10", "valid_until": "2026-11-24T12:59:00+01:00"}),
    ],
)
def test_an_expired_value_is_refused_or_falls_back(declaration: dict[str, Any], sent: object) -> None:
    """A value past its day, its age or its own end is named; a brand may declare what stands in for it."""

    def checked(**more: Any) -> list[tuple[str, bool]]:  # noqa: ANN401 - any key of a declaration
        declared = {"code": Declaration.model_validate({"type": "text", **declaration, **more})}
        found = check_variables(declared, {"code": sent}, "fr", now=NOON, zone="Europe/Paris")
        return [(variable.text, variable.is_default) for variable in found]

    with pytest.raises(VariableError) as caught:
        checked()
    assert [(each.pointer, each.detail) for each in caught.value.pointers] == [
        ("/variables/code", "expired: send a newer value, or none")
    ]
    assert checked(fallback="leave_out") == []
    assert checked(fallback="default", default="BIENVENUE") == [("BIENVENUE", True)]


def test_a_fresh_value_is_taken() -> None:
    """A value with its age is read like one without, on its last valid day too."""
    declared = {"code": Declaration(type="text", expires_after="24 hours", valid_until=date(2026, 11, 24))}
    sent = {"code": {"value": "NOEL10", "as_of": "2026-11-24T09:00:00Z"}}
    assert check_variables(declared, sent, "fr", now=NOON, zone="Europe/Paris")[0].text == "NOEL10"


def test_a_default_stands_in_for_what_is_not_sent() -> None:
    """A default is used, marked as one, and never hides a wrong value unless the brand says so."""
    declared = {"days": Declaration(type="integer", default=14, required=True)}
    assert [(each.text, each.is_default) for each in check_variables(declared, {}, "fr")] == [("14", True)]
    with pytest.raises(VariableError):
        check_variables(declared, {"days": "soon"}, "fr")


def test_money_may_bring_its_currency_and_is_never_rounded() -> None:
    """An amount with more decimals than the currency has is refused: rounding would write another amount."""
    declared = {"due": Declaration(type="money")}
    assert check_variables(declared, {"due": {"amount": 12.5, "currency": "GBP"}}, "en")[0].text == "£12.50"
    for wrong in ({"amount": "1.005", "currency": "EUR"}, "12.50", {"amount": "1", "currency": "ABC"}, {"amount": "1"}):
        with pytest.raises(VariableError):
            check_variables(declared, {"due": wrong}, "en")


def test_the_checks_of_a_reply_learn_every_form_of_a_value() -> None:
    """A variable tells its written form, its plain form, and its items one by one."""
    declared = {
        "due": Declaration(type="money", currency="EUR"),
        "day": Declaration(type="date"),
        "days": Declaration(type="list", items="date"),
    }
    sent = {"due": "1234.5", "day": "2026-11-24", "days": ["2026-11-24", "2026-12-01"]}
    forms = {variable.name: variable.forms for variable in check_variables(declared, sent, "fr")}
    assert forms == {
        "due": ("1\u202f234,50\xa0€", "1234.5 EUR"),
        "day": ("24 novembre 2026", "2026-11-24"),
        "days": ("24 novembre 2026, 1er décembre 2026", "2026-11-24", "2026-12-01"),
    }


@pytest.mark.parametrize(
    ("declaration", "sent", "french", "english"),
    [
        ({"type": "date"}, "2027-01-01", "1er janvier 2027", "1 January 2027"),
        ({"type": "datetime"}, "2027-01-01T09:30:00.123Z", "1er janvier 2027 à 10:30", "1 January 2027 at 10:30"),
        ({"type": "datetime"}, "2026-03-29T01:30:00+0000", "29 mars 2026 à 03:30", "29 March 2026 at 03:30"),
        ({"type": "datetime"}, "2026-11-24T09:30", "24 novembre 2026 à 09:30", "24 November 2026 at 09:30"),
        ({"type": "money"}, {"amount": "1.234", "currency": "KWD"}, "1,234\xa0KWD", "KWD\xa01.234"),
        ({"type": "money"}, {"amount": "12345", "currency": "JPY"}, "12\u202f345\xa0JPY", "JP¥12,345"),
        ({"type": "money", "currency": "EUR"}, "-1234.5", "-1\u202f234,50\xa0€", "-€1,234.50"),
        ({"type": "decimal"}, "1234.50", "1\u202f234,5", "1,234.5"),
        ({"type": "enum", "values": ["Café d’Été"]}, "Cafe\u0301 d’E\u0301te\u0301", "Café d’Été", "Café d’Été"),
        ({"type": "email"}, "ana+lune@exemple.fr", "ana+lune@exemple.fr", "ana+lune@exemple.fr"),
        ({"type": "url"}, "https://exämple.fr/café?x=1", "https://exämple.fr/café?x=1", "https://exämple.fr/café?x=1"),
    ],
)
def test_a_value_is_written_for_the_reader(
    declaration: dict[str, Any], sent: object, french: str, english: str
) -> None:
    """First days, hours of summer, currencies of other decimals, accents sent in two signs: as each language has it."""
    declared = {"it": Declaration.model_validate(declaration)}
    said = [check_variables(declared, {"it": sent}, language, zone="Europe/Paris") for language in ("fr", "en")]
    assert [each.text for (each,) in said] == [french, english]


@pytest.mark.parametrize(
    ("declaration", "sent", "detail"),
    [
        ({"type": "money", "currency": "EUR"}, "1234,50", "an amount as 1234.50 in EUR"),
        ({"type": "money"}, {"amount": "1.5", "currency": "JPY"}, "with its currency"),
        ({"type": "url"}, "https://bank.example@evil.example/", "an http or https address"),
        ({"type": "list", "items": "date"}, [], "1 to 100 values, each a date as 2026-11-24"),
        ({"type": "list", "items": "date"}, ["soon"], "1 to 100 values, each a date as 2026-11-24"),
        ({"type": "text"}, {"value": "x", "as_of": "soon"}, "as_of and valid_until only"),
        ({"type": "text"}, {"value": "x", "asof": "2026-11-24"}, "as_of and valid_until only"),
    ],
)
def test_what_is_wrong_is_said_for_the_value_itself(declaration: dict[str, Any], sent: object, detail: str) -> None:
    """The one who sent a comma, an item of another type or a moment that is none learns what is expected there."""
    with pytest.raises(VariableError) as caught:
        check_variables({"it": Declaration.model_validate(declaration)}, {"it": sent}, "fr")
    assert detail in caught.value.pointers[0].detail


@pytest.mark.parametrize(
    "keys",
    [
        {"type": "enum"},
        {"type": "money", "currency": "EURO"},
        {"type": "integer", "default": 1.5},
        {"type": "text", "fallback": "default"},
        {"type": "text", "expires_after": "soon"},
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(keys: dict[str, Any]) -> None:
    """An enum without values, an unknown currency, or a default of another type is an error of the brand's file."""
    with pytest.raises(ValidationError):
        Declaration.model_validate(keys)
