"""A ticket without its personal values: what retrieval, the chat model and the log get of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain import Customer, Ticket
from service.prompting.brands import Brand
from service.prompting.variables.declared import Variable, check_variables
from service.prompting.voices import first_name
from service.replies.privacy.pseudonyms import Pseudonyms
from service.replies.privacy.spans import Kind


@dataclass(frozen=True, slots=True)
class Hidden:
    ticket: Ticket
    """With placeholders in its texts, its customer's name and its sensitive variables."""
    variables: tuple[Variable, ...]
    personal: Mapping[str, str]
    """The values by placeholder; and by JSON pointer into the ticket, the sensitive variable as sent, in JSON."""


def hide(ticket: Ticket, variables: tuple[Variable, ...], brand: Brand, language: str) -> Hidden:
    """Return *ticket* and its checked *variables* without personal values; as they are where the brand keeps them."""
    if brand.personal_data == "keep":
        return Hidden(ticket, variables, {})
    name = ticket.customer.name if ticket.customer else None
    kept = (form for variable in variables if not variable.sensitive for form in variable.forms)
    pseudonyms = Pseudonyms(language, name, keep=(*kept, *brand.contacts, brand.name))
    for text in (name or "", ticket.subject or "", *(message.text for message in ticket.messages)):
        pseudonyms.reserve(text)
    sensitive = {
        variable.name: pseudonyms.give(Kind.VALUE, variable.text, variable.forms)
        for variable in variables
        if variable.sensitive and not variable.is_default
    }
    hidden = replace(
        ticket,
        customer=_customer(ticket.customer, pseudonyms),
        subject=None if ticket.subject is None else pseudonyms.hide(ticket.subject),
        messages=tuple(replace(message, text=pseudonyms.hide(message.text)) for message in ticket.messages),
        variables=_sent(ticket, brand, sensitive),
    )
    shown = tuple(_shown(variable, sensitive.get(variable.name)) for variable in variables)
    return Hidden(hidden, shown, {**pseudonyms.values, **_pointers(ticket, brand)})


def read_variables(
    ticket: Ticket, personal: Mapping[str, str], brand: Brand, language: str, now: datetime
) -> tuple[Variable, ...]:
    """
    Return the variables of a logged *ticket*: those that are hidden in it stay hidden.

    Raises:
        VariableError: One of the others does not fit what the brand declares.
    """
    hidden = {name: sent for name, sent in ticket.variables.items() if isinstance(sent, str) and sent in personal}
    declared = {name: each for name, each in brand.variables.items() if name not in hidden}
    sent = {name: value for name, value in ticket.variables.items() if name not in hidden}
    read = {each.name: each for each in check_variables(declared, sent, language, now=now, zone=brand.timezone)}
    for name, placeholder in hidden.items():
        variable = Variable(name, brand.variables[name].description, "", sensitive=True)
        read[name] = _shown(variable, placeholder)
    return tuple(read[name] for name in brand.variables if name in read)


def _customer(customer: Customer | None, pseudonyms: Pseudonyms) -> Customer | None:
    """Return the customer with a placeholder for the first name, by which the brand greets, and one for the rest."""
    if customer is None or not customer.name:
        return customer
    first = first_name(customer.name)
    if first is None:
        return replace(customer, name=pseudonyms.give(Kind.VALUE, customer.name))
    rest = customer.name.strip().removeprefix(first).strip()
    names = [first, rest] if rest else [first]
    return replace(customer, name=" ".join(pseudonyms.give(Kind.NAME, each) for each in names))


def _sent(ticket: Ticket, brand: Brand, sensitive: Mapping[str, str]) -> dict[str, object]:
    """Return the variables as sent, with placeholders; a sensitive one that could not be used is left out."""
    shown = {name: value for name, value in ticket.variables.items() if not _is_sensitive(brand, name)}
    return {name: sensitive.get(name, shown.get(name)) for name in ticket.variables if name in {*shown, *sensitive}}


def _pointers(ticket: Ticket, brand: Brand) -> dict[str, str]:
    sent = {name: value for name, value in ticket.variables.items() if _is_sensitive(brand, name)}
    return {f"/variables/{name}": json.dumps(value, ensure_ascii=False) for name, value in sent.items()}


def _shown(variable: Variable, placeholder: str | None) -> Variable:
    return replace(variable, text=placeholder, value=placeholder, type="text") if placeholder else variable


def _is_sensitive(brand: Brand, name: str) -> bool:
    return name in brand.variables and brand.variables[name].sensitive
