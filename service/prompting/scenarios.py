"""A scenario: a written test case in `prompts/scenarios/<name>.yaml`, a ticket and what a good reply to it must do."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any

import yaml
from pydantic import Field, StringConstraints, ValidationError

from service.domain import Customer, Decision, Message, Sender, Ticket
from service.errors import InvalidInputError, Pointer, PromptError
from service.prompting.brands import LanguageCode, Slug, VariableName
from service.prompting.key_faults import first_fault
from service.prompting.voices import Line, Strict
from service.prompting.yaml_text import read_yaml

_HEAD = "# yaml-language-server: $schema=../schemas/scenario.schema.json\n"

Words = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


class ScenarioMessage(Strict):
    sender: Sender = Field(Sender.CUSTOMER, alias="from")
    """`customer`, `agent` or `assistant`."""
    text: Words
    """What was written."""
    at: datetime | None = None
    """When; the greeting follows the hour of the customer's last message."""


class ScenarioTicket(Strict):
    subject: Line | None = None
    """The ticket's subject."""
    channel: Line | None = None
    """Such as `email` or `chat`."""
    name: Line | None = None
    """The customer's name; invent one."""
    messages: tuple[ScenarioMessage, ...] = Field(min_length=1)
    """The conversation, oldest first."""


class Scenario(Strict):
    brand: Slug
    """Whose reply is judged."""
    note: Line | None = None
    """What the case is about, for people."""
    ticket: ScenarioTicket
    """What the customer wrote."""
    variables: dict[VariableName, Any] = Field(default={})
    """Business values sent with the ticket."""
    tone: Slug | None = None
    """Another tone than the brand's."""
    language: LanguageCode | None = None
    """The language that the reply must have; left out, it is found out and not judged."""
    decision: Decision | None = None
    """`send`, `review` or `handoff`; left out, it is not judged."""
    must_contain: tuple[Line, ...] = ()
    """Words that the reply must hold, whatever their case."""
    must_not_contain: tuple[Line, ...] = ()
    """Words that it must not hold."""
    cites: tuple[Line, ...] = ()
    """Articles that it must cite, by their file names."""

    def to_ticket(self, prompt: str = "production") -> Ticket:
        """Return the ticket for the prompt label or version *prompt*."""
        sent = self.ticket
        return Ticket(
            brand=self.brand,
            subject=sent.subject,
            channel=sent.channel,
            messages=tuple(Message(sender=each.sender, text=each.text, at=each.at) for each in sent.messages),
            customer=Customer(name=sent.name) if sent.name else None,
            variables=dict(self.variables),
            tone=self.tone,
            language=self.language,
            prompt=prompt,
        )

    @classmethod
    def of_ticket(cls, ticket: Ticket, **expected: Any) -> "Scenario":  # noqa: ANN401 - any key above
        """Return the scenario of a ticket; ids of the ticket and of the customer are left out."""
        messages = [{"from": each.sender, "text": each.text, "at": each.at} for each in ticket.messages]
        name = ticket.customer.name if ticket.customer else None
        sent = {"subject": ticket.subject, "channel": ticket.channel, "name": name, "messages": messages}
        return cls.model_validate(
            {
                "brand": ticket.brand,
                "ticket": sent,
                "variables": dict(ticket.variables),
                "tone": ticket.tone,
                "language": ticket.language,
                **expected,
            }
        )

    def as_yaml(self) -> str:
        """Return the file's text, keys that say nothing left out."""
        document = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return _HEAD + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def parse_scenario(name: str, text: str) -> Scenario:
    """
    Read a scenario file.

    Raises:
        PromptError: The file is no YAML mapping, or a key is missing, unknown or wrong; the message names it.
    """
    file = f"scenarios/{name}.yaml"
    read = read_yaml(text)
    if read.fault:
        raise PromptError(f"{file}, line {read.fault.line}: {read.fault.reason}")
    try:
        return Scenario.model_validate(read.data)
    except ValidationError as exc:
        raise PromptError(first_fault(exc, Scenario, file, read)) from exc


def scenario_of(document: object) -> Scenario:
    """Return what was sent as a scenario; InvalidInputError with a pointer to each wrong key."""
    try:
        return Scenario.model_validate(document)
    except ValidationError as exc:
        wrong = exc.errors(include_input=False, include_url=False)
        pointers = (Pointer("/scenario" + "".join(f"/{part}" for part in each["loc"]), each["msg"]) for each in wrong)
        raise InvalidInputError("This is no scenario.", tuple(pointers)) from exc


def scenario_name(written: str) -> str:
    """Return a file name made of what a person wrote: small letters, figures and hyphens, accents left out."""
    plain = unicodedata.normalize("NFD", written.casefold())
    name = re.sub(r"[^a-z0-9]+", "-", "".join(each for each in plain if not unicodedata.combining(each))).strip("-")[
        :60
    ]
    if not name:
        raise InvalidInputError("A scenario needs a name.", (Pointer("/name", "letters or figures"),))
    return name
