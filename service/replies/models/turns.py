"""Whose turn it is: the same model again after a wait, or the next one, as long as the deadline allows."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from service.replies.models.faults import Fault, FaultKind
from service.replies.models.opened import OpenChatModel


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long and how often the chain tries."""

    total_s: float = 30.0
    """For one reply: every attempt, wait and fallback."""
    silence_s: float = 10.0
    """The longest wait for a model's first piece of text, and from one piece to the next."""
    retries: int = 2
    """Further attempts at one model."""
    backoff_s: float = 0.5
    """Before the first retry, doubled before the next; a quarter of it is left to chance."""
    patience_s: float = 2.0
    """The longest wait for a model while another stands behind it."""
    calls: int = 16
    """Calls that a provider gets at once."""
    queue: int = 64
    """Calls that may wait for it."""


class Turns:
    """The turns of one reply; its clock starts now."""

    def __init__(self, models: Sequence[OpenChatModel], bounds: Bounds) -> None:
        self._behind = list(models)
        self._bounds = bounds
        self._ends = time.monotonic() + bounds.total_s
        self._retried = 0
        self.model = self._behind.pop(0)

    @property
    def left_s(self) -> float:
        """Seconds until the deadline; never negative."""
        return max(0.0, self._ends - time.monotonic())

    async def follow(self, fault: Fault) -> bool:
        """Turn to the model that is asked after *fault*, once it is time; False when nobody is left, or no time."""
        wait = self._wait(fault)
        if self._again(fault, wait):
            self._retried += 1
            await asyncio.sleep(wait)
            return True
        if not self._behind or not self.left_s:
            return False
        self._retried = 0
        self.model = self._behind.pop(0)
        return True

    def _wait(self, fault: Fault) -> float:
        if fault.retry_after_s is not None:
            # A little later than asked for, so that a crowd of us does not return in one instant.
            return fault.retry_after_s * random.uniform(1.0, 1.1) + 0.02  # noqa: S311 - no secret
        return self._bounds.backoff_s * 2.0**self._retried * random.uniform(0.75, 1.0)  # noqa: S311 - no secret

    def _again(self, fault: Fault, wait: float) -> bool:
        if not fault.retryable or self._retried >= self._bounds.retries or wait >= self.left_s:
            return False
        return not self._behind or (wait <= self._bounds.patience_s and fault.kind is not FaultKind.SILENT)
