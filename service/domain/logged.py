"""What is kept of a reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from service.domain.reply import Reply
from service.domain.ticket import Ticket

Setting: TypeAlias = str | int | float | bool | None
"""A value of one of the service's settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at a chat model."""

    provider: str
    name: str
    error: str | None
    """What went wrong, e.g. `overloaded (503)`; None for the try that answered."""
    took_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What a chat model was sent and what came back, byte for byte; without headers, hence without keys."""

    request: bytes
    response: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedReply:
    """A reply with everything that shows why it says what it says."""

    reply: Reply
    ticket: Ticket
    chat_messages: tuple[tuple[str, str], ...]
    """Role and text of each message to the chat model, exactly as sent; empty when it was not called."""
    raw_output: str
    """What the chat model wrote, before any check."""
    finished_at: datetime | None
    error: str | None
    """The problem type of a failed reply."""
    exchange: Exchange | None = None
    """What a chat model was last sent and what came back of an answer; None when nothing was sent."""
    salt: str = ""
    """32 hex digits that only this record holds: without them its receipt says nothing about its words."""
    erased_at: datetime | None = None
    """When the words were erased; what is left says only when, where and how it was decided."""
    attempts: tuple[Attempt, ...] = ()
    """Every try at a chat model, in order: who answered, and who was asked before and why not."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """The service's own that shaped it, by name; empty in receipts of before they were recorded."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """The values that everything else here names by placeholders such as `[EMAIL_1]`; see service/replies/privacy."""
