"""The extractive chat model: answers offline with the passages' own sentences, in the frame that the prompt gives."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from numpy.typing import NDArray
from pydantic import ConfigDict, SkipValidation

from service.domain import Message, Sender, Ticket
from service.prompting.prompts import NO_ANSWER
from service.replies.extracts import Extract, extracts
from service.replies.question import condense
from service.replies.selection import Asked, select

EXTRACTIVE = "extractive"
NAME = "extractive-1"

_BLOCK = re.compile(
    r"<(?P<name>frame|passage|message|subject)-(?P<fence>[0-9a-f]{8})(?P<attributes>[^>\n]*)>\n"
    r"(?P<text>.*?)\n</(?P=name)-(?P=fence)>",
    re.DOTALL,
)
_WEIGHED = 16
"""Extracts that are embedded: the first of each passage, the better passages' more; embedding is most of the time."""
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class Embedder(Protocol):
    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class ExtractiveChatModel(BaseChatModel):
    """
    A LangChain chat model without a network and without randomness.

    It reads the same prompt as every other chat model and finds its parts by their fences; equal prompts give equal
    replies. Tokens are counted as words, since no tokeniser is involved.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    embeddings: SkipValidation[Embedder]

    @property
    def _llm_type(self) -> str:
        return EXTRACTIVE

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 - LangChain's signature
        **_: Any,  # noqa: ANN401 - LangChain's signature
    ) -> ChatResult:
        return asyncio.run(self._agenerate(messages, stop))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002 - LangChain's signature
        **_: Any,  # noqa: ANN401 - LangChain's signature
    ) -> ChatResult:
        text = await _compose(messages, self.embeddings)
        message = AIMessage(
            content=text, usage_metadata=_usage(messages, text), response_metadata={"finish_reason": "stop"}
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002 - LangChain's signature
        **_: Any,  # noqa: ANN401 - LangChain's signature
    ) -> AsyncIterator[ChatGenerationChunk]:
        text = await _compose(messages, self.embeddings)
        for line in text.splitlines(keepends=True):
            yield ChatGenerationChunk(message=AIMessageChunk(content=line))
        last = AIMessageChunk(
            content="",
            usage_metadata=_usage(messages, text),
            response_metadata={"finish_reason": "stop"},
            chunk_position="last",
        )
        yield ChatGenerationChunk(message=last)


@dataclass(frozen=True, slots=True)
class _Block:
    name: str
    attributes: dict[str, str]
    text: str


async def _compose(messages: Sequence[BaseMessage], embeddings: Embedder) -> str:
    blocks = list(_blocks("\n".join(str(message.content) for message in messages)))
    passages = {int(block.attributes["id"]): block for block in blocks if block.name == "passage"}
    candidates = [extract for number, block in passages.items() for extract in extracts(number, block.text)]
    topics = {number: _topic(block) for number, block in passages.items()}
    question = _question(blocks)
    nearness = await _nearness(question, candidates, topics, embeddings)
    chosen = select(Asked(question, _language(blocks), topics, nearness), candidates)
    return _write(dict(_frame_lines(blocks)), chosen) if chosen else NO_ANSWER


async def _nearness(
    question: str, candidates: Sequence[Extract], topics: dict[int, str], embeddings: Embedder
) -> dict[Extract, float]:
    """Return the cosine of the question and each of the first extracts below their titles; 0 says nothing of others."""
    if not candidates:
        return {}
    weighed = sorted(candidates, key=lambda each: (each.position + 3 * each.passage, each.passage))[:_WEIGHED]
    titles = {number: topic.split("\n")[0] for number, topic in topics.items()}
    vectors = await embeddings.embed([question, *(f"{titles[each.passage]}. {each.text}" for each in weighed)])
    return dict(zip(weighed, (vectors[1:] @ vectors[0]).tolist(), strict=True))


def _blocks(prompt: str) -> Iterator[_Block]:
    """Yield the fenced blocks; the first fence named is the prompt's own, any other stands inside outside text."""
    first = _BLOCK.search(prompt)
    fence = first["fence"] if first else ""
    for found in _BLOCK.finditer(prompt):
        if found["fence"] == fence:
            yield _Block(found["name"], dict(_ATTRIBUTE.findall(found["attributes"])), found["text"])


def _frame_lines(blocks: Sequence[_Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if block.name == "frame":
            for line in block.text.splitlines():
                key, _, words = line.partition(": ")
                yield key, words


def _language(blocks: Sequence[_Block]) -> str:
    return next((block.attributes["language"] for block in blocks if block.name == "frame"), "")


def _topic(passage: _Block) -> str:
    return f"{passage.attributes.get('title', '')}\n{passage.attributes.get('heading', '')}"


def _question(blocks: Sequence[_Block]) -> str:
    messages = tuple(
        Message(sender=Sender(block.attributes["sender"]), text=block.text)
        for block in blocks
        if block.name == "message"
    )
    subject = next((block.text for block in blocks if block.name == "subject"), None)
    return condense(Ticket(brand="", messages=messages, subject=subject))


def _write(frame: dict[str, str], chosen: Sequence[Extract]) -> str:
    body = " ".join(filter(None, (frame.get("opening"), _body(chosen))))
    signed = "\n".join(filter(None, (frame.get("closing"), frame.get("signature"))))
    parts = (frame.get("greeting"), body, frame.get("ending"), signed, frame.get("disclosure"))
    return "\n\n".join(filter(None, parts))


def _body(chosen: Sequence[Extract]) -> str:
    """Write sentences one after the other, and a list on lines of its own."""
    written = ""
    for extract in chosen:
        lines = "\n".join(f"{line} [{extract.passage}]" for line in extract.lines)
        written += lines + ("\n" if len(extract.lines) > 1 else " ")
    return written.strip()


def _usage(messages: Sequence[BaseMessage], text: str) -> Any:  # noqa: ANN401 - LangChain's TypedDict
    asked = sum(len(str(message.content).split()) for message in messages)
    wrote = len(text.split())
    return {"input_tokens": asked, "output_tokens": wrote, "total_tokens": asked + wrote}
