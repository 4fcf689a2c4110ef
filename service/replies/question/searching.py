"""Searches for all that a ticket asks: the whole question, and each of its questions, in one generation."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Protocol

from service.domain import Finding, RelevantPassage
from service.replies.question.asking import questions

_TRIES = 3


class Finder(Protocol):
    async def find(self, brand: str, question: str, *, language: str | None = None) -> Finding: ...


async def search(finder: Finder, brand: str, question: str, language: str) -> Finding:
    """
    Return what the knowledge base has for *question*, and in turn for each question in it when there are several.

    Answerability is the whole's, or the least of its questions' where that is more: four easy questions together look
    like none of the articles. Raises what *finder* raises.
    """
    parts = questions(question)
    if len(parts) == 1:
        return await finder.find(brand, question, language=language)
    for _ in range(_TRIES):
        asked = (finder.find(brand, each, language=language) for each in (question, *parts))
        whole, *found = await asyncio.gather(*asked)
        # An ingest may have come between two of them; passages of two generations never stand in one reply.
        if all(each.generation == whole.generation for each in found):
            return _together(whole, found)
    return whole


def _together(whole: Finding, found: Sequence[Finding]) -> Finding:
    limit = max(len(each.passages) for each in (whole, *found))
    answerability = max(whole.answerability, min(each.answerability for each in found))
    return replace(whole, passages=tuple(_taken([*found, whole], limit)), answerability=answerability)


def _taken(found: Sequence[Finding], limit: int) -> list[RelevantPassage]:
    """Return at most *limit* passages, the best of each finding first; what another one holds already is left out."""
    taken: list[RelevantPassage] = []
    for passage in _in_turn(found):
        if len(taken) < limit and not any(passage.passage.text in each.passage.text for each in taken):
            taken.append(passage)
    return taken


def _in_turn(found: Sequence[Finding]) -> Iterator[RelevantPassage]:
    rows = zip_longest(*(each.passages for each in found))
    return (passage for passage in chain.from_iterable(rows) if passage is not None)
