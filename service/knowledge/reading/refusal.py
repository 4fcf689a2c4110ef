from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A file, or a record of one, that holds nothing we can read as an article."""

    source: str
    reason: str
    """One clear sentence for the knowledge manager."""
