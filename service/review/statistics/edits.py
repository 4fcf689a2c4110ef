"""How much of a reply was changed before it was sent."""

import re
from bisect import bisect_right
from collections.abc import Sequence

LIGHT = 0.2
"""Below this share of words an edit is a light one."""
REWRITTEN = 0.6
"""Above it little of the reply is left."""

_WORD = re.compile(r"\w+|[^\w\s]")


def edit_distance(sent: str, offered: str) -> float:
    """
    Return the share of words and signs that differ, in [0, 1]: words to add, drop or change over those of the longer.

    The number is that of V. I. Levenshtein (1966), found by the bit vectors of H. Hyyrö, A bit-vector algorithm for
    computing Levenshtein and Damerau edit distances, Nordic Journal of Computing 10 (2003), on integers of any length.
    """
    left, right = _WORD.findall(sent), _WORD.findall(offered)
    return _levenshtein(left, right) / max(len(left), len(right), 1)


def ecdf(distances: Sequence[float], at: Sequence[float]) -> list[float]:
    """Return for each place of *at* the share of *distances* up to it; *distances* must not be empty."""
    ordered = sorted(distances)
    return [bisect_right(ordered, place) / len(ordered) for place in at]


def _levenshtein(left: Sequence[str], right: Sequence[str]) -> int:
    if not left:
        return len(right)
    places: dict[str, int] = {}
    for place, word in enumerate(left):
        places[word] = places.get(word, 0) | 1 << place
    full, last = (1 << len(left)) - 1, 1 << (len(left) - 1)
    up, down, distance = full, 0, len(left)
    for word in right:
        equal = places.get(word, 0)
        diagonal = (((equal & up) + up) ^ up) | equal | down
        rise, fall = down | (full & ~(diagonal | up)), up & diagonal
        distance += bool(rise & last) - bool(fall & last)
        rise = rise << 1 | 1
        up, down = ((fall << 1) | (~(diagonal | rise))) & full, rise & diagonal & full
    return distance
