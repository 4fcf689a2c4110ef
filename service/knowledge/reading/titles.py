"""Titles that an article has without saying so."""

import re

from service.knowledge.reading.text import one_line

_LONGEST = 120
_NO_TITLE = re.compile(r"^\s*[-*+|>=~_`{\[<!]|[.,;:]\s*$")
"""A line that begins as items, tables, rules, code and images do, or ends as sentences and salutations do."""


def leading_title(text: str) -> str:
    """Return the first line of *text* when it is short and stands alone over the rest; else an empty string."""
    first, _, rest = text.strip("\n").partition("\n")
    if len(first) > _LONGEST or not rest.startswith("\n") or _NO_TITLE.search(first):
        return ""
    return one_line(first).lstrip("# ")
