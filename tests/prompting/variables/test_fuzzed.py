"""Whatever a helpdesk sends, a variable says exactly that, or the error names it."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import VariableError
from service.prompting.variables.declared import Declaration, Variable, check_variables

PLANS = ("Nest 300", "Hop 5 GB")
ZONE = "Europe/Paris"
DECLARED = {
    "order": Declaration(type="text", required=True),
    "count": Declaration(type="integer"),
    "weight": Declaration(type="decimal"),
    "due": Declaration(type="money", currency="EUR"),
    "paid": Declaration(type="money"),
    "day": Declaration(type="date"),
    "visit": Declaration(type="datetime"),
    "link": Declaration(type="url"),
    "contact": Declaration(type="email"),
    "plan": Declaration(type="enum", values=PLANS),
    "parts": Declaration(type="list"),
}
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
ENGLISH = "January February March April May June July August September October November December"
MONTHS = {"fr": FRENCH.split(), "en": ENGLISH.split()}
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}

amounts = st.decimals(-(10**9), 10**9, places=2, allow_nan=False).map(str)
fitting = {
    "order": st.text(min_size=1, max_size=60) | st.integers(),
    "count": st.integers(-(10**19), 10**19) | st.integers().map(str),
    "weight": st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str) | st.floats(),
    "due": amounts | st.floats(-1e6, 1e6) | st.integers(),
    "paid": st.fixed_dictionaries({"amount": amounts, "currency": st.sampled_from([*SYMBOLS, "XYZ"])}),
    "day": st.dates().map(str) | st.text("0123456789-W", max_size=10),
    "visit": st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo(ZONE)])).map(datetime.isoformat),
    "link": st.from_regex(r"https?://[a-z]{1,9}\.example/[a-z0-9%?=&.#-]{0,20}", fullmatch=True) | st.text(max_size=20),
    "contact": st.from_regex(r"[a-z.]{1,9}@[a-z]{1,9}\.[a-z]{2,3}", fullmatch=True) | st.text(max_size=20),
    "plan": st.sampled_from([*PLANS, "XL"]),
    "parts": st.lists(st.text(max_size=12), max_size=4),
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
sent_sets = st.fixed_dictionaries(
    {}, optional={name: values | anything for name, values in fitting.items()} | {"un~known/": anything}
)


def shown(text: str) -> str:
    """Text as one line that a reader sees."""
    kept = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def number(text: str, language: str) -> Decimal:
    """What a reader of the language understands by the figure."""
    spaces = text.replace("\u202f", "").replace("\xa0", "")
    return Decimal(spaces.replace(",", ".") if language == "fr" else spaces.replace(",", ""))


def as_decimal(sent: Any) -> Decimal:  # noqa: ANN401 - any JSON
    return Decimal(repr(sent)) if isinstance(sent, float) else Decimal(str(sent).strip())


def day(text: str, language: str) -> date:
    of_month, month, year = text.split()
    return date(int(year), MONTHS[language].index(month) + 1, int(re.sub(r"\D", "", of_month)))


def says(variable: Variable, sent: Any, language: str) -> bool:  # noqa: ANN401, PLR0911 - any JSON; a rule a type
    text = variable.text
    match variable.type:
        case "text":
            return text == (shown(sent) if isinstance(sent, str) else text) and bool(text)
        case "integer" | "decimal":
            return number(text, language) == as_decimal(sent)
        case "money":
            amount, currency = (sent["amount"], sent["currency"]) if isinstance(sent, dict) else (sent, "EUR")
            figure = re.sub(r"[^\d,.\u202f-]", "", text)
            return number(figure, language) == as_decimal(amount) and (SYMBOLS[currency] in text or currency in text)
        case "date":
            return day(text, language) == date.fromisoformat(sent.strip())
        case "datetime":
            written_day, _, hour = text.rpartition(" à " if language == "fr" else " at ")
            local = datetime.fromisoformat(sent).astimezone(ZoneInfo(ZONE))
            time = hour if hour.count(":") > 1 else f"{hour}:00"
            return day(written_day, language) == local.date() and time == local.strftime("%H:%M:%S")
        case "list":
            return text == ", ".join(map(shown, map(str, sent)))
        case _:
            return text == str(sent).strip()


def check(sent: dict[str, Any], language: str) -> None:
    try:
        variables = check_variables(DECLARED, sent, language, zone=ZONE)
    except VariableError as exc:
        named = {
            pointer.pointer.removeprefix("/variables/").replace("~1", "/").replace("~0", "~")
            for pointer in exc.pointers
        }
        assert named
        assert named <= set(sent) | {"order"}
        good = {name: value for name, value in sent.items() if name not in named}
        if "order" not in named:
            variables = check_variables(DECLARED, good, language, zone=ZONE)
        else:
            variables = check_variables(DECLARED, {"order": "x", **good}, language, zone=ZONE)
            good["order"] = "x"
        sent = good
    assert {variable.name for variable in variables} == {name for name, value in sent.items() if value is not None}
    for variable in variables:
        assert says(variable, sent[variable.name], language), variable.name


@settings(max_examples=300)
@given(sent_sets, st.sampled_from(["fr", "en"]))
def test_a_variable_says_what_was_sent_or_is_named(sent: dict[str, Any], language: str) -> None:
    """Of any set of values, each one that is not named in the error reads back as exactly what was sent."""
    check(sent, language)


@pytest.mark.slow
@pytest.mark.timeout(400)
@settings(max_examples=10_000)
@given(sent_sets, st.sampled_from(["fr", "en"]))
def test_ten_thousand_sets_of_variables_say_what_was_sent(sent: dict[str, Any], language: str) -> None:
    """The same for ten thousand sets."""
    check(sent, language)
