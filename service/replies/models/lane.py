"""How many calls a provider gets at once, and how many may wait behind them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.replies.models.faults import Fault, FaultKind


class Lane:
    """One for each provider."""

    def __init__(self, width: int, queue: int) -> None:
        """*width* calls run at once; *queue* more wait; the next is turned away."""
        self._places = asyncio.Semaphore(width)
        self._bound = width + queue
        self._present = 0

    @property
    def is_full(self) -> bool:
        return self._present >= self._bound

    @asynccontextmanager
    async def place(self, timeout_s: float) -> AsyncIterator[None]:
        """Hold a place; the fault `busy` when the queue is full, or no place came free within *timeout_s*."""
        if self.is_full:
            raise Fault(FaultKind.BUSY, retry_after_s=1.0)
        self._present += 1
        try:
            try:
                async with asyncio.timeout(timeout_s):
                    await self._places.acquire()
            except TimeoutError:
                raise Fault(FaultKind.BUSY, retry_after_s=1.0) from None
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._present -= 1
