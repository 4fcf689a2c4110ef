"""The JSON that asks for a reply, and how it becomes a ticket."""

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from service.api.schemas.texts import Channel, Id, Line, MessageText, Name
from service.domain import Attachment, Customer, Message, Sender, Ticket
from service.reply_log.once import RequestKey

_MAX_MESSAGES = 100


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class AttachmentIn(_Request):
    """An image; a chat model that sees none is told that there is one, and the reply's reasons say so."""

    media_type: Literal["image/png", "image/jpeg", "image/gif", "image/webp"]
    data: Annotated[
        str,
        StringConstraints(min_length=4, max_length=900_000, pattern=r"^[A-Za-z0-9+/]+={0,2}$"),
        Field(description="Base64."),
    ]


class MessageIn(_Request):
    sender: Annotated[Literal["customer", "agent", "assistant"], Field(alias="from")] = "customer"
    text: MessageText
    at: Annotated[datetime, Field(strict=False)] | None = None
    attachments: Annotated[list[AttachmentIn], Field(max_length=4)] = []


class CustomerIn(_Request):
    id: Id | None = None
    name: Line | None = None


class TicketIn(_Request):
    id: Id | None = None
    channel: Channel | None = None
    subject: Line | None = None
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=_MAX_MESSAGES)]
    customer: CustomerIn | None = None

    @model_validator(mode="after")
    def _is_asked_by_a_customer(self) -> "TicketIn":
        if all(message.sender != "customer" for message in self.messages):
            raise ValueError("at least one message must be from the customer")
        return self


_EXAMPLE: dict[str, JsonValue] = {
    "brand": "maison-lune",
    "ticket": {
        "id": "ML-2041",
        "messages": [{"from": "customer", "text": "Bonjour, sous combien de jours serai-je livrée ?"}],
        "customer": {"name": "Ana Duarte"},
    },
}


class ReplyRequest(_Request):
    """A ticket for a brand; everything but brand and messages may be left out."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [_EXAMPLE]})

    brand: Name
    ticket: TicketIn
    variables: Annotated[dict[Name, Any], Field(max_length=100)] = {}
    tone: Name | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    prompt: Name = "production"
    once_per_message: Annotated[
        bool,
        Field(description="One reply for the customer's newest message: 409 `stale-draft` once a newer one was seen."),
    ] = False

    @model_validator(mode="after")
    def _names_its_ticket(self) -> "ReplyRequest":
        if self.once_per_message and self.ticket.id is None:
            raise ValueError("once_per_message needs the ticket's id")
        return self

    def to_key(self, idempotency_key: str | None) -> RequestKey | None:
        """Return what makes this request the same request again; None when it says nothing of it."""
        scope = f"reply:{self.brand}"
        if self.once_per_message:
            newest = [message for message in self.ticket.messages if message.sender == "customer"]
            said = hashlib.sha256(f"{len(newest)}\x1f{newest[-1].text}".encode()).hexdigest()
            key = f"message:{said[:32]}:{self.ticket.id}"
            return RequestKey(scope=scope, key=key, fingerprint="", ticket_id=self.ticket.id, messages=len(newest))
        if idempotency_key is None:
            return None
        fingerprint = hashlib.sha256(self.model_dump_json().encode()).hexdigest()
        return RequestKey(scope=scope, key=f"key:{idempotency_key}", fingerprint=fingerprint)

    def to_ticket(self) -> Ticket:
        sent = self.ticket
        return Ticket(
            brand=self.brand,
            id=sent.id,
            channel=sent.channel,
            subject=sent.subject,
            messages=tuple(
                Message(
                    sender=Sender(message.sender),
                    text=message.text,
                    at=message.at,
                    attachments=tuple(
                        Attachment(media_type=image.media_type, data=image.data) for image in message.attachments
                    ),
                )
                for message in sent.messages
            ),
            customer=Customer(id=sent.customer.id, name=sent.customer.name) if sent.customer else None,
            variables=self.variables,
            tone=self.tone,
            language=self.language,
            prompt=self.prompt,
        )
