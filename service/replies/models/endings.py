"""How a chat model's answer ended, in one vocabulary for all providers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from langchain_core.messages import AIMessageChunk

from service.domain import Usage


class Stop(StrEnum):
    WHOLE = "whole"
    LENGTH = "length"
    REFUSED = "refused"
    TOOL = "tool"
    UNKNOWN = "unknown"
    MISSING = "missing"
    """The stream ended without a finish reason: something between us cut it."""


_STOPS = {
    "stop": Stop.WHOLE,
    "end_turn": Stop.WHOLE,
    "stop_sequence": Stop.WHOLE,
    "length": Stop.LENGTH,
    "max_tokens": Stop.LENGTH,
    "model_context_window_exceeded": Stop.LENGTH,
    "content_filter": Stop.REFUSED,
    "refusal": Stop.REFUSED,
    "safety": Stop.REFUSED,
    "recitation": Stop.REFUSED,
    "blocklist": Stop.REFUSED,
    "prohibited_content": Stop.REFUSED,
    "spii": Stop.REFUSED,
    "tool_calls": Stop.TOOL,
    "function_call": Stop.TOOL,
    "tool_use": Stop.TOOL,
    "malformed_function_call": Stop.TOOL,
    "unexpected_tool_call": Stop.TOOL,
}


class AnswerEnd:
    """Gathers from the chunks of one answer what is not text."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._refused = False
        self._called_a_tool = False
        self._tokens: list[int | None] = [None, None]

    def add(self, chunk: AIMessageChunk) -> None:
        metadata = chunk.response_metadata
        self._reason = metadata.get("finish_reason") or metadata.get("stop_reason") or self._reason
        self._refused = self._refused or bool(chunk.additional_kwargs.get("refusal")) or _is_blocked(metadata)
        self._called_a_tool = self._called_a_tool or bool(chunk.tool_call_chunks)
        if chunk.usage_metadata:
            self._count(0, chunk.usage_metadata["input_tokens"])
            self._count(1, chunk.usage_metadata["output_tokens"])

    @property
    def stop(self) -> Stop:
        if self._refused:
            return Stop.REFUSED
        if self._called_a_tool:
            return Stop.TOOL
        return Stop.MISSING if self._reason is None else _STOPS.get(str(self._reason).lower(), Stop.UNKNOWN)

    @property
    def usage(self) -> Usage:
        return Usage(prompt_tokens=self._tokens[0], completion_tokens=self._tokens[1])

    def _count(self, place: int, tokens: int) -> None:
        """Add up: LangChain turns each provider's running totals into what a chunk adds."""
        self._tokens[place] = (self._tokens[place] or 0) + tokens


def _is_blocked(metadata: Mapping[str, Any]) -> bool:
    feedback = metadata.get("prompt_feedback")
    return bool(isinstance(feedback, Mapping) and feedback.get("block_reason"))
