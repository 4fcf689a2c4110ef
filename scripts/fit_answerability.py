"""Fits the coefficients of answerability on judged sets, and writes them beside the code that uses them."""

import asyncio
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.measures.knowledge import judged, metrics
from scripts.measures.knowledge.memory_store import MemoryStore
from service.domain import Audience
from service.knowledge.embedding.embeddings import Embeddings, Vectors
from service.knowledge.embedding.minilm import MiniLmEmbeddings
from service.knowledge.finding.answerability import COEFFICIENTS, KEYWORDS, handicap, names
from service.knowledge.finding.evidence import EVIDENCE, evidence
from service.knowledge.finding.retrieval import CANDIDATES, PassageFinder
from service.knowledge.finding.scoring import Search, candidates
from service.knowledge.finding.shelf import Shelf

SMALL = 40
"""Articles of a small base; each set gives its whole base and small ones."""
SMALL_BASES = 4
MOST = 120
"""Questions of one kind that a base gives."""
RIDGE = 1.0
KINDS = {"answered": 1.0, "foreign": 0.5, "missing": 0.1}
"""
Weight of the examples of a base that it answers, that are from another set, and whose articles were taken away. The
last are few and doubtful: what is left often answers in part.
"""
THRESHOLD = 0.4
"""The product's own: below it a ticket goes to a person (settings, `min_answerability`)."""
MOST_LOST = 0.04
"""Share of a set's answerable questions, on its whole base, that may fall below the threshold."""
CHATTER = Path(__file__).parent / "measures" / "knowledge" / "off_topic.txt"
"""Questions that no support desk's articles answer; they count as foreign to every base."""


@dataclass(frozen=True, slots=True)
class Example:
    kind: str
    base: str
    figures: NDArray[np.float64]
    passages: int
    whole: bool
    """Whether the base is the set's whole one."""


Folders = Annotated[list[Path], typer.Argument(exists=True, file_okay=False)]


def main(folders: Folders, split: str = "dev") -> None:
    """Fit on FOLDERS (each with corpus.jsonl and <split>/), print how well it separates, and write the coefficients."""
    sets = [judged.read(folder, split) for folder in folders]
    write(asyncio.run(collect(sets, MiniLmEmbeddings())), MiniLmEmbeddings.id)


async def collect(sets: Sequence[judged.JudgedSet], model: Embeddings) -> list[Example]:
    chatter = tuple(CHATTER.read_text("utf-8").splitlines())
    found: list[Example] = []
    for own in sets:
        foreign = [text for other in sets if other is not own for text in other.questions.values()]
        for base in _bases(own):
            found += [
                replace(example, whole=len(base.articles) == len(own.articles))
                for example in await _examples(base, foreign, chatter, model)
            ]
    return found


