"""A reply while it is being written: what is known so far, and the logged reply that it would make now."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from service.domain import (
    ChatModelRef,
    Decision,
    Exchange,
    Finding,
    Handoff,
    LoggedReply,
    Passage,
    Reason,
    ReasonCode,
    Reply,
    ReplyState,
    Sentence,
    Setting,
    Ticket,
    Timings,
    Usage,
    new_id,
)
from service.prompting.language import typeset
from service.prompting.prompts import Frame, Prompt
from service.prompting.templates.rendering import ChatMessage
from service.prompting.variables.declared import Variable
from service.replies.decision import Notes, decide
from service.replies.guards.markup import clean
from service.replies.guards.suspicion import Suspicion
from service.replies.handoff import summary
from service.replies.models.calls import ChatCall, Ending, Tally
from service.reply_log.once import RequestKey
from service.reply_log.receipts import new_salt

NOT_CALLED = ChatModelRef(provider="none", name="none")


@dataclass(slots=True)
class Stopwatch:
    """Adds up milliseconds by stage on the monotonic clock."""

    started: float = field(default_factory=time.perf_counter)
    retrieval: float = 0.0
    checks: float = 0.0
    chat_model: float = 0.0

    def timings(self) -> Timings:
        total = (time.perf_counter() - self.started) * 1000
        stages = {"retrieval": self.retrieval, "chat_model": self.chat_model, "checks": self.checks, "total": total}
        return Timings(**{stage: round(spent, 2) for stage, spent in stages.items()})


@dataclass(slots=True, kw_only=True)
class Draft:
    ticket: Ticket
    prompt: Prompt
    language: str
    question: str
    variables: tuple[Variable, ...]
    finding: Finding
    watch: Stopwatch
    id: str = field(default_factory=lambda: new_id("rep_"))
    salt: str = field(default_factory=new_salt)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    messages: tuple[ChatMessage, ...] = ()
    chat_model: ChatModelRef = NOT_CALLED
    handoff_topic: str | None = None
    """The brand's subject for which a person is asked, if any."""
    raw: str = ""
    sentences: list[Sentence] = field(default_factory=list)
    suspicion: Suspicion = field(default_factory=Suspicion)
    notes: Notes = field(default_factory=Notes)
    """What speaks against simply sending it."""
    usage: Usage = field(default_factory=Usage)
    exchange: Exchange | None = None
    streamed: bool = True
    """Whether the reader gets each sentence at once; who reads the reply whole has seen nothing until its end."""
    key: RequestKey | None = None
    """What a repetition of the request would name; None when nobody may repeat it."""
    tally: Tally = field(default_factory=Tally)
    """Who was asked, and what it cost."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """The values behind the placeholders of ticket and variables."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """The service's own that shape the reply."""

    @property
    def frame(self) -> Frame:
        return self.prompt.frame_for(self.ticket, self.language, self.created_at)

    @property
    def passages(self) -> list[Passage]:
        """In the order in which the prompt numbers them, from 1."""
        return [found.passage for found in self.finding.passages]

    @property
    def text(self) -> str:
        """What has been let out so far."""
        return "".join(sentence.before + sentence.text for sentence in self.sentences)

    def call(self) -> ChatCall:
        """Return what the chat model is asked."""
        return ChatCall(
            brand=self.prompt.brand.id,
            budget_usd=self.prompt.brand.budget_usd_per_day,
            messages=self.messages,
            sampling=self.prompt.sampling,
            chat_models=self.prompt.chat_models,
            images=self.ticket.images,
            may_restart=lambda: not (self.streamed and self.sentences),
            tally=self.tally,
        )

    def note(self, code: ReasonCode, detail: str, leads_to: Decision = Decision.REVIEW) -> None:
        """Note a reason; *detail* is for people and never holds the customer's words."""
        self.notes.add(code, detail, leads_to)

    def restart(self, notes: Notes) -> None:
        """Forget what was written, and go back to *notes*: another attempt begins."""
        self.raw = ""
        self.sentences.clear()
        self.notes = notes.copy()

    def end(self, ending: Ending) -> None:
        """Take over how the chat model ended."""
        self.chat_model, self.usage, self.exchange = ending.ref, ending.usage, ending.exchange
        if not ending.images_shown:
            self.note(ReasonCode.IMAGE_NOT_SHOWN, "The chat model was not shown the ticket's images.")
        if ending.refused:
            leads_to = Decision.REVIEW if self.sentences else Decision.HANDOFF
            self.note(
                ReasonCode.MODEL_REFUSED, "The chat model, or its provider's filter, refused to answer.", leads_to
            )

    def logged(self, state: ReplyState, error: str | None = None) -> LoggedReply:
        """Return the reply as it stands, decided; a handoff offers no text. The log adds the receipt."""
        finding = self.finding
        decision, reasons = decide(self.notes, self.prompt.brand, self.sentences, finding.answerability, state)
        handed = decision is Decision.HANDOFF
        sentences = () if handed else tuple(self.sentences)
        reply = Reply(
            id=self.id,
            created_at=self.created_at,
            state=state,
            brand=self.ticket.brand,
            language=self.language,
            question=self.question,
            text="" if handed else self.text,
            sentences=sentences,
            passages=finding.passages,
            answerability=finding.answerability,
            decision=decision,
            reasons=reasons,
            handoff=self._handoff(reasons) if handed else None,
            prompt=self.prompt.ref,
            chat_model=self.chat_model,
            generation=finding.generation,
            usage=replace(self.usage, cost_usd=self.tally.cost_usd),
            timings_ms=self.watch.timings(),
            receipt="",
        )
        return LoggedReply(
            reply=reply,
            ticket=self.ticket,
            chat_messages=tuple((message.role, message.content) for message in self.messages),
            raw_output=clean(self.raw),
            finished_at=None if state is ReplyState.PENDING else datetime.now(UTC),
            error=error,
            attempts=tuple(self.tally.attempts),
            # A reply that failed or was cut off has no ending, but what was sent for it is known.
            exchange=self.exchange or self.tally.exchange,
            salt=self.salt,
            settings=self.settings,
            personal=self.personal,
        )

    def _handoff(self, reasons: tuple[Reason, ...]) -> Handoff:
        return Handoff(
            reason=reasons[0].code,
            summary=summary(self.prompt.brand, self.ticket, self.question, self.finding, reasons),
            message=typeset(self.prompt.voice(self.language).handoff_message(self.handoff_topic), self.language),
        )
