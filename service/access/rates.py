"""How many requests a key may make: a bucket of a minute's worth that fills up again, one for each process."""

import time


class Rates:
    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}
        """By key: what was left, and when (monotonic seconds)."""

    def wait_s(self, key_id: str, per_minute: int) -> float:
        """Take one request out; return 0, or the seconds until there is one to take."""
        now = time.monotonic()
        left, at = self._buckets.get(key_id, (float(per_minute), now))
        left = min(per_minute, left + (now - at) * per_minute / 60)
        if left < 1:
            return (1 - left) * 60 / per_minute
        self._buckets[key_id] = (left - 1, now)
        return 0.0
