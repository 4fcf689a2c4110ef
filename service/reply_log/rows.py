"""One row for each reply: what lists and statistics ask for in columns, and everything else in its record."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, String, Table, Text

from service.database import UtcDateTime, metadata
from service.domain import (
    ChatModelRef,
    Decision,
    LoggedReply,
    Message,
    PromptRef,
    Reason,
    ReasonCode,
    Reply,
    ReplyState,
    Sender,
    Ticket,
    Timings,
    Usage,
)
from service.reply_log.records import pack, unpack

replies = Table(
    "replies",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("state", String(20), nullable=False),
    Column("brand", String(100), nullable=False),
    Column("ticket_id", String(200)),
    Column("customer_id", String(200)),
    Column("channel", String(100)),
    Column("language", String(10), nullable=False),
    Column("tone", String(100), nullable=False),
    Column("prompt_version", String(12), nullable=False),
    Column("prompt_label", String(100)),
    Column("generation", Integer, nullable=False),
    Column("answerability", Float, nullable=False),
    Column("chat_model_provider", String(100), nullable=False),
    Column("chat_model_name", String(200), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("retrieval_ms", Float, nullable=False),
    Column("chat_model_ms", Float, nullable=False),
    Column("checks_ms", Float, nullable=False),
    Column("total_ms", Float, nullable=False),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("cost_usd", Float),
    Column("error_type", String(100)),
    Column("words", Text),
    Column("record", LargeBinary),
    Column("receipt", String(80)),
    Column("personal", Text),
    Column("erased_at", UtcDateTime),
    Index("ix_replies_brand", "brand", "id"),
    Index("ix_replies_decision", "decision", "id", "state", "reasons"),
    Index("ix_replies_ticket_id", "ticket_id"),
    Index("ix_replies_customer_id", "customer_id"),
    # All that the statistics read of a reply: they never touch the rows, which hold the records.
    Index(
        "ix_replies_statistics",
        "state",
        "created_at",
        "brand",
        "language",
        "tone",
        "prompt_version",
        "decision",
        "reasons",
        "cost_usd",
        "retrieval_ms",
        "chat_model_ms",
        "checks_ms",
        "total_ms",
        "id",
    ),
)

MAX_WORDS = 1_500
"""Characters of question and reply that a search of the log looks at."""


def to_row(logged: LoggedReply) -> dict[str, Any]:
    reply, ticket = logged.reply, logged.ticket
    return {
        "id": reply.id,
        "created_at": reply.created_at,
        "finished_at": logged.finished_at,
        "state": reply.state.value,
        "brand": reply.brand,
        "ticket_id": ticket.id,
        "customer_id": ticket.customer.id if ticket.customer else None,
        "channel": ticket.channel,
        "language": reply.language,
        "tone": reply.prompt.tone,
        "prompt_version": reply.prompt.version,
        "prompt_label": reply.prompt.label,
        "generation": reply.generation,
        "answerability": reply.answerability,
        "chat_model_provider": reply.chat_model.provider,
        "chat_model_name": reply.chat_model.name,
        "decision": reply.decision.value,
        "reasons": " ".join(reason.code.value for reason in reply.reasons),
        "retrieval_ms": reply.timings_ms.retrieval,
        "chat_model_ms": reply.timings_ms.chat_model,
        "checks_ms": reply.timings_ms.checks,
        "total_ms": reply.timings_ms.total,
        "prompt_tokens": reply.usage.prompt_tokens,
        "completion_tokens": reply.usage.completion_tokens,
        "cost_usd": reply.usage.cost_usd,
        "error_type": logged.error,
        "words": f"{ticket.subject or ''}\n{reply.question}\n{reply.text}".strip()[:MAX_WORDS],
        "record": pack(replace(logged, reply=replace(reply, receipt=""))),
        "receipt": reply.receipt or None,
        "personal": json.dumps(dict(logged.personal), ensure_ascii=False) if logged.personal else None,
        "erased_at": logged.erased_at,
    }


def from_row(row: Mapping[str, Any]) -> LoggedReply:
    """Return the logged reply; of an erased one what its columns still say, with empty words."""
    if row["record"] is None:
        return _erased(row)
    logged = unpack(row["record"])
    state = ReplyState(row["state"])
    reply = replace(logged.reply, receipt=row["receipt"] or "", state=state)
    personal = json.loads(row["personal"]) if row["personal"] else {}
    return replace(logged, reply=reply, finished_at=row["finished_at"], personal=personal)


def _erased(row: Mapping[str, Any]) -> LoggedReply:
    reply = Reply(
        id=row["id"],
        created_at=row["created_at"],
        state=ReplyState(row["state"]),
        brand=row["brand"],
        language=row["language"],
        question="",
        text="",
        sentences=(),
        passages=(),
        answerability=row["answerability"],
        decision=Decision(row["decision"]),
        reasons=tuple(Reason(code=ReasonCode(code), detail="") for code in row["reasons"].split()),
        handoff=None,
        prompt=PromptRef(
            version=row["prompt_version"], label=row["prompt_label"], brand=row["brand"], tone=row["tone"]
        ),
        chat_model=ChatModelRef(provider=row["chat_model_provider"], name=row["chat_model_name"]),
        generation=row["generation"],
        usage=Usage(
            prompt_tokens=row["prompt_tokens"], completion_tokens=row["completion_tokens"], cost_usd=row["cost_usd"]
        ),
        timings_ms=Timings(
            retrieval=row["retrieval_ms"],
            chat_model=row["chat_model_ms"],
            checks=row["checks_ms"],
            total=row["total_ms"],
        ),
        receipt=row["receipt"] or "",
    )
    return LoggedReply(
        reply=reply,
        ticket=Ticket(brand=row["brand"], messages=(Message(sender=Sender.CUSTOMER, text=""),), channel=row["channel"]),
        chat_messages=(),
        raw_output="",
        finished_at=row["finished_at"],
        error=row["error_type"],
        erased_at=row["erased_at"],
    )
