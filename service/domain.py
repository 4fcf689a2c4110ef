"""The words of the product, as values: what travels from a ticket to a logged reply. Imports nothing from service."""

import hashlib
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

Setting: TypeAlias = str | int | float | bool | None
"""A value of one of the service's settings."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_making = threading.Lock()
_newest = [0]


def new_id(prefix: str) -> str:
    """Return *prefix* and a ULID: 26 characters, unguessable, and in the order of making within this process."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    with _making:
        # Within a millisecond, or when the clock goes back, an id is the one before and a random step.
        number = _newest[0] = max(number, _newest[0] + 1 + secrets.randbits(60))
    return prefix + "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


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


class Audience(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A document of a brand's knowledge base, as read from a file."""

    brand: str
    source: str
    """Stable within the brand: the path below the ingested folder, with `/`; rows of a table add `#<row key>`."""
    title: str
    text: str
    """Markdown."""
    language: str | None = None
    url: str | None = None
    audience: Audience = Audience.PUBLIC
    product: str | None = None
    updated: date | None = None
    owner: str | None = None
    expires: date | None = None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of everything about the article that a reply can show."""
        parts = (
            self.brand, self.source, self.title, self.text, self.language, self.url, self.audience.value, self.product,
            self.updated, self.owner, self.expires,
        )  # fmt: skip
        return hashlib.sha256("\x1f".join("" if part is None else str(part) for part in parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The piece of an article that retrieval returns."""

    id: str
    """`psg_` and 24 hex digits of the SHA-256 of brand, article, heading path, text and its occurrence."""
    brand: str
    article: str
    """The article's source."""
    title: str
    heading: str
    """The headings above the passage, outermost first, joined by " › "; empty above the first heading."""
    text: str
    """Markdown, a slice of the article's text; citations point into it by code point."""
    position: int
    """0 for the article's first passage."""
    start: int
    """Offset of the passage in the article's text, in code points."""
    language: str | None = None
    url: str | None = None
    audience: Audience = Audience.PUBLIC

    @staticmethod
    def make_id(brand: str, article: str, heading: str, text: str, occurrence: int = 0) -> str:
        """Return the stable id; *occurrence* tells apart equal texts under one heading of one article."""
        key = "\x1f".join((brand, article, heading, text, str(occurrence)))
        return "psg_" + hashlib.sha256(key.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """The state of one brand's knowledge base after one ingest."""

    brand: str
    number: int
    """1 for the first ingest; 0 means that nothing was ingested yet."""
    created_at: datetime
    articles: int
    passages: int
    restores: int | None = None
    """The earlier generation that a rollback brought back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevantPassage:
    passage: Passage
    relevance: float
    """Nearness to the question in [0, 1]; comparable within one finding and across questions, not across embeddings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the knowledge base has for a question."""

    passages: tuple[RelevantPassage, ...]
    """Most relevant first; empty when none qualifies."""
    answerability: float
    """Calibrated probability in [0, 1] that these passages answer the question; 0 when there are none."""
    generation: int


class Support(StrEnum):
    """How a sentence is backed."""

    QUOTED = "quoted"
    ENTAILED = "entailed"
    VARIABLE = "variable"
    COURTESY = "courtesy"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    passage: str
    """The passage's id."""
    article: str
    title: str
    url: str | None
    quote: str
    """Exactly `passage.text[start:end]`."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    text: str
    before: str
    """The white space since the sentence before; `before + text` of all sentences, joined, is the reply."""
    support: Support
    citations: tuple[Citation, ...] = ()
    unbacked: tuple[str, ...] = ()
    """Figures, dates, amounts, codes, addresses as written here that neither a near passage nor a variable says."""


class Decision(StrEnum):
    SEND = "send"
    REVIEW = "review"
    HANDOFF = "handoff"


class ReasonCode(StrEnum):
    """
    Why a reply is not simply sent, the weightiest first. Documented in README, "Decisions and reasons".

    A reply has all that hold, in this order.
    """

    CUSTOMER_IN_DANGER = "customer_in_danger"
    HANDOFF_TOPIC = "handoff_topic"
    LEGAL_THREAT = "legal_threat"
    PERSON_REQUESTED = "person_requested"
    LANGUAGE_NOT_OFFERED = "language_not_offered"
    MODEL_FAILED = "model_failed"
    MODEL_REFUSED = "model_refused"
    BUDGET_SPENT = "budget_spent"
    NO_PASSAGES = "no_passages"
    NO_ANSWER = "no_answer"
    PROMPT_LEAK = "prompt_leak"
    INJECTION_SUSPECTED = "injection_suspected"
    COMMITMENT = "commitment"
    FOREIGN_LINK = "foreign_link"
    UNBACKED_FIGURE = "unbacked_figure"
    UNSUPPORTED_SENTENCE = "unsupported_sentence"
    VARIABLE_MISSING = "variable_missing"
    IMAGE_NOT_SHOWN = "image_not_shown"
    WRONG_LANGUAGE = "wrong_language"
    WRONG_REGISTER = "wrong_register"
    AVOIDED_WORD = "avoided_word"
    WRONG_FRAME = "wrong_frame"
    ANSWERS_DISAGREE = "answers_disagree"
    VULNERABLE_CUSTOMER = "vulnerable_customer"
    ANGRY_CUSTOMER = "angry_customer"
    LOW_ANSWERABILITY = "low_answerability"
    NO_CITATION = "no_citation"
    INCOMPLETE = "incomplete"
    SEND_OFF = "send_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    code: ReasonCode
    detail: str
    """For people; never the customer's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    reason: ReasonCode
    summary: str
    """For the agent who takes over: what is asked, what was tried."""
    message: str
    """What the brand may tell the customer meanwhile; never a promise that someone is available."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRef:
    """Which prompt wrote a reply."""

    version: str
    label: str | None
    brand: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatModelRef:
    provider: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the chat model's provider reports them; None when it reports none."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds by stage; a stage that was not reached is 0."""

    retrieval: float = 0.0
    chat_model: float = 0.0
    checks: float = 0.0
    total: float = 0.0


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


class ReplyState(StrEnum):
    PENDING = "pending"
    FINISHED = "finished"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    CUT_OFF = "cut_off"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What Aplomb offers for a ticket."""

    id: str
    created_at: datetime
    state: ReplyState
    brand: str
    language: str
    question: str
    text: str
    """Ready to send; empty when the decision is `handoff`."""
    sentences: tuple[Sentence, ...]
    passages: tuple[RelevantPassage, ...]
    answerability: float
    decision: Decision
    reasons: tuple[Reason, ...]
    handoff: Handoff | None
    prompt: PromptRef
    chat_model: ChatModelRef
    generation: int
    usage: Usage
    timings_ms: Timings
    receipt: str
    """`sha256:` and the hash of the frozen record from which the reply can be rebuilt."""

    def cites(self, passage_id: str) -> bool:
        return any(citation.passage == passage_id for sentence in self.sentences for citation in sentence.citations)


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