def _bases(own: judged.JudgedSet) -> Iterator[judged.JudgedSet]:
    """Yield the set, and small ones around a few of its questions."""
    yield own
    dice = random.Random(own.name)
    articles = {article.source: article for article in own.articles}
    for _ in range(SMALL_BASES):
        asked = dice.sample(sorted(own.questions), min(SMALL // 2, len(own.questions)))
        kept = {source for key in asked for source, grade in own.grades[key].items() if grade > 0}
        kept |= set(dice.sample(sorted(articles), min(SMALL, len(articles))))
        yield replace(
            own,
            articles=tuple(articles[source] for source in sorted(kept & articles.keys())),
            questions={key: own.questions[key] for key in asked},
        )


async def _examples(
    base: judged.JudgedSet, foreign: Sequence[str], chatter: Sequence[str], model: Embeddings
) -> list[Example]:
    store = await MemoryStore.of(base.articles, model)
    finder = PassageFinder(store, store, model, limit=1)
    shelf = await finder.shelf(base.name)
    dice = random.Random(base.name)
    asked = dice.sample(sorted(base.questions), min(MOST, len(base.questions)))
    strange = [*dice.sample(foreign, min(MOST, len(foreign))), *chatter]
    vectors = await model.embed([*(base.questions[key] for key in asked), *strange])
    examples = []
    for key, vector in zip(asked, vectors, strict=False):
        text = base.questions[key]
        answers = {source for source, grade in base.grades[key].items() if grade > 0}
        examples += _example("answered", base.name, shelf, text, vector)
        examples += _example("missing", base.name, _without(shelf, answers), text, vector)
    for text, vector in zip(strange, vectors[len(asked) :], strict=True):
        examples += _example("foreign", base.name, shelf, text, vector)
    return examples


def _example(kind: str, base: str, shelf: Shelf, text: str, vector: Vectors) -> list[Example]:
    """Return the example; none when nothing is found, since that is a handoff anyway."""
    question = shelf.lexical.question(text, None)
    cosines = shelf.cosines(vector, np.arange(len(shelf.passages)))
    nearest = tuple(
        int(row) for row in np.argsort(-np.where(shelf.alive, cosines, -1))[:CANDIDATES] if shelf.alive[row]
    )
    search = Search(text, None, vector, "", nearest, Audience.INTERNAL, 1, CANDIDATES)
    found = candidates(shelf, question, search)
    if not len(found.rows):
        return []
    figures = evidence(shelf, question, found, found.scores)
    return [Example(kind, base, figures, int(shelf.alive.sum()), whole=False)]


def _without(shelf: Shelf, articles: set[str]) -> Shelf:
    alive = shelf.alive & np.array([passage.article not in articles for passage in shelf.passages])
    return replace(shelf, alive=alive, public=shelf.public & alive)


def write(examples: Sequence[Example], model: str) -> None:
    models = {name: _fit(examples, names(name)) for name in (model, KEYWORDS)}
    content = {"fitted_on": sorted({example.base for example in examples}), "models": models}
    COEFFICIENTS.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _fit(examples: Sequence[Example], used: Sequence[str]) -> dict[str, object]:
    """Return intercept and weights by ridge-penalised logistic regression (Newton's method)."""
    columns = [EVIDENCE.index(name) for name in used]
    figures = np.array([example.figures[columns] for example in examples])
    centre, scale = figures.mean(axis=0), figures.std(axis=0)
    design = np.column_stack((np.ones(len(figures)), (figures - centre) / scale))
    handicaps = np.array([handicap(example.passages) for example in examples])
    answered = np.array([example.kind == "answered" for example in examples], float)
    trust = _trust(examples)
    penalty = np.diag([0.0, *[RIDGE] * len(used)])
    fitted = np.zeros(len(used) + 1)
    for _ in range(30):
        chance = 1 / (1 + np.exp(handicaps - design @ fitted))
        slope = design.T @ (trust * (answered - chance)) - penalty @ fitted
        curve = (design * (trust * chance * (1 - chance))[:, None]).T @ design + penalty
        fitted += np.linalg.solve(curve, slope)
    fitted[0] += _shift(examples, design @ fitted - handicaps)
    _report(examples, design @ fitted - handicaps)
    plain = fitted[1:] / scale
    return {
        "intercept": round(float(fitted[0] - plain @ centre), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(used, plain, strict=True)},
    }


def _trust(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return the weights of the examples: all sets the same, and in a set every kind what KINDS says."""
    count = Counter((example.base, example.kind) for example in examples)
    return np.array([KINDS[each.kind] * MOST / count[each.base, each.kind] for each in examples])


def _shift(examples: Sequence[Example], logits: NDArray[np.float64]) -> float:
    """Return by how much the logits may change so that the set that loses most, on its whole base, loses MOST_LOST."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for example, logit in zip(examples, logits.tolist(), strict=True):
        if example.kind == "answered" and example.whole:
            groups[example.base].append(logit)
    needed = math.log(THRESHOLD / (1 - THRESHOLD))
    return needed - min(float(np.quantile(group, MOST_LOST)) for group in groups.values())


def _report(examples: Sequence[Example], logits: NDArray[np.float64]) -> None:
    chances = 1 / (1 + np.exp(-logits))
    by: dict[tuple[str, str], list[float]] = {}
    for example, chance in zip(examples, chances.tolist(), strict=True):
        by.setdefault((example.base, example.kind), []).append(chance)
    for base in sorted({example.base for example in examples}):
        print(base, _line({kind: by.get((base, kind), []) for kind in KINDS}))


def _line(chances: Mapping[str, Sequence[float]]) -> str:
    below = {kind: np.mean([chance < THRESHOLD for chance in values]) for kind, values in chances.items()}
    area = metrics.auroc(chances["answered"], chances["foreign"])
    return f"AUROC {area:.3f}; handed off: " + ", ".join(f"{kind} {share:.1%}" for kind, share in below.items())


if __name__ == "__main__":
    typer.run(main)
