"""A prompt: template, brand and tone resolved for one ticket, and the messages that they make with its passages."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from service.domain import Message, Passage, PromptRef, Sender, Ticket
from service.prompting.brands import Brand, Sampling, parse_brand
from service.prompting.language import NAMES, typeset
from service.prompting.templates.fences import Fence
from service.prompting.templates.rendering import ChatMessage, check_template, render
from service.prompting.tones import Tone, parse_tone
from service.prompting.variables.declared import Variable
from service.prompting.voices import Voice

NO_ANSWER = "NO_ANSWER"
"""What a chat model writes instead of a reply when the passages do not answer."""

FRAME_KEYS = ("greeting", "opening", "ending", "closing", "signature", "disclosure")
"""The answer stands between `opening` and `ending`."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines around the answer; each may be empty."""

    language: str
    greeting: str
    opening: str
    ending: str
    closing: str
    signature: str
    disclosure: str = ""
    """Says that the reply is an automatic one; the last line."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that are there, in their order."""
        return tuple(line for key in FRAME_KEYS if (line := getattr(self, key)))

    def around(self, answer: str) -> str:
        """Return *answer* between the lines, laid out as a letter."""
        body = " ".join(filter(None, (self.opening, answer)))
        signed = "\n".join(filter(None, (self.closing, self.signature)))
        return "\n\n".join(filter(None, (self.greeting, body, self.ending, signed, self.disclosure)))


@dataclass(frozen=True)
class PromptText:
    """The texts of the three files that make a prompt, and whose they are."""

    template: str
    brand_id: str
    brand: str
    tone_id: str
    tone: str

    @cached_property
    def version(self) -> str:
        """The first 12 hex digits of the SHA-256 of everything here."""
        parts = (self.template, self.brand_id, self.brand, self.tone_id, self.tone)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt version: everything that shapes a reply but the ticket and the passages."""

    text: PromptText
    brand: Brand
    tone: Tone
    label: str | None

    @property
    def version(self) -> str:
        return self.text.version

    @property
    def ref(self) -> PromptRef:
        return PromptRef(version=self.version, label=self.label, brand=self.brand.id, tone=self.tone.id)

    @property
    def sampling(self) -> Sampling:
        return self.brand.sampling_for(self.label)

    @property
    def chat_models(self) -> tuple[str, ...]:
        return self.brand.chat_models_for(self.label)

    def frame(
        self, language: str, name: str | None, now: datetime | None = None, *, channel: str | None = None
    ) -> Frame:
        """Return the lines around an answer to the customer called *name* at the moment *now* on *channel*."""
        voice = self.voice(language)
        local = self.brand.local(now) if now else None
        lines = {
            "greeting": voice.greet(name, local),
            "opening": self.tone.opening.get(language, ""),
            "ending": self.tone.ending.get(language, ""),
            "closing": voice.close(name, local),
            "signature": voice.signature,
            "disclosure": voice.disclosure or "" if self.brand.discloses_on(channel) else "",
        }
        return Frame(language, **{key: typeset(line, language) for key, line in lines.items()})

    def frame_for(self, ticket: Ticket, language: str, now: datetime) -> Frame:
        """Return the frame at the hour of the customer's last message, at *now* when the ticket does not say it."""
        sent = [message.at for message in ticket.messages if message.sender is Sender.CUSTOMER and message.at]
        name = ticket.customer.name if ticket.customer else None
        return self.frame(language, name, sent[-1] if sent else now, channel=ticket.channel)

    def voice(self, language: str) -> Voice:
        return self.brand.voice[language]

    def messages(
        self, ticket: Ticket, frame: Frame, passages: Sequence[Passage], variables: Sequence[Variable]
    ) -> tuple[ChatMessage, ...]:
        """
        Return what the chat model is sent; the same inputs give the same bytes.

        Raises:
            PromptError: The template cannot be rendered.
        """
        return render(self.text.template, self.values(ticket, frame, passages, variables))

    def values(
        self, ticket: Ticket, frame: Frame, passages: Sequence[Passage], variables: Sequence[Variable]
    ) -> dict[str, object]:
        """Return what the template may name."""
        fence = Fence(_outside_texts(ticket, passages, variables))
        language = frame.language
        return {
            "brand": {"name": self.brand.name, "about": self.brand.about},
            "tone": {"text": self.tone.text},
            "voice": {
                "register_rule": self.voice(language).register_rule(language),
                "prefer": tuple(self.voice(language).prefer.items()),
                "avoid": self.voice(language).avoid,
            },
            "language": {"code": language, "name": NAMES.get(language, language)},
            "fence": fence.token,
            "no_answer": NO_ANSWER,
            "frame": _frame_block(fence, frame),
            "passages": _passage_block(fence, passages),
            "variables": _variable_block(fence, variables),
            "conversation": _conversation_block(fence, ticket),
        }


@lru_cache(maxsize=128)
def build_prompt(text: PromptText, label: str | None) -> Prompt:
    """Return the prompt that *text* makes; PromptError when one of its files is broken."""
    check_template(text.template)
    brand = parse_brand(text.brand_id, text.brand)
    return Prompt(text, brand, parse_tone(text.tone_id, text.tone), label)


def _outside_texts(ticket: Ticket, passages: Sequence[Passage], variables: Sequence[Variable]) -> list[str]:
    return [
        ticket.subject or "",
        *(message.text for message in ticket.messages),
        *(part for passage in passages for part in (passage.title, passage.heading, passage.text)),
        *(variable.text for variable in variables),
    ]


def _frame_block(fence: Fence, frame: Frame) -> str:
    lines = [f"{key}: {getattr(frame, key)}" for key in FRAME_KEYS if getattr(frame, key)]
    return fence.hold("frame", "\n".join(lines), language=frame.language)


def _passage_block(fence: Fence, passages: Sequence[Passage]) -> str:
    return "\n".join(
        fence.hold("passage", passage.text, id=str(number), title=passage.title, heading=passage.heading)
        for number, passage in enumerate(passages, start=1)
    )


def _variable_block(fence: Fence, variables: Sequence[Variable]) -> str:
    if not variables:
        return ""
    lines = (f"{variable.description or variable.name}: {variable.text}" for variable in variables)
    return fence.hold("variables", "\n".join(lines))


def _conversation_block(fence: Fence, ticket: Ticket) -> str:
    subject = [fence.hold("subject", ticket.subject)] if ticket.subject else []
    return "\n".join([*subject, *(_message_block(fence, message) for message in ticket.messages)])


def _message_block(fence: Fence, message: Message) -> str:
    # A model that sees images gets them below, in this order; any other must know that something is missing.
    notes = [fence.hold("attachment", "[image not shown, unless it follows below]") for _ in message.attachments]
    return "\n".join([fence.hold("message", message.text, sender=message.sender.value), *notes])
