"""The probability that the passages found answer the question: a logistic sum of the evidence, fitted beforehand."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.knowledge.finding.evidence import EVIDENCE, KEYWORD_EVIDENCE

COEFFICIENTS = Path(__file__).with_name("answerability.json")
"""Written by scripts/fit_answerability.py."""
_FALL = 4.0
"""Distance in score over which relevance falls to 37 %, as the share of right articles does on the judged sets."""
_SMALL_BASE = 250
_PER_DOUBLING = 0.8
_MOST_DOUBLINGS = 3.0
"""
Questions about other subjects (the far ones of fr_offtopic_cnil, dev) have a median log-odds of 0.12 and -0.20 on the
demo bases of 250 passages, 1.15 on cnil_fr with 612 and 1.78 on servicepublic_fr with 2 147; their own questions, on
these two, 3.75 and 4.93.
"""
KEYWORDS = "keywords"
"""Name of the coefficients for when no vectors speak, or those of a model that nothing was fitted for."""


@dataclass(frozen=True, slots=True)
class Logistic:
    intercept: float
    weights: NDArray[np.float64]
    """In the order of EVIDENCE; 0 for what is not used."""

    def probability(self, figures: NDArray[np.float64], less: float = 0.0) -> float:
        total = float(self.intercept + self.weights @ figures) - less
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def answerability(figures: NDArray[np.float64], model: str | None, passages: int) -> float:
    """
    Return the probability in [0, 1] from the evidence.

    *model* is the id of the embeddings, None without any; *passages* is the size of the base.
    """
    fitted = _fitted()
    return fitted.get(model or KEYWORDS, fitted[KEYWORDS]).probability(figures, handicap(passages))


def handicap(passages: int) -> float:
    """Return what a base's size takes off the evidence: among many passages, one is near by chance."""
    doublings = math.log2(max(passages, 1) / _SMALL_BASE)
    return _PER_DOUBLING * max(0.0, min(_MOST_DOUBLINGS, doublings))


def relevance(score: float, best: float, answered: float) -> float:
    """
    Return a passage's relevance in [0, 1]: the finding's answerability for the *best*, less for what scores lower.

    Scores alone are not comparable across bases; how probable it is that a passage answers falls with its distance.
    """
    return answered * math.exp((score - best) / _FALL)


def names(model: str) -> tuple[str, ...]:
    """Return the evidence that the coefficients of *model* use."""
    return KEYWORD_EVIDENCE if model == KEYWORDS else EVIDENCE


@cache
def _fitted() -> dict[str, Logistic]:
    content = json.loads(COEFFICIENTS.read_text("utf-8"))
    return {
        model: Logistic(entry["intercept"], np.array([entry["weights"].get(name, 0.0) for name in EVIDENCE]))
        for model, entry in content["models"].items()
    }
