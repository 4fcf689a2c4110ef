"""Reads a chat model's stream ahead of whoever uses it: pieces that are there already are joined into one."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from openai import AsyncStream

_MOST_AHEAD = 1024
"""Pieces that may wait; a reader that is so far ahead waits too."""


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None


class ReadAhead:
    """
    The chunks of a stream in OpenAI's form, as plain JSON; an asynchronous context that hangs up at its end.

    LangChain makes several objects of each chunk, whatever it holds. A model that is faster than we are, or an answer
    that stood in the network's buffers, is read in a few; one word at a time arrives as one word at a time.
    """

    def __init__(self, stream: "AsyncStream[object]") -> None:
        self._stream = stream
        self._read: asyncio.Queue[object] = asyncio.Queue(_MOST_AHEAD)

    async def __aenter__(self) -> Self:
        self._reader = asyncio.create_task(self._read_all())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await asyncio.wait([self._reader])
        await self._stream.close()

    async def __aiter__(self) -> AsyncIterator[object]:
        while True:
            chunks = [await self._read.get()]
            while not self._read.empty():
                chunks.append(self._read.get_nowait())
            end = chunks.pop() if isinstance(chunks[-1], _End) else None
            for chunk in joined(chunks):
                yield chunk
            if isinstance(end, _End):
                if end.error:
                    raise end.error
                return

    async def _read_all(self) -> None:
        error = None
        try:
            async for chunk in self._stream:
                await self._read.put(chunk)
        except Exception as exc:  # noqa: BLE001 - whoever reads gets it, after what came before
            error = exc
        await self._read.put(_End(error))


def joined(chunks: Sequence[object]) -> Iterator[object]:
    """Yield *chunks*, with those that only say more text joined to the one before them."""
    told = ((chunk, text_of(chunk)) for chunk in chunks)
    for only_says, run in groupby(told, lambda each: each[1] is not None):
        of_a_kind = list(run)
        if only_says:
            yield _saying("".join(text for _, text in of_a_kind if text), of_a_kind[0][0])
        else:
            yield from (chunk for chunk, _ in of_a_kind)


def text_of(chunk: object) -> str | None:
    """Return the text of a chunk that says nothing else, None for any other."""
    match chunk:
        case {"choices": [{"delta": {"content": str() as text, **also}, **choice}], **whole}:
            beside = [value for key, value in also.items() if key != "role"]
            others = (whole.get("usage"), *map(choice.get, ("index", "finish_reason", "logprobs")), *beside)
            return None if any(others) else text
    return None


def _saying(text: str, chunk: Any) -> object:  # noqa: ANN401 - JSON that says text
    choice = chunk["choices"][0]
    return {**chunk, "choices": [{**choice, "delta": {**choice["delta"], "content": text}}]}
