"""Asks a judged set's questions of the product's own finder, and says how good and how sure the answers are."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.measures.knowledge import judged, metrics
from scripts.measures.knowledge.temporary_base import finder_of
from scripts.measures.replies import conversing
from service.domain import Audience
from service.knowledge.embedding.embeddings import Embeddings
from service.knowledge.finding.retrieval import PassageFinder

DEPTH = 50
"""Passages asked for a question, so that ten articles are among them."""

HANDED_OFF = 0.4
"""The product's own threshold of answerability (settings, `min_answerability`)."""


@dataclass(frozen=True, slots=True)
class Answer:
    ranking: tuple[str, ...]
    """Articles, best first."""
    answerability: float
    took_ms: float


async def measure(judged_set: judged.JudgedSet, model: Embeddings) -> dict[str, float]:
    """Ingest the set through the product's own path, ask its questions, and return the figures."""
    async with finder_of(judged_set.articles, judged_set.name, model, limit=DEPTH) as finder:
        await finder.find(judged_set.name, "warm")
        answers = {key: await _ask(finder, judged_set.name, text) for key, text in judged_set.questions.items()}
    return _figures(judged_set, answers)


async def condensed(
    judged_set: judged.JudgedSet, asked: Mapping[str, conversing.Texts], model: Embeddings
) -> dict[str, float]:
    """Ingest the set and ask its questions in every way."""
    async with finder_of(judged_set.articles, judged_set.name, model, limit=DEPTH) as finder:
        return await conversing.measure(finder, judged_set, asked)


async def abstention(
    judged_set: judged.JudgedSet, others: Mapping[str, list[str]], model: Embeddings
) -> dict[str, float]:
    """Ask the set's own questions and, by label, others; return AUROCs and shares below the product's threshold."""
    async with finder_of(judged_set.articles, judged_set.name, model, limit=1) as finder:
        asked = {"own": list(judged_set.questions.values())} | dict(others)
        chances = {
            label: [(await _ask(finder, judged_set.name, text)).answerability for text in texts]
            for label, texts in asked.items()
        }
    figures = {f"auroc_{label}": metrics.auroc(chances["own"], chances[label]) for label in others}
    return figures | {
        f"handed_off_{label}": _mean([float(each < HANDED_OFF) for each in chances[label]]) for label in asked
    }


async def _ask(finder: PassageFinder, brand: str, question: str) -> Answer:
    start = time.perf_counter()
    finding = await finder.find(brand, question, audience=Audience.INTERNAL)
    took_ms = (time.perf_counter() - start) * 1000
    articles = dict.fromkeys(relevant.passage.article for relevant in finding.passages)
    return Answer(tuple(articles), finding.answerability, took_ms)


def _figures(judged_set: judged.JudgedSet, answers: Mapping[str, Answer]) -> dict[str, float]:
    pairs = [(answer.ranking, judged_set.grades[key]) for key, answer in answers.items()]
    times = [answer.took_ms for answer in answers.values()]
    return {
        "ndcg@10": _mean([metrics.ndcg(*pair) for pair in pairs]),
        "hit@1": _mean([metrics.hit(*pair, depth=1) for pair in pairs]),
        "hit@5": _mean([metrics.hit(*pair, depth=5) for pair in pairs]),
        "recall@10": _mean([metrics.recall(*pair) for pair in pairs]),
        "mrr@10": _mean([metrics.reciprocal_rank(*pair) for pair in pairs]),
        "handed_off": _mean([float(answer.answerability < HANDED_OFF) for answer in answers.values()]),
        "p50_ms": metrics.percentile(times, 0.5),
        "p95_ms": metrics.percentile(times, 0.95),
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
