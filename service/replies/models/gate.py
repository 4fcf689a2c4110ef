"""What stands before each provider: a breaker that knows whether it is down, and a lane that bounds the calls to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.replies.models.breaker import Breaker
from service.replies.models.faults import Fault, FaultKind
from service.replies.models.lane import Lane


class Gate:
    """One for each provider."""

    def __init__(self, width: int, queue: int) -> None:
        self.breaker = Breaker()
        self.lane = Lane(width, queue)

    @asynccontextmanager
    async def passage(self, timeout_s: float) -> AsyncIterator[None]:
        """
        Let one attempt through, and learn from the Fault with which it ends, if any.

        Raises:
            Fault: `resting` or `busy`; then nothing was asked.
        """
        self.breaker.admit()
        try:
            async with self.lane.place(timeout_s):
                yield
        except Fault as fault:
            if fault.kind is FaultKind.BUSY:
                self.breaker.forget()
            else:
                self.breaker.judge(fault)
            raise
        except BaseException:  # The reader went away: that says nothing about the provider.
            self.breaker.forget()
            raise
        self.breaker.judge(None)
