"""The places of a text that no rule of writing may change: addresses, codes, markup, and what must stay as it is."""

import re
from bisect import bisect_right
from collections.abc import Iterable

_UNTOUCHED = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]+`"
    r"|\{\{.*?\}\}|\{%.*?%\}|\{\w+\}"  # slots of a template
    r"|\]\([^)\n]*\)|^\s*\[[^\]\n]+\]:.*$|</?[A-Za-z!][^<>\n]*>|&#?\w+;"
    r"|(?:https?://|www\.)[^\s<>\"«»]*[^\s<>\"«».,;:!?…)\]’']"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w-])(?=[\w./-]*[A-Z_])(?=[\w./-]*\d)[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)+(?![\w-])",  # LK-558201, ML_20417
    re.DOTALL | re.MULTILINE,
)
HIDDEN = "\ue000"
"""A character of nobody's, so that a hidden place is neither letter nor space nor mark."""


class Untouched:
    """Slices of one text, in order."""

    def __init__(self, text: str, keep: Iterable[str] = ()) -> None:
        """*keep* are exact pieces, such as the values of variables, that stay as they are wherever they stand."""
        self._slices = _joined([*(found.span() for found in _UNTOUCHED.finditer(text)), *_places(text, keep)])
        self._starts = [start for start, _ in self._slices]

    def touches(self, start: int, end: int) -> bool:
        """Whether the slice, or the point when it is empty, lies in a place that may not change."""
        before = bisect_right(self._starts, max(start, end - 1)) - 1
        return before >= 0 and self._slices[before][1] > start

    def hide(self, text: str) -> str:
        """Return *text*, as long as before, with the places that may not change filled by a character of nobody's."""
        for start, end in self._slices:
            text = text[:start] + HIDDEN * (end - start) + text[end:]
        return text


def _places(text: str, keep: Iterable[str]) -> list[tuple[int, int]]:
    return [found.span() for piece in keep if piece.strip() for found in re.finditer(re.escape(piece), text)]


def _joined(slices: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(slices):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
