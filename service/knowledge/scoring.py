"""How near a passage is to a question: several views of it, made comparable, in one sum."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain import Audience
from service.knowledge.lexical import Question
from service.knowledge.shelf import Shelf

Scores = NDArray[np.float32]

FEATURES = ("whole", "meaning", "heading", "spelling")
"""BM25 of title, headings and text; cosine; BM25 of title and headings; BM25 of runs of letters."""
WEIGHTS = np.array([0.95, 1.5, 0.25, 1.0], np.float32)


@dataclass(frozen=True, slots=True)
class Search:
    question: str
    language: str | None
    vector: NDArray[np.float32] | None
    nearest: tuple[int, ...]
    """Rows nearest by meaning."""
    audience: Audience
    limit: int
    """How many passages a finding has at most."""
    breadth: int
    """How many candidates keyword search adds."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The rows worth a look, and their views: standard deviations above the usual of this question in this base."""

    rows: NDArray[np.int64]
    features: NDArray[np.float32]
    """(row, feature), in the order of FEATURES."""

    @property
    def scores(self) -> Scores:
        return self.features @ WEIGHTS


def candidates(shelf: Shelf, question: Question, search: Search) -> Candidates:
    """Return the best visible rows by keywords and the nearest by meaning, with all their views."""
    visible = shelf.visible(search.audience)
    whole = shelf.lexical.whole.scores(question.weights)
    headed = shelf.lexical.headed.scores(question.weights)
    keyed = _best(whole, visible, search.breadth)
    rows = np.unique(np.append(keyed, np.array(search.nearest, np.int64)))
    spelled = shelf.lexical.gram_scores(question, rows.tolist())
    views = (
        _standardised(whole, visible)[rows],
        _nearness(shelf, search.vector, rows),
        _standardised(headed, visible)[rows],
        _standardised(spelled, np.ones(len(rows), bool)),
    )
    return Candidates(rows, np.stack(views, axis=1).astype(np.float32))


def _best(scores: Scores, visible: NDArray[np.bool_], limit: int) -> NDArray[np.int64]:
    """Return the rows of the *limit* highest positive scores, in no order."""
    rows = np.flatnonzero(visible & (scores > 0))
    if len(rows) <= limit:
        return rows
    return rows[np.argpartition(-scores[rows], limit)[:limit]]


def _standardised(scores: Scores, counted: NDArray[np.bool_]) -> Scores:
    """Return *scores* less their mean, by their standard deviation, both over the rows *counted*."""
    if not counted.any():
        return np.zeros_like(scores)
    some = scores[counted]
    return np.asarray((scores - some.mean()) / max(float(some.std()), 1e-6), np.float32)


def _nearness(shelf: Shelf, vector: NDArray[np.float32] | None, rows: NDArray[np.int64]) -> Scores:
    if vector is None:
        return np.zeros(len(rows), np.float32)
    mean, deviation = shelf.usual_nearness(vector)
    return (shelf.vectors[rows] @ vector - mean) / max(deviation, 1e-6)
