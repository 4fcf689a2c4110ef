"""How near a passage is to a question: several views of it, made comparable, in one sum."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain import Audience
from service.knowledge.finding.closeup import pair_scores, spelling_scores, word_scores
from service.knowledge.finding.lexical import Question
from service.knowledge.finding.shelf import Shelf

Scores = NDArray[np.float32]

FEATURES = ("meaning", "heading", "words", "pairs", "spelling", "coverage", "substance", "kinship", "company")
"""
Cosine; BM25 of title, headings and address; BM25 of words, of neighbours and of runs of letters among the candidates;
the share of the question's words that is there at all; whether there are enough words for an answer; cosine to what the
best by these seven say; how many candidates the article has.
"""
WEIGHTS = np.array([0.95, 0.4, 0.63, 0.3, 0.44, 0.3, 0.4, 0.65, 0.15], np.float32)
"""The same everywhere: fitted on six sets in two languages at once, each set counting the same (see README)."""
_OWN = 7
"""The first views look at a passage alone, the others at its company."""
_ENOUGH = 20
"""Content words from which on a passage is as good as a longer one; a splitter's tiny passage has about as many."""
_KIN = 3
_KIN_FALL = 2.0
"""The best candidates that speak for their kin, and the distance in score over which a voice falls to 37 %."""


@dataclass(frozen=True, slots=True)
class Search:
    question: str
    language: str | None
    vector: NDArray[np.float32] | None
    model: str
    """Id of the embeddings that the vector is from."""
    nearest: tuple[int, ...] | None
    """Rows nearest by meaning; None lets the shelf look for them."""
    audience: Audience
    limit: int
    """How many passages a finding has at most."""
    breadth: int
    """How many candidates keyword search adds."""
    thorough: bool = False
    """Whether the candidates behind the limit are looked at too, to be explained."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The rows worth a look, and their views: standard deviations above the usual of this question in this base."""

    rows: NDArray[np.int64]
    features: NDArray[np.float32]
    """(row, feature), in the order of FEATURES."""
    cosines: Scores
    """To the question, of each row's nearest window; 0 without vectors."""
    keywords: Scores
    """BM25 in the whole base."""

    @property
    def scores(self) -> Scores:
        return self.features @ WEIGHTS


def candidates(shelf: Shelf, question: Question, search: Search) -> Candidates:
    """Return the best visible rows by keywords and the nearest by meaning, with all their views."""
    visible = shelf.visible(search.audience)
    whole = shelf.lexical.whole.scores(question.weights)
    headed = shelf.lexical.headed.scores(question.weights)
    keyed = _best(whole, visible, search.breadth)
    rows = np.unique(np.append(keyed, np.array(_nearest(shelf, search, visible), np.int64)))
    if not len(rows):
        nothing = np.zeros(0, np.float32)
        return Candidates(rows, np.zeros((0, len(FEATURES)), np.float32), nothing, nothing)
    cosines = np.zeros(len(rows), np.float32) if search.vector is None else shelf.cosines(search.vector, rows)
    listed = rows.tolist()
    worded, covered = word_scores(shelf.lexical, question, listed)
    views = (
        _nearness(shelf, search.vector, cosines),
        # In units of all keywords: where few passages have headings at all, their own deviation would be tiny.
        (headed[rows] - headed[visible].mean()) / max(float(headed[visible].std()), float(whole[visible].std()), 1e-6),
        _standardised(worded),
        _standardised(pair_scores(shelf.lexical, question, listed)),
        _standardised(spelling_scores(shelf.lexical, question, listed)),
        _standardised(covered),
        _substance(shelf, rows),
    )
    own = np.stack(views, axis=1).astype(np.float32)
    among = (_kinship(shelf, rows, own @ WEIGHTS[:_OWN]), _company(shelf, listed))
    return Candidates(rows, np.column_stack((own, *among)), cosines, whole[rows])


def _nearest(shelf: Shelf, search: Search, visible: NDArray[np.bool_]) -> tuple[int, ...]:
    if search.nearest is not None:
        return search.nearest
    return () if search.vector is None else shelf.nearest(search.vector, visible, search.breadth)


def _substance(shelf: Shelf, rows: NDArray[np.int64]) -> Scores:
    """
    Return 0 for *rows* with words enough under their headings, the less below 0 the fewer they have.

    Keyword search and vectors both favour the few words that only repeat the question.
    """
    own = shelf.lexical.whole.lengths[rows] - shelf.lexical.headed.lengths[rows]
    return np.asarray(np.log1p(np.minimum(own, _ENOUGH)) - np.log1p(_ENOUGH), np.float32)


def _kinship(shelf: Shelf, rows: NDArray[np.int64], scores: Scores) -> Scores:
    """Return how near *rows* are to the mean of the best of them (Rocchio's feedback), on the scale of all meaning."""
    best = np.argsort(-scores, kind="stable")[:_KIN]
    voices = np.exp((scores[best] - scores[best[0]]) / _KIN_FALL)
    said = voices @ np.stack([shelf.meaning(row) for row in rows[best]])
    said = np.asarray(said / max(float(np.linalg.norm(said)), 1e-6), np.float32)
    return _nearness(shelf, said, shelf.cosines(said, rows))


def _company(shelf: Shelf, rows: Sequence[int]) -> Scores:
    """Return the logarithm of how many of *rows* are of the same article, standardised."""
    articles = [shelf.passages[row].article for row in rows]
    count = Counter(articles)
    return _standardised(np.log(np.array([count[article] for article in articles], np.float32)))


def _best(scores: Scores, visible: NDArray[np.bool_], limit: int) -> NDArray[np.int64]:
    """Return the rows of the *limit* highest positive scores, in no order."""
    rows = np.flatnonzero(visible & (scores > 0))
    if len(rows) <= limit:
        return rows
    return rows[np.argpartition(-scores[rows], limit)[:limit]]


def _standardised(scores: Scores) -> Scores:
    """Return *scores* in standard deviations above their mean."""
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-6), np.float32)


def _nearness(shelf: Shelf, vector: NDArray[np.float32] | None, cosines: Scores) -> Scores:
    if vector is None:
        return cosines
    mean, deviation = shelf.usual_nearness(vector)
    return (cosines - mean) / max(deviation, 1e-6)
