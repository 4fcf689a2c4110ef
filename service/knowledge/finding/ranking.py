"""From candidates to a finding: what is dropped, and why, what stays, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from service.domain import Finding, Passage, RelevantPassage
from service.knowledge.finding.answerability import answerability, relevance
from service.knowledge.finding.duplicates import Duplicates
from service.knowledge.finding.evidence import evidence
from service.knowledge.finding.joining import joined
from service.knowledge.finding.scoring import FEATURES, Candidates, Search, candidates
from service.knowledge.finding.shelf import Shelf
from service.knowledge.wording.words import guess_language

OTHER_LANGUAGE_COSTS = 1.5
"""Taken from the score of a passage in another language than the question's: about one view's standard deviation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    passage: Passage
    scores: Mapping[str, float]
    """By view, in standard deviations above this question's usual, and their weighted sum as `fused`."""
    relevance: float
    dropped: str | None
    """Why it is not in the finding; None when it is."""
    part_of: str | None = None
    """Id of the finding's passage that it was joined into with its neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    finding: Finding
    candidates: tuple[Candidate, ...]
    """All that were looked at, most relevant first."""


def explained(shelf: Shelf, search: Search) -> Explanation:
    """Return the finding of *search* on *shelf* with its candidates."""
    question = shelf.lexical.question(search.question, search.language)
    found = candidates(shelf, question, search)
    scores = found.scores - _language_costs(shelf, found, question.language)
    if not len(found.rows):
        return Explanation(finding=Finding(passages=(), answerability=0.0, generation=shelf.generation), candidates=())
    model = None if search.vector is None else search.model
    answered = answerability(evidence(shelf, question, found, scores), model, len(shelf.rows))
    looked_at = _judged(shelf, search, found, scores, answered)
    chosen = tuple(
        RelevantPassage(passage=candidate.passage, relevance=candidate.relevance)
        for candidate in looked_at
        if candidate.dropped is None
    )
    wholes = joined(chosen)
    owners = {part: whole.relevant.passage.id for whole in wholes if len(whole.parts) > 1 for part in whole.parts}
    return Explanation(
        finding=Finding(
            passages=tuple(whole.relevant for whole in wholes), answerability=answered, generation=shelf.generation
        ),
        candidates=tuple(replace(each, part_of=owners.get(each.passage.id)) for each in looked_at),
    )


def _judged(
    shelf: Shelf, search: Search, found: Candidates, scores: NDArray[np.float32], answered: float
) -> tuple[Candidate, ...]:
    judged = []
    best = float(scores.max())
    kept = 0
    duplicates = Duplicates()
    for place in np.argsort(-scores, kind="stable"):
        row = found.rows[place]
        passage = shelf.passages[row]
        if kept >= search.limit and not search.thorough:
            break
        if kept >= search.limit:
            dropped: str | None = "limit"
        elif twin := duplicates.of(passage, shelf.lexical.said(row)):
            dropped = f"duplicate of {twin}"
        else:
            dropped, kept = None, kept + 1
        views = dict(zip(FEATURES, found.features[place].tolist(), strict=True)) | {"fused": float(scores[place])}
        near = relevance(float(scores[place]), best, answered)
        judged.append(Candidate(passage=passage, scores=views, relevance=near, dropped=dropped))
    return tuple(judged)


def _language_costs(shelf: Shelf, found: Candidates, language: str | None) -> NDArray[np.float32]:
    if language is None or len(shelf.lexical.languages) < 2:  # noqa: PLR2004
        return np.zeros(len(found.rows), np.float32)
    own = [shelf.passages[row].language or guess_language(shelf.passages[row].text) for row in found.rows]
    return np.array([OTHER_LANGUAGE_COSTS * (other not in (None, language)) for other in own], np.float32)
