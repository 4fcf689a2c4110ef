"""The three providers' streams as bytes, one event after the other."""

import json
from collections.abc import Sequence
from typing import Any

from tests.replies.models.providers import ANTHROPIC, OPENAI

_STOPS = {
    "whole": {OPENAI: "stop", ANTHROPIC: "end_turn"},
    "filtered": {OPENAI: "content_filter", ANTHROPIC: "refusal"},
    "unknown": {OPENAI: "banana", ANTHROPIC: "banana"},
    "tool": {OPENAI: "tool_calls", ANTHROPIC: "tool_use"},
    "length": {OPENAI: "length", ANTHROPIC: "max_tokens"},
}
_GOOGLE_STOPS = {"whole": "STOP", "filtered": "SAFETY", "unknown": "BANANA", "tool": "STOP", "length": "MAX_TOKENS"}


def stream(provider: str, texts: Sequence[str], stop: str | None) -> list[bytes]:
    """Return the events of an answer of *texts*; without *stop* it ends without a finish reason."""
    if provider == OPENAI:
        return _openai(texts, stop)
    return _anthropic(texts, stop) if provider == ANTHROPIC else _google(texts, stop)


def refusal(provider: str) -> list[bytes]:
    """Return a refusal without a word of answer, in the form that only this provider has."""
    if provider == OPENAI:
        return [_openai_chunk({"refusal": "I cannot."}), _openai_chunk({}, "stop"), b"data: [DONE]\n\n"]
    if provider == ANTHROPIC:
        return _anthropic([], "filtered")
    return [_event({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 9}})]


def empty(provider: str) -> list[bytes]:
    """Return an answer without choices."""
    if provider == OPENAI:
        return [_event({**_OPENAI, "choices": []}), b"data: [DONE]\n\n"]
    return _anthropic([], None) if provider == ANTHROPIC else [_event({"candidates": []})]


def tool_call(provider: str) -> list[bytes]:
    """Return the call of a tool that nobody offered."""
    if provider == OPENAI:
        function = {"name": "refund", "arguments": "{}"}
        calls = [{"index": 0, "id": "t1", "type": "function", "function": function}]
        return [_openai_chunk({"tool_calls": calls}), _openai_chunk({}, "tool_calls"), b"data: [DONE]\n\n"]
    if provider == ANTHROPIC:
        return _anthropic([], "tool", {"type": "tool_use", "id": "t1", "name": "refund", "input": {}})
    part = {"functionCall": {"name": "refund", "args": {}}}
    return [_event({"candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}]})]


_OPENAI = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}


def _openai(texts: Sequence[str], stop: str | None) -> list[bytes]:
    pieces = [_openai_chunk({"content": text}) for text in texts]
    if stop is None:
        return pieces
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    ending = [_openai_chunk({}, _STOPS[stop][OPENAI]), _event({**_OPENAI, "choices": [], "usage": usage})]
    return [*pieces, *ending, b"data: [DONE]\n\n"]


def _openai_chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    return _event({**_OPENAI, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _anthropic(texts: Sequence[str], stop: str | None, block: dict[str, Any] | None = None) -> list[bytes]:
    usage = {"input_tokens": 1000, "output_tokens": 1}
    message = {"id": "m1", "type": "message", "role": "assistant", "content": [], "model": "m", "usage": usage}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": {**message, "stop_reason": None}}]
    if texts or block:
        start = block or {"type": "text", "text": ""}
        events.append({"type": "content_block_start", "index": 0, "content_block": start})
        deltas = ({"type": "text_delta", "text": text} for text in texts)
        events += [{"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": 0})
    if stop is not None:
        delta = {"stop_reason": _STOPS[stop][ANTHROPIC], "stop_sequence": None}
        events += [{"type": "message_delta", "delta": delta, "usage": {"output_tokens": 100}}, {"type": "message_stop"}]
    return [f"event: {event['type']}\n".encode() + _event(event) for event in events]


def _google(texts: Sequence[str], stop: str | None) -> list[bytes]:
    events: list[dict[str, Any]] = [
        {"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}}]} for text in texts
    ]
    if stop is not None:
        usage = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100}
        end = {"content": {"role": "model", "parts": [{"text": ""}]}, "finishReason": _GOOGLE_STOPS[stop]}
        events.append({"candidates": [end], "usageMetadata": usage})
    return [_event(event) for event in events]


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"
