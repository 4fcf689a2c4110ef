"""Stops asking a provider that is down, and looks now and then whether it is back."""

import time
from collections.abc import Callable

from service.replies.models.faults import PROVIDERS_OWN, Fault, FaultKind

FAILURES = 5
"""Attempts in a row that must fail before the provider rests."""

REST_S = 10.0
"""How long it rests before one attempt looks whether it is back: a recovery is seen within 10 s of traffic."""


class Breaker:
    """One for each provider. Closed: everyone asks. Resting: nobody. Then one asks, and its luck decides."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0
        self._probing = False

    @property
    def rests_for_s(self) -> float:
        """Seconds until someone may ask again; 0 when one may."""
        return max(0.0, self._rests_until - self._clock())

    def admit(self) -> None:
        """Raise the fault `resting` when nobody may ask now."""
        if self._failures < FAILURES:
            return
        if self.rests_for_s or self._probing:
            raise Fault(FaultKind.RESTING, retry_after_s=max(1.0, self.rests_for_s))
        self._probing = True

    def judge(self, fault: Fault | None) -> None:
        """Take note of how an admitted attempt ended; an answer that refuses us still shows a provider that lives."""
        if self._failures >= FAILURES:
            self._probing = False
        if fault is None or fault.kind not in PROVIDERS_OWN:
            self._failures = 0
            return
        self._failures += 1
        if self._failures >= FAILURES:
            self._rests_until = self._clock() + REST_S

    def forget(self) -> None:
        """Take back an admission whose attempt was stopped before its end."""
        self._probing = False
