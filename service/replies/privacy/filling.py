"""Gives personal values back: to the customer in the reply, to whoever may read the ticket as it was sent."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from service.domain import Handoff, LoggedReply, Reply, Sentence, Ticket
from service.replies.privacy.spans import PLACEHOLDER

OUTSIDE_ADDRESSES = re.compile(rf"(?:https?://|www\.|mailto:)\S+|(?P<hidden>{PLACEHOLDER.pattern})", re.IGNORECASE)
"""A placeholder is `hidden`; what lies within an address is matched without one."""
_POINTER = "/variables/"


def spoken(logged: LoggedReply) -> Reply:
    """Return the reply as its customer reads it, the values in the place of their placeholders."""
    reply, personal = logged.reply, logged.personal
    if not personal:
        return reply
    sentences = tuple(spoken_sentence(sentence, personal) for sentence in reply.sentences)
    whole = "".join(sentence.before + sentence.text for sentence in sentences)
    return replace(
        reply,
        question=fill(reply.question, personal),
        text=whole if sentences else fill(reply.text, personal),
        sentences=sentences,
        handoff=_handoff(reply.handoff, personal),
    )


def spoken_sentence(sentence: Sentence, personal: Mapping[str, str]) -> Sentence:
    return replace(sentence, text=fill(sentence.text, personal)) if personal else sentence


def fill(text: str, personal: Mapping[str, str]) -> str:
    """Return *text* with the values; within a web address nothing is filled, so that no link carries one away."""

    def value(found: re.Match[str]) -> str:
        return personal.get(found["hidden"] or "", found.group())

    return OUTSIDE_ADDRESSES.sub(value, text)


def restored(logged: LoggedReply) -> Ticket:
    """Return the ticket as the helpdesk sent it, up to the ways of writing one value."""
    ticket, personal = logged.ticket, logged.personal
    if not personal:
        return ticket
    customer = ticket.customer
    sent = {key.removeprefix(_POINTER): json.loads(value) for key, value in personal.items() if key[0] == "/"}
    return replace(
        ticket,
        customer=replace(customer, name=_exact(customer.name, personal)) if customer and customer.name else customer,
        subject=None if ticket.subject is None else _exact(ticket.subject, personal),
        messages=tuple(replace(message, text=_exact(message.text, personal)) for message in ticket.messages),
        variables={**ticket.variables, **sent},
    )


def _exact(text: str, personal: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: personal.get(found.group(), found.group()), text)


def _handoff(handoff: Handoff | None, personal: Mapping[str, str]) -> Handoff | None:
    return replace(handoff, summary=fill(handoff.summary, personal)) if handoff else None
