"""Counts the personal values that are hidden, and what is hidden without being one, on a labelled set."""

import json
import time
from collections import Counter
from collections.abc import Mapping
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
