"""A reply while it is being written: what is known so far, and the logged reply that it would make now."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from service.domain import (
    ChatModelRef,
    Decision,
    Finding,
    Handoff,
    LoggedReply,
    Reason,
    ReasonCode,
    Reply,
    ReplyState,
    Sentence,
    Ticket,
    Timings,
    Usage,
    new_id,
)
from service.prompting.prompts import Prompt
from service.prompting.templates import ChatMessage
from service.prompting.variables import Variable
from service.replies.decision import decide
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
    foreign: int = 0
    """Sentences left out for an address that nothing backs."""
    usage: Usage = field(default_factory=Usage)

    def logged(self, state: ReplyState, handoff: Reason | None = None, error: str | None = None) -> LoggedReply:
        """Return the reply as it stands, decided; a handoff offers no text. The log adds the receipt."""
        sentences = () if handoff else tuple(self.sentences)
        decision, reasons = self._decide(state, handoff)
        reply = Reply(
            id=self.id,
            created_at=self.created_at,
            state=state,
            brand=self.ticket.brand,
            language=self.language,
            question=self.question,
            text="".join(sentence.before + sentence.text for sentence in sentences),
            sentences=sentences,
            passages=self.finding.passages,
            answerability=self.finding.answerability,
            decision=decision,
            reasons=reasons,
            handoff=self._handoff(handoff) if handoff else None,
            prompt=self.prompt.ref,
            chat_model=self.chat_model,
            generation=self.finding.generation,
            usage=self.usage,
            timings_ms=self.watch.timings(),
            receipt="",
        )
        return LoggedReply(
            reply=reply,
            ticket=self.ticket,
            chat_messages=tuple((message.role, message.content) for message in self.messages),
            raw_output=self.raw,
            finished_at=None if state is ReplyState.PENDING else datetime.now(UTC),
            error=error,
            salt=self.salt,
        )

    def _decide(self, state: ReplyState, handoff: Reason | None) -> tuple[Decision, tuple[Reason, ...]]:
        if handoff:
            return Decision.HANDOFF, (handoff,)
        return decide(self.prompt.brand, self.sentences, self.finding.answerability, state, self.foreign)

    def _handoff(self, reason: Reason) -> Handoff:
        message = self.prompt.voice(self.language).handoff_message(self.handoff_topic)
        return Handoff(reason=reason.code, summary=self._summary(reason), message=message)

    def _summary(self, reason: Reason) -> str:
        """Tell the agent what is asked, why it was handed over, and what the knowledge base came nearest with."""
        nearest = [
            found.passage.title for found in self.finding.passages if reason.code is not ReasonCode.HANDOFF_TOPIC
        ]
        looked = f" Nearest articles: {'; '.join(dict.fromkeys(nearest[:3]))}." if nearest else ""
        return f"The customer asks: {self.question[:400]}\n{reason.detail}{looked}"
