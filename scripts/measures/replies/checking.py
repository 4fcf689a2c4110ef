"""Measures the checks: spoiled sentences caught, true ones blocked, labelled replies told apart, and the time taken."""

import asyncio
import json
import math
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.measures.knowledge import metrics
from scripts.measures.replies.claims import Claim, claims
from service.domain import Passage, Support
from service.prompting.prompts import Frame
from service.replies.grounding.entailment import scorer
from service.replies.grounding.grounding import Grounds, admits, claim_of, ground
from service.replies.grounding.statements import Statement
from service.replies.text.sentences import split_sentences

BASES = ("cnil_fr", "servicepublic_fr", "aws_docs", "ibmcloud_mtrag", "tau_banking")
FIGURES = ("number", "amount", "date", "time_unit", "address")
TURNED = ("entity", "negation", "opposite")


def measure(data: Path, split: str, seed: int) -> dict[str, float]:
    """Return the shares by kind of change and of language, the AUROCs and the milliseconds of a reply's checks."""
    found = [claim for base in BASES for claim in asyncio.run(claims(data / "retrieval" / base, split, seed))]
    return spoiled(found) | labelled(data / "faithfulness", split) | speed(found)


def spoiled(found: Sequence[Claim]) -> dict[str, float]:
    blocked: defaultdict[str, list[bool]] = defaultdict(list)
    for claim in found:
        is_blocked = ground(claim.text, "", grounds(claim.passages, claim.language)).support is Support.UNSUPPORTED
        group = "figures" if claim.kind in FIGURES else "turned" if claim.kind in TURNED else claim.kind
        for key in {claim.kind, group, f"{group}_{claim.language}"}:
            blocked[key].append(is_blocked)
        if claim.is_true:
            blocked["untouched"].append(is_blocked)
            blocked[f"untouched_{claim.base}"].append(is_blocked)
    shares = {f"blocked_{key}": sum(each) / len(each) for key, each in sorted(blocked.items())}
    return shares | {f"count_{key}": float(len(blocked[key])) for key in (*FIGURES, *TURNED, "untouched")}


def labelled(folder: Path, split: str) -> dict[str, float]:
    """Return the AUROC of our score and of plain word overlap on replies that people labelled."""
    figures: dict[str, float] = {}
    for name, rows in labelled_sets(folder, split).items():
        for score in (faithfulness, overlap):
            values = [(score(text, passages), good) for text, passages, good in rows]
            good, bad = ([value for value, is_good in values if is_good is wanted] for wanted in (True, False))
            figures[f"auroc_{name}_{score.__name__}"] = metrics.auroc(good, bad)
        for wanted, word in ((True, "faithful"), (False, "unfaithful")):
            blocked = [each for row in rows if row[1] and row[2] is wanted for each in _blocked(row)]
            figures[f"blocked_sentences_{name}_{word}"] = sum(blocked) / len(blocked)
    return figures


Labelled = tuple[str, tuple[str, ...], bool]
"""A reply, its passages, and whether it is faithful."""


def _blocked(row: "Labelled") -> Iterator[bool]:
    text, passages, _ = row
    known = grounds(passages_of(passages), "en")
    for start, end in split_sentences(text):
        yield ground(text[start:end], "", known).support is Support.UNSUPPORTED


def labelled_sets(folder: Path, split: str) -> dict[str, list[Labelled]]:
    mtrag = [
        (row["response"], tuple(each["text"] for each in row["contexts"]), row["label"] == "faithful")
        for row in _rows(folder / "mtrag_human_eval" / split / "responses.jsonl")
        if row["label"] != "mostly"
    ]
    begin = [
        (row["response"], (row["knowledge"],), row["label"] == "Fully attributable")
        for row in _rows(folder / "begin_wow" / split / "responses.jsonl")
    ]
    return {"mtrag": mtrag, "begin": begin, "halueval_equal_length": list(_paired(folder, split))}


def _paired(folder: Path, split: str) -> Iterator[Labelled]:
    """Yield both answers to a question where their lengths differ by at most a half: length alone tells the others."""
    pairs: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _rows(folder / "halueval_qa" / split / "pairs.jsonl"):
        pairs[row["_g"]].append(row)
    for pair in pairs.values():
        lengths = sorted(len(row["response"].split()) for row in pair)
        if len(pair) == 2 and lengths[1] <= 1.5 * lengths[0]:
            for row in pair:
                text = f"{row['question']} {row['response']}"
                yield text, (row["knowledge"],), row["label"] == "faithful"


def faithfulness(text: str, passages: Sequence[str]) -> float:
    """
    Return the mean log-odds, in [-5, 5], of the sentences to be entailed, weighed by their length.

    It is -5 without passages, and 5 for saying that one does not know.
    """
    known = grounds(passages_of(passages), "en")
    total, weight = 0.0, 0
    for start, end in split_sentences(text):
        claim = claim_of(text[start:end], "en")
        if claim.stems:
            total += _log_odds(claim, known) * len(claim.stems)
            weight += len(claim.stems)
    return total / weight if weight else -5.0


def _log_odds(claim: Statement, known: Grounds) -> float:
    if admits(claim):
        return 5.0
    found = known.sources.evidence(claim, range(len(known.passages)))
    chance = max((scorer().probability(each.features) for each in found), default=0.0)
    return max(-5.0, min(5.0, math.log((chance + 1e-9) / (1 - chance + 1e-9))))


def overlap(text: str, passages: Sequence[str]) -> float:
    """Return the share of the different words of *text* that occur in the passages."""
    said = set(re.findall(r"\w+", text.lower()))
    return len(said & set(re.findall(r"\w+", " ".join(passages).lower()))) / (len(said) or 1)


def speed(found: Sequence[Claim]) -> dict[str, float]:
    """Return the milliseconds of computing that six sentences against six passages nobody has seen before take."""
    true = [claim for claim in found if claim.kind == "reworded" and len(claim.passages) == 6]
    times = []
    for place in range(0, min(len(true) - 6, 600), 6):
        known = grounds([_again(each, place) for each in true[place].passages], true[place].language)
        began = time.process_time()
        for claim in true[place : place + 6]:
            ground(claim.text, "", known)
        times.append((time.process_time() - began) * 1000)
    return {"cpu_ms_p50": metrics.percentile(times, 0.5), "cpu_ms_p95": metrics.percentile(times, 0.95)}


def grounds(passages: Sequence[Passage], language: str) -> Grounds:
    return Grounds(passages, (), Frame(language, "", "", "", "", ""))


def _again(passage: Passage, place: int) -> Passage:
    """Return the passage with a text that no cache knows."""
    return _passage(place, f"{passage.text}\n\n{place}")


def passages_of(texts: Sequence[str]) -> tuple[Passage, ...]:
    return tuple(_passage(place, text) for place, text in enumerate(texts))


def _passage(place: int, text: str) -> Passage:
    return Passage(id=f"psg_{place}", brand="", article="", title="", heading="", text=text, position=0, start=0)


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)
