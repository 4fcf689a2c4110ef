"""A call to the chat models: what is asked, what comes back, and what is known of it at every moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from service.domain import Attachment, Attempt, ChatModelRef, Exchange, Usage
from service.prompting.brands import Sampling
from service.prompting.templates.rendering import ChatMessage


@dataclass(slots=True)
class Tally:
    """What a call has come to so far; it stands also when the call fails or its reader goes away."""

    attempts: list[Attempt] = field(default_factory=list)
    cost_usd: float | None = None
    """All attempts together; None while none was made at a model whose price is known."""
    exchange: Exchange | None = None
    """What the last attempt that was sent got back, however it ended; None while nothing was sent."""

    def charge(self, usd: float | None) -> None:
        if usd is not None:
            self.cost_usd = (self.cost_usd or 0.0) + usd


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCall:
    """What the chat model is asked."""

    brand: str
    """Who pays."""
    budget_usd: float | None = None
    """What the brand may spend in a day; None is no bound."""
    messages: Sequence[ChatMessage]
    sampling: Sampling
    chat_models: Sequence[str] = ()
    """`provider:name` by preference; empty for the service's own."""
    images: Sequence[Attachment] = ()
    may_restart: Callable[[], bool] = field(default=lambda: True)
    """Whether nothing of the answer has reached the customer yet: only then may another attempt begin."""
    tally: Tally = field(default_factory=Tally)

    @property
    def chars(self) -> int:
        return sum(len(message.content) for message in self.messages)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the chat model's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Again:
    """The attempt failed and another follows: the pieces so far are void."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the chat model's text ended."""

    whole: bool
    """False when it stopped at a limit, was refused, or broke off without a finish reason."""
    refused: bool
    """The model, or its provider's filter, would not answer."""
    ref: ChatModelRef
    """Who answered."""
    usage: Usage
    """As reported; the cost is in the call's tally."""
    exchange: Exchange
    images_shown: bool
    """False when there were images and the model that answered sees none."""
