"""Gaps that a chat model left for a value it did not have: `[order number]`, `{{ name }}`, `XX/XX/XXXX`, `____`."""

import re
from collections.abc import Iterable

from service.replies.privacy.spans import PLACEHOLDER

_GAP = re.compile(
    r"\{\{[^{}\n]{0,60}\}\}|\{[a-z_][a-z0-9_. ]{0,40}\}|\$\{[^{}\n]{0,60}\}|%\([a-z_]+\)s"
    r"|\[(?!\d{1,3}\])[^\[\]\n]{2,60}\](?!\()|\b(?:XX+[/.-]?){2,}\b|\bX{3,}\b|_{3,}",
)


def has_gap(sentence: str, texts: Iterable[str]) -> bool:
    """Whether *sentence* leaves a gap that none of *texts*, in which such signs are words, holds as it is."""
    gaps = [found.group() for found in _GAP.finditer(sentence)]
    return bool(gaps) and any(not any(gap in text for text in texts) for gap in gaps)


def hidden_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the placeholders of personal values in *texts*: they are filled before the customer reads them."""
    return frozenset(found.group() for text in texts for found in PLACEHOLDER.finditer(text))
