"""The probability that the passages found answer the question, from views that all languages share."""

import math

import numpy as np
from numpy.typing import NDArray

from service.knowledge.scoring import Candidates


def relevance(score: float) -> float:
    """Return a fused score as a number in [0, 1]."""
    return 1 / (1 + math.exp(-(score - 6.0) / 2.0))


def answerability(found: Candidates, scores: NDArray[np.float32]) -> float:
    """Return the probability in [0, 1]; *found* has at least one row."""
    return relevance(float(scores.max() if len(found.rows) else 0.0))
