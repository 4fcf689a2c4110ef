"""A receipt: the hash of everything from which a logged reply can be rebuilt."""

import hashlib
import json

from service.domain import LoggedReply
from service.reply_log.rows import to_row

_NOT_PART = frozenset({"receipt", "timings_ms", "finished_at", "created_at"})


def receipt(logged: LoggedReply) -> str:
    """Return `sha256:` and the hash of the row's canonical JSON, without its times and the receipt itself."""
    record = {key: value for key, value in to_row(logged).items() if key not in _NOT_PART}
    canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
