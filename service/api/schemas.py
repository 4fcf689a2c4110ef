"""The JSON of the public API and how it becomes the domain's values and back."""

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from service.domain import (
    Attachment,
    Citation,
    Customer,
    Finding,
    LoggedReply,
    Message,
    RelevantPassage,
    Reply,
    Sender,
    Sentence,
    Ticket,
)
from service.knowledge.finding.ranking import Candidate
from service.replies.guards.markup import clean
from service.replies.privacy.filling import spoken
from service.reply_log.once import RequestKey

MAX_MESSAGE_CHARS = 20_000
_MAX_MESSAGES = 100


def clean_text(text: str) -> str:
    """Return *text* in NFC without control and invisible characters; ValueError for half a character."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds a lone surrogate, which is no character")
    return clean(text)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Line = Annotated[str, StringConstraints(max_length=500), AfterValidator(clean_text)]
MessageText = Annotated[
    str, StringConstraints(max_length=MAX_MESSAGE_CHARS), AfterValidator(clean_text), AfterValidator(_not_blank)
]


Id = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(clean_text)]
Channel = Annotated[str, StringConstraints(max_length=100), AfterValidator(clean_text)]


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


class CitationOut(BaseModel):
    passage: str
    article: str
    title: str
    url: str | None
    quote: str = Field(description="Exactly the passage's text from `start` to `end`, in code points.")
    start: int
    end: int

    @classmethod
    def of(cls, citation: Citation) -> "CitationOut":
        return cls.model_validate(citation, from_attributes=True)


class SentenceOut(BaseModel):
    text: str
    before: str = Field(
        description="White space since the sentence before; joined, all sentences are the reply's text."
    )
    support: Literal["quoted", "entailed", "variable", "courtesy", "unsupported"]
    citations: list[CitationOut]
    unbacked: list[str] = Field(
        default_factory=list,
        description="Figures, dates, amounts, codes and addresses that no near passage and no variable says.",
    )

    @classmethod
    def of(cls, sentence: Sentence) -> "SentenceOut":
        return cls(
            text=sentence.text,
            before=sentence.before,
            support=sentence.support.value,
            citations=[CitationOut.of(citation) for citation in sentence.citations],
            unbacked=list(sentence.unbacked),
        )


class PassageOut(BaseModel):
    id: str
    article: str
    title: str
    heading: str
    text: str
    url: str | None
    language: str | None
    relevance: float
    cited: bool | None = None

    @classmethod
    def of(cls, found: RelevantPassage, *, cited: bool | None = None) -> "PassageOut":
        passage = found.passage
        return cls(
            id=passage.id,
            article=passage.article,
            title=passage.title,
            heading=passage.heading,
            text=passage.text,
            url=passage.url,
            language=passage.language,
            relevance=round(found.relevance, 4),
            cited=cited,
        )


class ReasonOut(BaseModel):
    code: str
    detail: str


class HandoffOut(BaseModel):
    reason: str
    summary: str
    message: str


class PromptOut(BaseModel):
    version: str
    label: str | None
    brand: str
    tone: str


class ChatModelOut(BaseModel):
    provider: str
    name: str


class UsageOut(BaseModel):
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_usd: float | None


class TimingsOut(BaseModel):
    retrieval: float
    chat_model: float
    checks: float
    total: float


class ReplyOut(BaseModel):
    id: str
    created_at: datetime
    state: str
    brand: str
    text: str
    language: str
    question: str
    decision: Literal["send", "review", "handoff"]
    reasons: list[ReasonOut]
    handoff: HandoffOut | None
    sentences: list[SentenceOut]
    passages: list[PassageOut]
    answerability: float
    prompt: PromptOut
    chat_model: ChatModelOut
    generation: int
    usage: UsageOut
    timings_ms: TimingsOut
    receipt: str

    @classmethod
    def of(cls, reply: Reply) -> "ReplyOut":
        return cls(
            id=reply.id,
            created_at=reply.created_at,
            state=reply.state.value,
            brand=reply.brand,
            text=reply.text,
            language=reply.language,
            question=reply.question,
            decision=reply.decision.value,
            reasons=[ReasonOut(code=reason.code.value, detail=reason.detail) for reason in reply.reasons],
            handoff=HandoffOut.model_validate(reply.handoff, from_attributes=True) if reply.handoff else None,
            sentences=[SentenceOut.of(sentence) for sentence in reply.sentences],
            passages=[PassageOut.of(found, cited=reply.cites(found.passage.id)) for found in reply.passages],
            answerability=round(reply.answerability, 4),
            prompt=PromptOut.model_validate(reply.prompt, from_attributes=True),
            chat_model=ChatModelOut.model_validate(reply.chat_model, from_attributes=True),
            generation=reply.generation,
            usage=UsageOut.model_validate(reply.usage, from_attributes=True),
            timings_ms=TimingsOut.model_validate(reply.timings_ms, from_attributes=True),
            receipt=reply.receipt,
        )


class TicketOut(BaseModel):
    id: str | None
    channel: str | None
    subject: str | None
    messages: list[dict[str, Any]]
    customer: dict[str, str | None] | None


class ChatMessageOut(BaseModel):
    role: str
    content: str


class AttemptOut(BaseModel):
    provider: str
    name: str
    error: str | None = Field(description="What went wrong, e.g. `overloaded (503)`; null for the try that answered.")
    took_ms: float


class LoggedReplyOut(ReplyOut):
    """A reply with everything that shows why it says what it says."""

    ticket: TicketOut
    variables: dict[str, Any]
    chat_messages: list[ChatMessageOut] = Field(description="What the chat model was sent; empty when not called.")
    raw_output: str
    finished_at: datetime | None
    error: str | None
    attempts: list[AttemptOut] = Field(description="Every try at a chat model, in order; empty when none was called.")

    @classmethod
    def of_logged(cls, logged: LoggedReply) -> "LoggedReplyOut":
        ticket = logged.ticket
        return cls(
            **ReplyOut.of(spoken(logged)).model_dump(),
            ticket=TicketOut(
                id=ticket.id,
                channel=ticket.channel,
                subject=ticket.subject,
                messages=[{"from": each.sender.value, "text": each.text, "at": each.at} for each in ticket.messages],
                customer={"id": ticket.customer.id, "name": ticket.customer.name} if ticket.customer else None,
            ),
            variables=dict(ticket.variables),
            chat_messages=[ChatMessageOut(role=role, content=content) for role, content in logged.chat_messages],
            raw_output=logged.raw_output,
            finished_at=logged.finished_at,
            error=logged.error,
            attempts=[AttemptOut.model_validate(attempt, from_attributes=True) for attempt in logged.attempts],
        )


class ReplyList(BaseModel):
    replies: list[ReplyOut]
    next_cursor: str | None = Field(description="Pass it as `after` for the next page; null on the last one.")


class CandidateOut(BaseModel):
    passage: str
    article: str
    heading: str
    relevance: float
    scores: dict[str, float] = Field(description="By view, in standard deviations above this question's usual.")
    dropped: str | None = Field(description="Why it is not among the passages; null when it is.")
    part_of: str | None = Field(description="The passage that it was joined into with its neighbours in the article.")

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateOut":
        return cls(
            passage=candidate.passage.id,
            article=candidate.passage.article,
            heading=candidate.passage.heading,
            relevance=round(candidate.relevance, 4),
            scores={view: round(float(score), 3) for view, score in candidate.scores.items()},
            dropped=candidate.dropped,
            part_of=candidate.part_of,
        )


class FindingOut(BaseModel):
    generation: int
    answerability: float = Field(description="Calibrated probability that these passages answer the question.")
    passages: list[PassageOut]
    candidates: list[CandidateOut] | None = Field(default=None, description="With `explain=true` only.")

    @classmethod
    def of(cls, finding: Finding) -> "FindingOut":
        return cls(
            generation=finding.generation,
            answerability=round(finding.answerability, 4),
            passages=[PassageOut.of(found) for found in finding.passages],
        )
