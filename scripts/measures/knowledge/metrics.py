"""How good a ranking is, against graded judgements; every figure lies in [0, 1]."""

import math
from collections.abc import Mapping, Sequence

Grades = Mapping[str, int]
"""Article → grade; what is not there, or 0, is not relevant."""


def ndcg(ranking: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Return the discounted gain of the first *depth* by the best possible; gain is the grade, as in trec_eval."""
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth]
    gained = _discounted([max(grades.get(article, 0), 0) for article in ranking[:depth]])
    return gained / _discounted(ideal) if ideal else 0.0


def hit(ranking: Sequence[str], grades: Grades, depth: int) -> float:
    """Return 1 when a relevant article is among the first *depth*."""
    return float(any(grades.get(article, 0) > 0 for article in ranking[:depth]))


def recall(ranking: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Return the share of the relevant articles among the first *depth*."""
    relevant = {article for article, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Return 1 by the rank of the first relevant article, 0 when it is not among the first *depth*."""
    ranks = (rank for rank, article in enumerate(ranking[:depth], 1) if grades.get(article, 0) > 0)
    return next((1 / rank for rank in ranks), 0.0)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Return how often a positive's value is above a negative's, ties counting half."""
    ranked = sorted([(value, 1) for value in positives] + [(value, 0) for value in negatives])
    if not positives or not negatives:
        return math.nan
    total = 0.0
    start = 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        total += (start + end + 1) / 2 * sum(label for _, label in ranked[start:end])
        start = end
    count = len(positives)
    return (total - count * (count + 1) / 2) / (count * len(negatives))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which *share* of *values* lies (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
