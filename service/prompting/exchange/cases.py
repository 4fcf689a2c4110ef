"""A foreign test case as a scenario of ours."""

from collections.abc import Mapping
from typing import Any

from service.errors import InvalidInputError
from service.prompting.brands import Brand
from service.prompting.exchange.foreign import ForeignCase, ForeignCheck
from service.prompting.exchange.slots import ALIASES
from service.prompting.scenarios import Scenario

_CONTAINS = frozenset({"contains", "icontains", "contains-all", "icontains-all"})
_EXCLUDES = frozenset({"not-contains", "not-icontains", "not-contains-any", "not-icontains-any"})
_OURS = frozenset({"question", "brand", "ticket", "variables", "tone", "language"})


def scenario_of(case: ForeignCase, brand: Brand | None, left_out: list[str]) -> Scenario:
    """
    Return the scenario; what has no place in one is named in *left_out*.

    Raises:
        InvalidInputError: It has no customer's message, or no brand is known.
        ValidationError: A value does not fit.
    """
    stated = _own(case) if isinstance(case.values.get("ticket"), dict) else _foreign(case, brand, left_out)
    return Scenario.model_validate({**stated, **_checks(case, left_out), **case.own})


def _own(case: ForeignCase) -> dict[str, Any]:
    """Read the values that our own export writes."""
    ticket = dict(case.values["ticket"])
    customer = ticket.pop("customer", None)
    if isinstance(customer, dict) and customer.get("name"):
        ticket["name"] = customer["name"]
    kept = {key: case.values[key] for key in _OURS - {"question", "ticket"} if case.values.get(key)}
    return {**kept, "ticket": ticket}


def _foreign(case: ForeignCase, brand: Brand | None, left_out: list[str]) -> dict[str, Any]:
    if brand is None:
        raise InvalidInputError("name the brand whose reply is judged with --brand")
    asked = {key: value for key, value in case.values.items() if ALIASES.get(key.lower()) == "conversation"}
    if len(case.values) == 1:
        asked = dict(case.values)
    texts = [value for value in asked.values() if isinstance(value, str) and value.strip()]
    if not texts:
        raise InvalidInputError("no value of it is the customer's message")
    variables = {key: value for key, value in case.values.items() if key not in asked and key in brand.variables}
    rest = [key for key in case.values if key not in asked and key not in variables]
    if rest:
        left_out.append(f"{case.name}: {', '.join(rest)}, which the brand does not declare")
    return {"brand": brand.id, "ticket": {"messages": [{"text": texts[0]}]}, "variables": variables}


def _checks(case: ForeignCase, left_out: list[str]) -> Mapping[str, list[str]]:
    checks: dict[str, list[str]] = {"must_contain": [], "must_not_contain": []}
    for check in case.checks:
        texts = _texts(check)
        if texts and check.kind in _CONTAINS:
            checks["must_contain"] += texts
        elif texts and check.kind in _EXCLUDES:
            checks["must_not_contain"] += texts
        else:
            left_out.append(f"{case.name}: the check “{check.kind}”, for which a scenario has no word")
    return checks


def _texts(check: ForeignCheck) -> list[str]:
    """Return the words that are looked for; none when one of them is no plain text."""
    values = check.value if isinstance(check.value, list) else [check.value]
    plain = [each for each in values if isinstance(each, str) and each.strip() and "{{" not in each]
    return plain if len(plain) == len(values) and not any(each.startswith("file://") for each in plain) else []
