"""The probability that a passage entails a sentence: a logistic sum of features, fitted beforehand."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.replies.grounding.evidence import FEATURES, Evidence

COEFFICIENTS = Path(__file__).with_name("entailment.json")
"""Written by scripts/fit_entailment.py."""


@dataclass(frozen=True, slots=True)
class Scorer:
    intercept: float
    weights: tuple[float, ...]
    """In the order of FEATURES."""
    threshold: float
    """Probability from which a sentence counts as entailed."""

    def probability(self, features: tuple[float, ...]) -> float:
        total = self.intercept + sum(weight * each for weight, each in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def entails(self, evidence: Evidence) -> bool:
        """Whether the window entails the sentence: nothing contradicts it, and it is probable enough."""
        return self.probability(evidence.features) >= self.threshold and not evidence.contradicts


@cache
def scorer() -> Scorer:
    content = json.loads(COEFFICIENTS.read_text("utf-8"))
    return Scorer(
        content["intercept"], tuple(content["weights"].get(name, 0.0) for name in FEATURES), content["threshold"]
    )
