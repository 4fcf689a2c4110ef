"""Measures what checks a reply's language, register and typography, on real messages and articles of others."""

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from scripts.measures.knowledge import metrics
from scripts.measures.prompting.mixtures import mixtures
from service.domain import Article
from service.knowledge.reading.folder import read_path
from service.prompting.language import Manner, detect_language, faults, register_faults, repair
from service.replies.extractive.extracts import extracts
from service.replies.text.sentences import split_sentences

ROOT = Path(__file__).resolve().parents[3]

SENTENCES = 10_000
SEEDS = range(1, 6)
PER_SEED = 100

_MIN_CHARS = 20
_QUERIES = {
    "fr": ("cnil_fr", "servicepublic_fr"),
    "en": ("aws_docs", "epqa", "ibmcloud_mtrag", "tau_banking"),
}
_PROSE = re.compile(r"^[^#|<\[\d].{60,}[.!?]$")


def measure(data: Path) -> dict[str, float]:
    """Return shares and times; *data* holds the sets in the folders that BENCHMARKS names."""
    articles = [each for each in read_path(data / "kb" / "cnil_html", "cnil") if isinstance(each, Article)]
    real = _sentences(articles, data)
    return {**_register(articles), **_elsewhere(data), **_typography(real), **_language(data), **_times(real)}


def _register(articles: Sequence[Article]) -> dict[str, float]:
    accused = sum(bool(register_faults(f"{each.title}\n\n{each.text}", "fr", "formal")) for each in articles)
    demo = [each for brand in ("maison-lune", "larkline") for each in _read(ROOT / "knowledge" / brand / "fr")]
    return {
        "register_articles": len(articles),
        "register_false_alarms": accused / len(articles),
        "register_caught_demo": _caught(demo),
        "register_caught_articles": _caught(articles),
    }


def _elsewhere(data: Path) -> dict[str, float]:
    """Count false alarms in public pages whose lines are cut anywhere, titles and lists included."""
    rows = _rows(data / "retrieval" / "servicepublic_fr" / "corpus.jsonl")
    accused = sum(bool(register_faults(f"{row['title']}\n\n{row['text']}", "fr", "formal")) for row in rows)
    return {"register_pages_elsewhere": len(rows), "register_false_alarms_elsewhere": accused / len(rows)}


def _caught(articles: Sequence[Article]) -> float:
    """Return the share of seeded mixtures in which a finding stands in the familiar sentence."""
    written = [[line for extract in extracts(1, each.text) for line in extract.lines] for each in articles]
    made = [mixture for seed in SEEDS for mixture in mixtures(written, PER_SEED, seed)]
    caught = [
        any(mixture.start <= fault.start < mixture.end for fault in register_faults(mixture.text, "fr", "formal"))
        for mixture in made
    ]
    return sum(caught) / len(caught)


def _typography(real: Sequence[str]) -> dict[str, float]:
    manner = Manner("fr")
    once = [repair(sentence, manner) for sentence in real]
    same = sum(repair(sentence, manner) == sentence for sentence in once)
    changed = sum(one != other for one, other in zip(real, once, strict=True))
    return {
        "typography_sentences": len(real),
        "typography_idempotent": same / len(real),
        "typography_changed": changed / len(real),
    }


def _language(data: Path) -> dict[str, float]:
    figures: dict[str, float] = {}
    for language in ("fr", "en"):
        messages = [each for each in _messages(data, language) if len(each) >= _MIN_CHARS]
        found = [detect_language(each, ("fr", "en")) for each in messages]
        figures[f"language_{language}_messages"] = len(messages)
        figures[f"language_{language}_right"] = found.count(language) / len(found)
        figures[f"language_{language}_unknown"] = found.count(None) / len(found)
    codes = Path(__file__).with_name("codes.txt").read_text("utf-8").splitlines()
    unknown = [detect_language(each, ("fr", "en")) for each in codes].count(None)
    return figures | {"language_codes_unknown": unknown / len(codes)}


def _times(real: Sequence[str]) -> dict[str, float]:
    checked = [_timed(partial(faults, each, Manner("fr"))) for each in real[:2_000]]
    # What was told once is remembered, so each is asked once.
    told = [_timed(partial(detect_language, each, ("fr", "en")), 1) for each in real[2_000:4_000]]
    return {
        "check_p50_ms": metrics.percentile(checked, 0.5),
        "check_p99_ms": metrics.percentile(checked, 0.99),
        "detect_p50_ms": metrics.percentile(told, 0.5),
    }


def _messages(data: Path, language: str) -> Iterator[str]:
    """Yield what people wrote in the language: questions, support messages, dialogues, and paragraphs of articles."""
    for name in _QUERIES[language]:
        yield from (row["text"] for row in _rows(data / "retrieval" / name / "dev" / "queries.jsonl"))
        for row in _rows(data / "retrieval" / name / "corpus.jsonl")[:600]:
            yield from [line[:300] for line in row["text"].splitlines() if _PROSE.match(line)][:2]
    support = _rows(data / "injection" / "benign" / "dev" / "support_questions.jsonl")
    yield from (row["text"] for row in support if row["lang"] == language)
    if language == "fr":
        for row in _rows(data / "multi_turn" / "fr_doc2bot_inputs" / "dev" / "turns.jsonl"):
            yield from (row["question"], *(turn["text"] for turn in row["history"]))
    else:
        for row in _rows(data / "multi_turn" / "star_support" / "dev" / "dialogues.jsonl"):
            yield from (turn["text"] for turn in row["turns"] if turn["role"] == "customer")


def _sentences(articles: Sequence[Article], data: Path) -> list[str]:
    """Return the first 10,000 different sentences of real French articles."""
    texts = [each.text for each in articles]
    texts += [row["text"] for row in _rows(data / "retrieval" / "servicepublic_fr" / "corpus.jsonl")]
    found = dict.fromkeys(text[start:end] for text in texts for start, end in split_sentences(text))
    return list(found)[:SENTENCES]


def _read(folder: Path) -> list[Article]:
    return [each for each in read_path(folder, "demo") if isinstance(each, Article)]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def _timed(call: Callable[[], object], times_over: int = 3) -> float:
    """Return milliseconds, the best of three: the machine's other work is not the checker's."""
    times = []
    for _ in range(times_over):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return min(times)
