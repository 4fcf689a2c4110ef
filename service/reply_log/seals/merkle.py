"""Merkle trees as RFC 6962 builds them: a root over leaves, and proofs that one leaf is under it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY = hashlib.sha256().hexdigest()
"""The root over no leaf (RFC 6962, section 2.1)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step from a leaf up to the root."""

    sibling: str
    is_left: bool
    """Whether the sibling stands left of us."""


def leaf(data: bytes) -> str:
    """Return the hash of a leaf; its prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + data).hexdigest()


def root(leaves: Sequence[str]) -> str:
    """Return the root over *leaves* (hex, in order)."""
    level = list(leaves)
    while len(level) > 1:
        level = _next(level)
    return level[0] if level else EMPTY


def proof(leaves: Sequence[str], place: int) -> tuple[Step, ...]:
    """Return the steps from `leaves[place]` to the root, lowest first; IndexError when there is no such leaf."""
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    steps, level = [], list(leaves)
    while len(level) > 1:
        sibling = place ^ 1
        if sibling < len(level):
            steps.append(Step(level[sibling], sibling < place))
        level, place = _next(level), place // 2
    return tuple(steps)


def climb(start: str, steps: Sequence[Step]) -> str:
    """Return the root that *steps* lead to from the leaf *start*."""
    for step in steps:
        start = _node(step.sibling, start) if step.is_left else _node(start, step.sibling)
    return start


def _next(level: list[str]) -> list[str]:
    """Return the level above; a last node without a sibling goes up as it is, which is the tree of the RFC."""
    paired = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return paired + level[-1:] if len(level) % 2 else paired


def _node(left: str, right: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()
