"""Counts the personal values that are hidden, and what is hidden without being one, on a labelled set."""

import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.replies.privacy.pseudonyms import Pseudonyms
from service.replies.privacy.spans import Span

KINDS = {
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "IBAN",
    "CREDIT_CARD": "CARD",
    "US_SSN": "ID",
    "US_DRIVER_LICENSE": "ID",
    "PHONE_NUMBER": "PHONE",
    "STREET_ADDRESS": "ADDRESS",
    "PERSON": "NAME",
}
"""The set's labels and ours; its other labels (towns, dates, companies) are not hidden by design."""


_OWN = Path(__file__).parent / "personal_cases.txt"
_HELD_OUT = Path(__file__).parent / "personal_heldout.txt"
_MARK = re.compile(r"\{(?P<kind>[A-Z]+):(?P<value>[^}]*)\}")
_KEEP = "KEEP"
_BRANDS = ("Maison Lune", "Larkline")
"""The product knows its brand's name."""


def measure(items: Path) -> dict[str, float]:
    """
    Return recall by label, precision over all, and milliseconds a text.

    A helpdesk gives the customer's name with the ticket, so `recall_PERSON_given` gives each text the first name in it.
    """
    labelled, found, right, hidden = Counter[str](), Counter[str](), 0, 0
    texts = [json.loads(line) for line in items.read_text(encoding="utf-8").splitlines()]
    began = time.perf_counter()
    for text in texts:
        spans = Pseudonyms("en").spans(text["text"])
        hidden += len(spans)
        right += sum(any(_meet(span, label) for label in _labels(text)) for span in spans)
        _count(text, spans, labelled, found)
    took_ms = (time.perf_counter() - began) * 1000 / len(texts)
    recalls = {f"recall_{label}": found[label] / labelled[label] for label in KINDS}
    return recalls | {"recall_PERSON_given": _given(texts), "precision": right / hidden, "ms": took_ms}


def measure_own(*, held_out: bool = False) -> dict[str, float]:
    """
    Return for our own made-up tickets, French and English: recall by kind, precision, and what stayed of what should.

    A value counts as hidden when no letter and no figure of it is left. Those *held_out* were written after the
    recognisers, which were not mended on them.
    """
    labelled, found, right, hidden, kept = Counter[str](), Counter[str](), 0, 0, [0, 0]
    cases = own_cases(_HELD_OUT if held_out else _OWN)
    began = time.perf_counter()
    for case in cases:
        spans = Pseudonyms(case.language, keep=_BRANDS).spans(case.text)
        hidden += len(spans)
        personal = [label for label in case.labels if label.kind != _KEEP]
        right += sum(any(span.start < each.end and each.start < span.end for each in personal) for span in spans)
        for label in case.labels:
            if label.kind == _KEEP:
                kept[0] += not any(span.start < label.end and label.start < span.end for span in spans)
                kept[1] += 1
            else:
                labelled[label.kind] += 1
                found[label.kind] += _is_covered(case.text, label, spans)
    took_ms = (time.perf_counter() - began) * 1000 / len(cases)
    recalls = {f"recall_{kind}": found[kind] / labelled[kind] for kind in sorted(labelled)}
    counts = {"cases": float(len(cases)), "values": float(labelled.total()), "kept_values": float(kept[1])}
    return counts | recalls | {"precision": right / hidden, "kept": kept[0] / kept[1], "ms": took_ms}


@dataclass(frozen=True, slots=True)
class Label:
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    language: str
    text: str
    labels: tuple[Label, ...]


def own_cases(file: Path = _OWN) -> list[Case]:
    """Read `personal_cases.txt`, or another file of its form."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_case(*line.split(" | ", 1)) for line in lines if not line.startswith("#")]


def _case(language: str, marked: str) -> Case:
    text, labels, done = "", [], 0
    marked = marked.replace("\\n", "\n")
    for mark in _MARK.finditer(marked):
        text += marked[done : mark.start()]
        labels.append(Label(mark["kind"], len(text), len(text) + len(mark["value"])))
        text, done = text + mark["value"], mark.end()
    return Case(language, text + marked[done:], tuple(labels))


def _is_covered(text: str, label: Label, spans: tuple[Span, ...]) -> bool:
    left = [place for place in range(label.start, label.end) if text[place].isalnum()]
    return all(any(span.start <= place < span.end for span in spans) for place in left)


def _count(text: Mapping[str, Any], spans: tuple[Span, ...], labelled: Counter[str], found: Counter[str]) -> None:
    for label in _labels(text):
        labelled[label["type"]] += 1
        found[label["type"]] += any(_meet(span, label) for span in spans)


def _given(texts: list[dict[str, Any]]) -> float:
    named = [(text, label) for text in texts for label in _labels(text)[:1] if label["type"] == "PERSON"]
    hits = sum(
        any(_meet(span, label) for span in Pseudonyms("en", label["value"]).spans(text["text"]))
        for text, label in named
    )
    return hits / len(named)


def _labels(text: Mapping[str, Any]) -> list[dict[str, Any]]:
    return sorted((label for label in text["spans"] if label["type"] in KINDS), key=lambda label: label["start"])


def _meet(span: Span, label: Mapping[str, Any]) -> bool:
    return bool(span.start < label["end"] and label["start"] < span.end)
