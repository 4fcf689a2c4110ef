import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import AsyncStream

from service.replies.models.read_ahead import ReadAhead, joined, text_of

TEXTS = st.text(max_size=5)
PIECES = TEXTS.map(lambda text: _chunk({"content": text}))
OTHERS = st.one_of(
    st.just({"choices": [], "usage": {"total_tokens": 3}}),
    st.sampled_from(["stop", "length"]).map(lambda reason: _chunk({}, finish_reason=reason)),
    TEXTS.map(lambda text: _chunk({"content": text}, finish_reason="stop")),
    TEXTS.map(lambda text: _chunk({"content": text, "refusal": "no"})),
    TEXTS.map(lambda text: _chunk({"content": text}, index=1)),
    st.recursive(st.none() | st.booleans() | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)),
)


def _chunk(delta: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": "c1", "choices": [{"index": 0, "delta": delta, "finish_reason": None, **more}]}


class Scripted:
    """Gives chunks without waiting, and then fails or waits for ever; knows whether it was closed."""

    def __init__(self, chunks: Sequence[object], *, fails: bool = False, hangs: bool = False) -> None:
        self._chunks, self._fails, self._hangs = chunks, fails, hangs
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[object]:
        for chunk in self._chunks:
            yield chunk
        if self._fails:
            raise ConnectionError("cut")
        if self._hangs:
            await asyncio.Event().wait()

    async def close(self) -> None:
        self.closed = True


def _ahead(scripted: Scripted) -> ReadAhead:
    return ReadAhead(cast("AsyncStream[object]", scripted))


@settings(deadline=None)
@given(st.lists(PIECES | OTHERS))
def test_joining_keeps_every_word_and_every_sign_in_its_place(chunks: list[object]) -> None:
    """The text is the same, what says more than text comes through untouched, and no two pieces of text are left."""
    found = list(joined(chunks))
    assert _told(found) == _told(chunks)
    says = [text_of(chunk) is not None for chunk in found]
    assert not any(left and right for left, right in pairwise(says))


def _told(chunks: list[object]) -> list[object]:
    told: list[object] = [""]
    for chunk in chunks:
        text = text_of(chunk)
        if text is None:
            told += [chunk, ""]
        else:
            told[-1] = f"{told[-1]}{text}"
    return told


async def test_an_error_comes_after_what_was_said_before_it() -> None:
    """A connection that breaks off loses none of the words that had arrived."""
    pieces = [_chunk({"content": word}) for word in ("Within ", "14 ", "days")]
    heard: list[str | None] = []

    async def listen() -> None:
        async with _ahead(scripted) as chunks:
            async for chunk in chunks:
                heard.append(text_of(chunk))  # noqa: PERF401 - what was heard before the error counts

    scripted = Scripted(pieces, fails=True)
    with pytest.raises(ConnectionError):
        await listen()
    assert heard == ["Within 14 days"]
    assert scripted.closed


async def test_who_stops_reading_hangs_up() -> None:
    """A reader that goes away in the middle leaves no task and no open stream behind."""
    scripted = Scripted([_chunk({"content": "Within"})], hangs=True)
    async with _ahead(scripted) as chunks:
        async for _ in chunks:
            break
    assert scripted.closed
    assert asyncio.all_tasks() == {asyncio.current_task()}
