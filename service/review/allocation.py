"""How many replies a draw takes from each stratum: enough of each prompt version, the rest in proportion."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

LEAST_PER_VERSION = 30
"""Below it a rate says little: the interval of 30 of 30 still reaches down to 89 %."""


class Stratum(NamedTuple):
    version: str
    language: str

    def __str__(self) -> str:
        return f"{self.version}/{self.language}"


def allocate(waiting: Mapping[Stratum, int], drawn: Mapping[Stratum, int], size: int) -> dict[Stratum, int]:
    """
    Return how many of the *waiting* replies of each stratum to draw; *drawn* were drawn before.

    About *size* in all, more when the versions' least asks for it; never more than are waiting. Strata that get
    nothing are left out.
    """
    had: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for stratum, number in drawn.items():
        had[stratum.version] += number
    for stratum, number in waiting.items():
        there[stratum.version] += number
    owed = {version: max(0, min(LEAST_PER_VERSION - had[version], number)) for version, number in there.items()}
    rest = max(0, size - sum(owed.values()))
    left = sum(there.values()) - sum(owed.values())
    shares = {version: owed[version] + _share(rest, there[version] - owed[version], left) for version in there}
    given: dict[Stratum, int] = {}
    for version, share in shares.items():
        given |= _spread({each: number for each, number in waiting.items() if each.version == version}, share)
    return {stratum: number for stratum, number in given.items() if number}


def _share(rest: int, part: int, whole: int) -> int:
    return min(part, round(rest * part / whole)) if whole else 0


def _spread(sizes: dict[Stratum, int], number: int) -> dict[Stratum, int]:
    """Share *number* out in proportion to *sizes*: the largest remainders get the odd ones."""
    whole = sum(sizes.values())
    if not whole:
        return {}
    number = min(number, whole)
    exact = {stratum: number * size / whole for stratum, size in sizes.items()}
    given = {stratum: int(share) for stratum, share in exact.items()}
    by_remainder = sorted(exact, key=lambda stratum: given[stratum] - exact[stratum])
    for stratum in by_remainder[: number - sum(given.values())]:
        given[stratum] += 1
    return given
