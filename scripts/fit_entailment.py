"""Fits the coefficients of the entailment scorer on labelled replies and on sentences of real articles; writes them."""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.measures.knowledge import metrics
from scripts.measures.replies.checking import BASES, grounds, labelled_sets, passages_of
from scripts.measures.replies.claims import claims
from service.domain import Passage
from service.replies.grounding.entailment import COEFFICIENTS
from service.replies.grounding.evidence import FEATURES
from service.replies.grounding.grounding import claim_of
from service.replies.text.sentences import split_sentences

RIDGE = 1.0
ROUNDS = 3
"""After each fit, the window that the fit likes best stands for its sentence."""
TRUST = {"claims": 60.0, "begin": 300.0, "mtrag": 150.0}
"""What each set's examples weigh together; claims are near to their sources, and people's labels tell more."""
SEED = 2

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    group: str
    reply: int
    is_true: bool
    stems: int
    windows: Vector
    """A row of features for each window."""


Model = tuple[float, Vector]


def main(data: Annotated[Path, typer.Argument(exists=True, file_okay=False)], split: str = "dev") -> None:
    """Fit on DATA (retrieval/ and faithfulness/), print how well each set is told apart, also when left out; write."""
    examples = [*_claims(data / "retrieval", split), *_labelled(data / "faithfulness", split)]
    fitted = fit(examples)
    _report(examples, fitted)
    content = {
        "fitted_on": sorted({each.group for each in examples}),
        "intercept": round(fitted[0], 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, fitted[1], strict=True)},
        "threshold": round(_threshold([each for each in examples if each.group != "claims"], fitted), 3),
    }
    COEFFICIENTS.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    print("threshold", content["threshold"])


def fit(examples: Sequence[Example]) -> Model:
    """Return intercept and weights by ridge-penalised logistic regression (Newton's method)."""
    start = {"said": 6.0, "said_tokens": 2.0, "paired": 2.0}
    model: Model = (0.0, np.array([start.get(name, 0.0) for name in FEATURES]))
    for _ in range(ROUNDS):
        chosen = np.array([each.windows[np.argmax(each.windows @ model[1])] for each in examples])
        model = _logistic(chosen, np.array([each.is_true for each in examples], float), _weights(examples))
    return model


def _logistic(figures: Vector, truth: Vector, trust: Vector) -> Model:
    centre, scale = figures.mean(axis=0), figures.std(axis=0) + 1e-9
    design = np.column_stack((np.ones(len(figures)), (figures - centre) / scale))
    penalty = np.diag([0.0, *[RIDGE] * figures.shape[1]])
    fitted = np.zeros(design.shape[1])
    for _ in range(30):
        chance = _chance(design @ fitted)
        slope = design.T @ (trust * (truth - chance)) - penalty @ fitted
        curve = (design * (trust * chance * (1 - chance))[:, None]).T @ design + penalty
        fitted += np.linalg.solve(curve, slope)
    plain = fitted[1:] / scale
    return float(fitted[0] - plain @ centre), plain


def _weights(examples: Sequence[Example]) -> Vector:
    count: defaultdict[tuple[str, bool], int] = defaultdict(int)
    for each in examples:
        count[each.group, each.is_true] += 1
    return np.array([TRUST[each.group] / count[each.group, each.is_true] for each in examples])


def _claims(folder: Path, split: str) -> list[Example]:
    found = [claim for base in BASES for claim in asyncio.run(claims(folder / base, split, SEED))]
    return [
        example
        for place, claim in enumerate(found)
        if claim.kind in {"reworded", "removed"}
        for example in _examples("claims", place, claim.text, claim.passages, claim.language, is_true=claim.is_true)
    ]


def _labelled(folder: Path, split: str) -> list[Example]:
    sets = labelled_sets(folder, split)
    return [
        example
        for name in TRUST.keys() & sets.keys()
        for place, (text, passages, is_true) in enumerate(sets[name])
        for example in _examples(name, place, text, passages_of(passages), "en", is_true=is_true)
    ]


def _examples(  # noqa: PLR0913 - an example's parts
    group: str, reply: int, text: str, passages: Sequence[Passage], language: str, *, is_true: bool
) -> list[Example]:
    known = grounds(passages, language)
    found = []
    for start, end in split_sentences(text):
        claim = claim_of(text[start:end], language)
        windows = [each.features for each in known.sources.evidence(claim, range(len(passages)))] if claim.stems else []
        if windows:
            found.append(Example(group, reply, is_true, len(claim.stems), np.array(windows)))
    return found


def _threshold(examples: Sequence[Example], model: Model) -> float:
    """Return the probability below which as large a share of the true sentences falls as of the others lies above."""
    good, bad = (
        np.array([_best(model, each) for each in examples if each.is_true is wanted]) for wanted in (True, False)
    )
    candidates = np.linspace(-3, 3, 601)
    gaps = [abs(float(np.mean(good < each) - np.mean(bad >= each))) for each in candidates]
    return float(_chance(candidates[int(np.argmin(gaps))]))


def _report(examples: Sequence[Example], fitted: Model) -> None:
    for group in TRUST:
        own = [each for each in examples if each.group == group]
        others = fit([each for each in examples if each.group != group])
        print(f"{group}: AUROC of sentences {_auroc(own, fitted):.3f}, fitted without them {_auroc(own, others):.3f}")


def _auroc(examples: Sequence[Example], model: Model) -> float:
    good, bad = ([_best(model, each) for each in examples if each.is_true is wanted] for wanted in (True, False))
    return metrics.auroc(good, bad)


def _best(model: Model, example: Example) -> float:
    return float(model[0] + np.max(example.windows @ model[1]))


def _chance(total: Vector | np.float64) -> Vector:
    chance: Vector = 1 / (1 + np.exp(-np.clip(total, -30, 30)))
    return chance


if __name__ == "__main__":
    typer.run(main)
