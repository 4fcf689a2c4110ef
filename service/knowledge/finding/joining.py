"""Joins neighbouring passages of one article: what a reader would read in one go is one passage again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from service.domain import Passage, RelevantPassage
from service.knowledge.splitting.splitting import HEADINGS, shared_depth


@dataclass(frozen=True, slots=True)
class Joined:
    relevant: RelevantPassage
    parts: tuple[str, ...]
    """Ids of the passages that it is made of, in the order of the article: one is a passage that has no neighbour."""


def joined(found: Sequence[RelevantPassage]) -> tuple[Joined, ...]:
    """
    Return *found* with neighbours joined, each at the place and with the relevance of its most relevant part.

    A joined passage has an id of its own, made of its text as every passage's is; replies and receipts keep it whole.
    """
    places = {each.passage.id: place for place, each in enumerate(found)}
    wholes = [_in_one(run) for run in _runs(found)]
    return tuple(sorted(wholes, key=lambda whole: min(places[part] for part in whole.parts)))


def _runs(found: Sequence[RelevantPassage]) -> Iterator[list[RelevantPassage]]:
    """Yield the passages in runs of neighbours, each in the order of the article."""
    ordered = sorted(found, key=lambda each: (each.passage.article, each.passage.position))
    # Along neighbours, position minus place stays the same.
    for _, run in groupby(enumerate(ordered), lambda at: (at[1].passage.article, at[1].passage.position - at[0])):
        yield [each for _, each in run]


def _in_one(run: Sequence[RelevantPassage]) -> Joined:
    parts = tuple(each.passage.id for each in run)
    if len(run) == 1:
        return Joined(run[0], parts)
    passage = _one([each.passage for each in run])
    return Joined(RelevantPassage(passage=passage, relevance=max(each.relevance for each in run)), parts)


def _one(parts: Sequence[Passage]) -> Passage:
    """Return *parts* under the headings that they share, each below those that only it has."""
    paths = [part.heading.split(HEADINGS) if part.heading else [] for part in parts]
    shared = shared_depth(*paths)
    heading = HEADINGS.join(paths[0][:shared])
    text = "\n\n".join(
        block for path, run in _sections(parts, paths) for block in (*_heading_line(path[shared:]), *run)
    )
    key = Passage.make_id(parts[0].brand, parts[0].article, heading, text)
    return replace(parts[0], id=key, heading=heading, text=text)


def _sections(parts: Sequence[Passage], paths: Sequence[list[str]]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each path once for the neighbours under it, with their texts."""
    for path, run in groupby(zip(paths, parts, strict=True), key=itemgetter(0)):
        yield path, [part.text for _, part in run]


def _heading_line(own: Sequence[str]) -> list[str]:
    return [f"### {HEADINGS.join(own)}"] if own else []
