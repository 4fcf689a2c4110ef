"""Names for what is kept."""

import secrets
import threading
import time

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_making = threading.Lock()
_newest = [0]


def new_id(prefix: str) -> str:
    """Return *prefix* and a ULID: 26 characters, unguessable, and in the order of making within this process."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    with _making:
        # Within a millisecond, or when the clock goes back, an id is the one before and a random step.
        number = _newest[0] = max(number, _newest[0] + 1 + secrets.randbits(60))
    return prefix + "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
