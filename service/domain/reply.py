"""What is offered for a ticket, sentence by sentence, and whether it may be sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.knowledge import RelevantPassage


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
