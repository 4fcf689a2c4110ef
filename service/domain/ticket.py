"""What a helpdesk hands over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Sender(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An image that came with a message."""

    media_type: str
    """`image/png`, `image/jpeg`, `image/gif` or `image/webp`."""
    data: str
    """Base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    sender: Sender
    text: str
    at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A request for help as the helpdesk hands it over, addressed to one brand."""

    brand: str
    messages: tuple[Message, ...]
    """The conversation, oldest first; never empty, and at least one message is the customer's."""
    id: str | None = None
    channel: str | None = None
    subject: str | None = None
    customer: Customer | None = None
    variables: Mapping[str, object] = field(default_factory=dict)
    """As sent, before the brand's declarations are applied."""
    tone: str | None = None
    language: str | None = None
    """ISO 639-1; None lets the brand's languages and the customer's words decide."""
    prompt: str = "production"
    """A label, or a prompt version."""

    @property
    def images(self) -> tuple[Attachment, ...]:
        """The images of all messages, oldest first."""
        return tuple(image for message in self.messages for image in message.attachments)
