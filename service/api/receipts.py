"""Receipts and reproductions as the API writes them."""

import hashlib
import json
from collections import Counter
from typing import Any

from pydantic import BaseModel, Field

from service.domain import LoggedReply, Setting
from service.errors import PromptError
from service.prompting.brands import parse_brand
from service.prompting.prompts import PromptText
from service.replies.reproducing import Comparison, Reproduction
from service.reply_log.receipts import settings_hash
from service.reply_log.records import part_texts

_POLICY = {
    "unsupported", "send", "handoff_topics", "links", "contacts", "personal_data", "budget_usd_per_day", "chat_models",
    "sampling", "labels", "disclosure_channels",
}  # fmt: skip


class ReceiptOut(BaseModel):
    """What a reply was made of, part by part, as SHA-256 in hex."""

    reply: str
    receipt: str
    prompt: dict[str, str] = Field(description="Version, and the hashes of template, brand and tone.")
    settings: str | None = Field(description="Of `shaped_by`; null in receipts of before settings were recorded.")
    shaped_by: dict[str, Setting] = Field(description="The service's settings that shaped the reply, by name.")
    policy: str | None = Field(description="What the brand lets leave and hands over; null when its file is too old.")
    parts: dict[str, str] = Field(description="Ticket, variables, sentences and the rest; empty once erased.")
    passages: dict[str, str] = Field(description="By passage id, in the prompt's order.")
    request: str | None = Field(description="The exact bytes that the chat model was sent; null when not called.")
    response: str | None
    chat_model: str
    attempts: list[dict[str, Any]] = Field(description="Who was asked, in order, and why it was not the answer.")
    gates: dict[str, Any] = Field(description="What the checks said: decision, reasons, and sentences by support.")
    generation: int
    proof: dict[str, Any] = Field(description="What scripts/verify_proof.py checks without a database.")

    @classmethod
    def of(cls, logged: LoggedReply, text: PromptText, proof: dict[str, Any]) -> "ReceiptOut":
        reply, exchange = logged.reply, logged.exchange
        return cls(
            reply=reply.id,
            receipt=reply.receipt,
            prompt={
                "version": text.version,
                "template": _hash(text.template),
                "brand": _hash(text.brand),
                "tone": _hash(text.tone),
            },
            settings=settings_hash(logged.settings),
            shaped_by=dict(logged.settings),
            policy=_policy(text),
            parts={} if logged.erased_at else {name: _hash(part) for name, part in part_texts(logged).items()},
            passages={found.passage.id: _hash(found.passage.text) for found in reply.passages},
            request=hashlib.sha256(exchange.request).hexdigest() if exchange else None,
            response=hashlib.sha256(exchange.response).hexdigest() if exchange else None,
            chat_model=f"{reply.chat_model.provider}:{reply.chat_model.name}",
            attempts=[
                {"chat_model": f"{each.provider}:{each.name}", "error": each.error, "took_ms": each.took_ms}
                for each in logged.attempts
            ],
            gates={
                "decision": reply.decision.value,
                "reasons": [reason.code.value for reason in reply.reasons],
                "supports": dict(Counter(sentence.support.value for sentence in reply.sentences)),
                "answerability": reply.answerability,
            },
            generation=reply.generation,
            proof=proof,
        )


class ComparisonOut(BaseModel):
    logged: str
    rebuilt: str | None
    holds: bool

    @classmethod
    def of(cls, comparison: Comparison) -> "ComparisonOut":
        return cls(logged=comparison.logged, rebuilt=comparison.rebuilt, holds=comparison.holds)


class ReproductionOut(BaseModel):
    reply: str
    holds: bool = Field(description="Whether everything that can be compared is equal, byte for byte.")
    request: ComparisonOut | None = Field(description="The request to the chat model; null when there was to be none.")
    text: ComparisonOut | None = Field(description="The reply, if it is a whole extract or a verified answer.")
    obstacle: str | None
    changed: list[str] = Field(description="Settings that shape a reply and are others now than then.")

    @classmethod
    def of(cls, made: Reproduction) -> "ReproductionOut":
        return cls(
            reply=made.reply_id,
            holds=made.holds,
            request=ComparisonOut.of(made.request) if made.request else None,
            text=ComparisonOut.of(made.text) if made.text else None,
            obstacle=made.obstacle,
            changed=list(made.changed),
        )


def _policy(text: PromptText) -> str | None:
    """Return the hash of the brand's rules on what a reply may say and who sends it, whatever its voice."""
    try:
        brand = parse_brand(text.brand_id, text.brand)
    except PromptError:
        return None
    policy = brand.model_dump(mode="json", include=_POLICY)
    return _hash(json.dumps(policy, ensure_ascii=False, sort_keys=True))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
