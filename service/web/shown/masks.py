"""What the pages do not show: the values of variables that a brand calls sensitive."""

import re
from dataclasses import replace

from service.domain import LoggedReply
from service.errors import VariableError
from service.prompting.brands import Brand
from service.prompting.variables.declared import check_variables

MASK = "•••"


def masked(logged: LoggedReply, brand: Brand) -> LoggedReply:
    """Return the record without sensitive values in its ticket, its prompt and its raw output; the reply stays."""
    sent = {name: value for name, value in logged.ticket.variables.items() if _is_sensitive(brand, name)}
    if not sent:
        return logged
    forms = {form for name, value in sent.items() for form in _forms(brand, name, value, logged.reply.language)}
    hidden = re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in sorted(forms, key=len, reverse=True)))
    variables = {name: MASK if name in sent else value for name, value in logged.ticket.variables.items()}
    return replace(
        logged,
        ticket=replace(logged.ticket, variables=variables),
        chat_messages=tuple((role, hidden.sub(MASK, content)) for role, content in logged.chat_messages),
        raw_output=hidden.sub(MASK, logged.raw_output),
    )


def _is_sensitive(brand: Brand, name: str) -> bool:
    return name in brand.variables and brand.variables[name].sensitive


def _forms(brand: Brand, name: str, value: object, language: str) -> tuple[str, ...]:
    """Return each way in which a text may say the value; as it was sent when it is none of its type any more."""
    declared = {name: brand.variables[name].model_copy(update={"valid_until": None, "expires_after": None})}
    try:
        found = check_variables(declared, {name: value}, language, zone=brand.timezone)
    except VariableError:
        return (str(value),)
    return tuple(form for variable in found for form in variable.forms) or (str(value),)
