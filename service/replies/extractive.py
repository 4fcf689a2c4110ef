"""The extractive chat model: answers offline with the passages' own sentences, in the frame that the prompt gives."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from service.domain import Message, Sender, Ticket
from service.prompting.prompts import NO_ANSWER
from service.replies.extracts import Extract, extracts
from service.replies.question import condense
from service.replies.selection import select

EXTRACTIVE = "extractive"
NAME = "extractive-1"

_BLOCK = re.compile(
    r"<(?P<name>frame|passage|message|subject)-(?P<fence>[0-9a-f]{8})(?P<attributes>[^>\n]*)>\n"
    r"(?P<text>.*?)\n</(?P=name)-(?P=fence)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class ExtractiveChatModel(BaseChatModel):
    """
    A LangChain chat model without a network and without randomness.

    It reads the same prompt as every other chat model and finds its parts by their fences; equal prompts give equal
    replies. Tokens are counted as words, since no tokeniser is involved.
    """

    @property
    def _llm_type(self) -> str:
        return EXTRACTIVE

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 - LangChain's signature
        **_: Any,  # noqa: ANN401 - LangChain's signature
    ) -> ChatResult:
        text = _compose(messages)
        message = AIMessage(text, usage_metadata=_usage(messages, text), response_metadata={"finish_reason": "stop"})
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002 - LangChain's signature
        **_: Any,  # noqa: ANN401 - LangChain's signature
    ) -> AsyncIterator[ChatGenerationChunk]:
        text = _compose(messages)
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


def _compose(messages: Sequence[BaseMessage]) -> str:
    blocks = list(_blocks("\n".join(str(message.content) for message in messages)))
    frame = dict(_frame_lines(blocks))
    passages = [block for block in blocks if block.name == "passage"]
    candidates = [extract for block in passages for extract in extracts(int(block.attributes["id"]), block.text)]
    titles = {int(block.attributes["id"]): _topic(block) for block in passages}
    chosen = select(_question(blocks), candidates, titles)
    return _write(frame, chosen) if chosen else NO_ANSWER


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


def _topic(passage: _Block) -> str:
    return f"{passage.attributes.get('title', '')} {passage.attributes.get('heading', '')}"


def _question(blocks: Sequence[_Block]) -> str:
    messages = tuple(
        Message(sender=Sender(block.attributes["sender"]), text=block.text)
        for block in blocks
        if block.name == "message"
    )
    subject = next((block.text for block in blocks if block.name == "subject"), None)
    return condense(Ticket(brand="", messages=messages, subject=subject))


def _write(frame: dict[str, str], chosen: Sequence[Extract]) -> str:
    paragraphs = ["\n".join(filter(None, (frame.get("greeting"),)))]
    paragraphs.append(" ".join(filter(None, (frame.get("opening"), ""))) + _body(chosen, bool(frame.get("opening"))))
    paragraphs.append(frame.get("ending", ""))
    paragraphs.append("\n".join(filter(None, (frame.get("closing"), frame.get("signature")))))
    return "\n\n".join(filter(None, paragraphs))


def _body(chosen: Sequence[Extract], opened: bool) -> str:
    written = ""
    for extract in chosen:
        lines = "\n".join(f"{line} [{extract.passage}]" for line in extract.lines)
        if written:
            written += "\n" if len(extract.lines) > 1 and written.endswith("\n") else " "
        written += lines + ("\n" if len(extract.lines) > 1 else "")
    return (" " if opened else "") + written.strip()


def _usage(messages: Sequence[BaseMessage], text: str) -> Any:  # noqa: ANN401 - LangChain's TypedDict
    asked = sum(len(str(message.content).split()) for message in messages)
    wrote = len(text.split())
    return {"input_tokens": asked, "output_tokens": wrote, "total_tokens": asked + wrote}
