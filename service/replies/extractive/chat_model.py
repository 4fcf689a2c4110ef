"""The extractive chat model: answers offline with the passages' own sentences, in the frame that the prompt gives."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
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
from service.replies.extractive.extracts import Extract, extracts, is_item
from service.replies.extractive.selection import Asked, by_words, select
from service.replies.question.asking import questions
from service.replies.question.condensing import condense
from service.replies.text.words import content_stems

EXTRACTIVE = "extractive"
NAME = "extractive-1"

_BLOCK = re.compile(
    r"<(?P<name>frame|passage|variables|message|subject)-(?P<fence>[0-9a-f]{8})(?P<attributes>[^>\n]*)>\n"
    r"(?P<text>.*?)\n</(?P=name)-(?P=fence)>",
    re.DOTALL,
)
_WEIGHED = 8
"""Extracts that are embedded, those nearest by their words; embedding is most of the time."""
_WORDS_WEIGHED = 60
"""What an extract says first tells what it is about."""
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
    whole = _question(blocks)
    asked = [Asked(each, whole, _language(blocks), topics, {}) for each in questions(whole)]
    groups = select(await _with_nearness(asked, candidates, embeddings), candidates)
    if not any(groups):
        return NO_ANSWER
    return _write(dict(_frame_lines(blocks)), [*filter(None, map(_body, groups)), *_facts(blocks, whole, groups)])


async def _with_nearness(asked: Sequence[Asked], candidates: Sequence[Extract], embeddings: Embedder) -> list[Asked]:
    """Return the questions with the cosines of the extracts that are nearest by their words."""
    if not candidates:
        return list(asked)
    ranked = [by_words(each, candidates) for each in asked]
    weighed = list(dict.fromkeys(each for row in zip(*ranked, strict=True) for each in row))[:_WEIGHED]
    titles = {number: topic.split("\n")[0] for number, topic in asked[0].topics.items()}
    texts = [". ".join(filter(None, (titles[each.passage], each.heading, each.text))) for each in weighed]
    vectors = await embeddings.embed([each.question for each in asked] + [_shortened(text) for text in texts])
    cosines = vectors[: len(asked)] @ vectors[len(asked) :].T
    return [
        replace(each, nearness=dict(zip(weighed, row.tolist(), strict=True)))
        for each, row in zip(asked, cosines, strict=True)
    ]


def _shortened(text: str) -> str:
    return " ".join(text.split()[:_WORDS_WEIGHED])


def _facts(blocks: Sequence[_Block], asked: str, groups: Sequence[Sequence[Extract]]) -> Iterator[str]:
    """Yield a sentence for each variable that the customer asks about or the answer speaks of."""
    language = _language(blocks)
    spoken = " ".join((asked, *(extract.text for group in groups for extract in group)))
    said = set(content_stems(spoken, language))
    for line in (line for block in blocks if block.name == "variables" for line in block.text.splitlines()):
        description, _, value = line.partition(": ")
        about = set(content_stems(description, language))
        if value and about and 2 * len(about & said) > len(about):
            colon = "\u00a0: " if language == "fr" else ": "
            yield description + colon + value + ("" if "://" in value else ".")


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


def _write(frame: dict[str, str], paragraphs: Sequence[str]) -> str:
    after_opening = "\n\n" if paragraphs and is_item(paragraphs[0]) else " "
    body = after_opening.join(filter(None, (frame.get("opening"), "\n\n".join(paragraphs))))
    signed = "\n".join(filter(None, (frame.get("closing"), frame.get("signature"))))
    parts = (frame.get("greeting"), body, frame.get("ending"), signed, frame.get("disclosure"))
    return "\n\n".join(filter(None, parts))


def _body(chosen: Sequence[Extract]) -> str:
    """Write sentences one after the other, and a list as a paragraph of its own, after its lead-in if it has one."""
    written = ""
    for extract in chosen:
        lines = "\n".join(f"{line} [{extract.passage}]" for line in extract.lines)
        is_list = len(extract.lines) > 1
        begins = "\n\n" if is_list and is_item(lines) else ""
        written = f"{written.rstrip(' ') if begins else written}{begins}{lines}" + ("\n\n" if is_list else " ")
    return written.strip()


def _usage(messages: Sequence[BaseMessage], text: str) -> Any:  # noqa: ANN401 - LangChain's TypedDict
    asked = sum(len(str(message.content).split()) for message in messages)
    wrote = len(text.split())
    return {"input_tokens": asked, "output_tokens": wrote, "total_tokens": asked + wrote}
