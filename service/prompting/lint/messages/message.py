from typing import NamedTuple


class Message(NamedTuple):
    """Two sentences for people who write no code; braces name what the finding says."""

    why: str
    fix: str
