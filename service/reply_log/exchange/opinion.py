"""What people made of a reply, as far as an export tells it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Everything is None, or empty, as long as nobody said it."""

    better: str | None = None
    """The newest correction."""
    verdict: str | None = None
    """Of the sample where the reply is in it, else the newest."""
    reject_reasons: tuple[str, ...] = ()
    queue: str | None = None
    """Where that verdict was given; rates come from `sample` alone."""
    inclusion_probability: float | None = None
    """With which the reply came into the sample: weigh by its inverse."""
    edit_distance: float | None = None
    """Share of words changed before sending, in [0, 1]."""
    csat: int | None = None
    reopened: bool | None = None
    resolved: bool | None = None


NO_OPINION = Opinion()

Opinions = Callable[[Sequence[str]], Awaitable[Mapping[str, Opinion]]]
"""Finds opinions by reply, for those of the replies that have one."""


async def nobody(reply_ids: Sequence[str]) -> Mapping[str, Opinion]:  # noqa: ARG001 - nobody judged any
    return {}
