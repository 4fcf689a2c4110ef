"""One row for each reply, and the way between a row and the domain's values."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, Column, Float, Index, Integer, String, Table, Text

from service.database import UtcDateTime, metadata
from service.domain import (
    Attempt,
    ChatModelRef,
    Decision,
    Handoff,
    LoggedReply,
    PromptRef,
    Reason,
    RelevantPassage,
    Reply,
    ReplyState,
    Sentence,
    Ticket,
    Timings,
    Usage,
)

replies = Table(
    "replies",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("state", String(20), nullable=False),
    Column("brand", String(100), nullable=False),
    Column("ticket_id", String(200)),
    Column("ticket", JSON, nullable=False),
    Column("variables", JSON, nullable=False),
    Column("language", String(10), nullable=False),
    Column("question", Text, nullable=False),
    Column("prompt_version", String(12), nullable=False),
    Column("prompt_label", String(100)),
    Column("tone", String(100), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("answerability", Float, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("chat_model_provider", String(100), nullable=False),
    Column("chat_model_name", String(200), nullable=False),
    Column("chat_messages", JSON),
    Column("raw_output", Text),
    Column("text", Text, nullable=False),
    Column("sentences", JSON, nullable=False),
    Column("decision", String(20)),
    Column("reasons", JSON, nullable=False),
    Column("handoff", JSON),
    Column("usage", JSON, nullable=False),
    Column("timings_ms", JSON, nullable=False),
    Column("receipt", String(80), nullable=False),
    Column("error_type", String(100)),
    Column("attempts", JSON),
    Index("ix_replies_brand", "brand", "id"),
    Index("ix_replies_state", "state"),
)

_TICKET = TypeAdapter(Ticket)
_PASSAGES = TypeAdapter(tuple[RelevantPassage, ...])
_SENTENCES = TypeAdapter(tuple[Sentence, ...])
_REASONS = TypeAdapter(tuple[Reason, ...])
_HANDOFF = TypeAdapter(Handoff | None)
_USAGE = TypeAdapter(Usage)
_ATTEMPTS = TypeAdapter(tuple[Attempt, ...])
_TIMINGS = TypeAdapter(Timings)


def to_row(logged: LoggedReply) -> dict[str, Any]:
    reply, ticket = logged.reply, logged.ticket
    return {
        "id": reply.id,
        "created_at": reply.created_at,
        "finished_at": logged.finished_at,
        "state": reply.state.value,
        "brand": reply.brand,
        "ticket_id": ticket.id,
        "ticket": _TICKET.dump_python(ticket, mode="json", exclude={"variables"}),
        "variables": dict(ticket.variables),
        "language": reply.language,
        "question": reply.question,
        "prompt_version": reply.prompt.version,
        "prompt_label": reply.prompt.label,
        "tone": reply.prompt.tone,
        "generation": reply.generation,
        "answerability": reply.answerability,
        "passages": _PASSAGES.dump_python(reply.passages, mode="json"),
        "chat_model_provider": reply.chat_model.provider,
        "chat_model_name": reply.chat_model.name,
        "chat_messages": [list(message) for message in logged.chat_messages],
        "raw_output": logged.raw_output,
        "text": reply.text,
        "sentences": _SENTENCES.dump_python(reply.sentences, mode="json"),
        "decision": reply.decision.value,
        "reasons": _REASONS.dump_python(reply.reasons, mode="json"),
        "handoff": _HANDOFF.dump_python(reply.handoff, mode="json"),
        "usage": _USAGE.dump_python(reply.usage, mode="json"),
        "timings_ms": _TIMINGS.dump_python(reply.timings_ms, mode="json"),
        "receipt": reply.receipt,
        "error_type": logged.error,
        "attempts": _ATTEMPTS.dump_python(logged.attempts, mode="json"),
    }


def from_row(row: Mapping[str, Any]) -> LoggedReply:
    reply = Reply(
        id=row["id"],
        created_at=row["created_at"],
        state=ReplyState(row["state"]),
        brand=row["brand"],
        language=row["language"],
        question=row["question"],
        text=row["text"],
        sentences=_SENTENCES.validate_python(row["sentences"]),
        passages=_PASSAGES.validate_python(row["passages"]),
        answerability=row["answerability"],
        decision=Decision(row["decision"]),
        reasons=_REASONS.validate_python(row["reasons"]),
        handoff=_HANDOFF.validate_python(row["handoff"]),
        prompt=PromptRef(
            version=row["prompt_version"], label=row["prompt_label"], brand=row["brand"], tone=row["tone"]
        ),
        chat_model=ChatModelRef(provider=row["chat_model_provider"], name=row["chat_model_name"]),
        generation=row["generation"],
        usage=_USAGE.validate_python(row["usage"]),
        timings_ms=_TIMINGS.validate_python(row["timings_ms"]),
        receipt=row["receipt"],
    )
    return LoggedReply(
        reply=reply,
        ticket=_TICKET.validate_python({**row["ticket"], "variables": row["variables"]}),
        chat_messages=tuple((role, content) for role, content in row["chat_messages"] or ()),
        raw_output=row["raw_output"] or "",
        finished_at=row["finished_at"],
        error=row["error_type"],
        attempts=_ATTEMPTS.validate_python(row["attempts"] or ()),
    )
