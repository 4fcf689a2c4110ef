"""The LangChain chain: one Runnable for every chat model, streamed within a deadline; a library's error stops here."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableLambda

from service.domain import ChatModelRef, Usage
from service.errors import ChatModelError
from service.prompting.brands import Sampling
from service.prompting.templates import ChatMessage

_WHOLE = frozenset({"stop", "end_turn", "STOP"})
"""Finish reasons of OpenAI, Anthropic and Google that mean: the model said all it wanted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the chat model's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How the chat model's text ended."""

    whole: bool
    """False when it stopped at a limit, or when the stream broke off without a finish reason."""
    usage: Usage


class ReplyChain:
    """Messages in, pieces of text out, whichever chat model is configured."""

    def __init__(self, chat_model: BaseChatModel, ref: ChatModelRef, timeout_s: float, *, takes_sampling: bool) -> None:
        """`takes_sampling` is False for a chat model without parameters, such as the extractive one."""
        self.ref = ref
        self._chat_model = chat_model
        self._timeout_s = timeout_s
        self._takes_sampling = takes_sampling
        self._to_messages: Runnable[Sequence[ChatMessage], list[BaseMessage]] = RunnableLambda(_to_messages)

    async def stream(self, messages: Sequence[ChatMessage], sampling: Sampling) -> AsyncGenerator[Piece | Ending]:
        """
        Yield pieces as they come, then exactly one Ending.

        Raises:
            ChatModelError: The chat model refused, failed, or was not done within the deadline.
        """
        parameters = sampling.model_dump(exclude_none=True) if self._takes_sampling else {}
        chain = self._to_messages | self._chat_model.bind(**parameters)
        gathered: AIMessageChunk | None = None
        try:
            async with asyncio.timeout(self._timeout_s):
                async for chunk in chain.astream(messages):
                    gathered = _add(gathered, chunk)
                    if chunk.text:
                        yield Piece(chunk.text)
        except TimeoutError as exc:
            raise ChatModelError(f"The chat model was not done after {self._timeout_s:g} seconds.") from exc
        except (
            Exception
        ) as exc:  # SDKs let errors of JSON, of httpx and of their own escape; all end here, by their type.
            raise ChatModelError(f"The chat model failed: {type(exc).__name__}.") from exc
        yield _ending(gathered)


def _to_messages(messages: Sequence[ChatMessage]) -> list[BaseMessage]:
    kinds: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage}
    return [kinds[message.role](content=message.content) for message in messages]


def _add(gathered: AIMessageChunk | None, chunk: Any) -> AIMessageChunk:  # noqa: ANN401 - what a Runnable yields
    if not isinstance(chunk, AIMessageChunk):
        raise ChatModelError("The chat model answered with something that is no message.")
    return chunk if gathered is None else gathered + chunk


def _ending(gathered: AIMessageChunk | None) -> Ending:
    if gathered is None:
        return Ending(whole=False, usage=Usage())
    metadata = gathered.response_metadata
    reason = metadata.get("finish_reason") or metadata.get("stop_reason")
    reported = gathered.usage_metadata
    usage = (
        Usage(prompt_tokens=reported["input_tokens"], completion_tokens=reported["output_tokens"])
        if reported
        else Usage()
    )
    return Ending(whole=reason in _WHOLE, usage=usage)
