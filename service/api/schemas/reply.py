"""The JSON of a reply, with its sentences and what each rests on."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from service.api.schemas.finding import PassageOut
from service.domain import Citation, Reply, Sentence


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
