"""Receipts: the salted hash of a row, and the list of hashes from which a reply can be rebuilt."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.domain import Setting

SEALED = (
    "id", "created_at", "finished_at", "state", "brand", "ticket_id", "customer_id", "channel", "language", "tone",
    "prompt_version", "prompt_label", "generation", "answerability", "chat_model_provider", "chat_model_name",
    "decision", "reasons", "retrieval_ms", "chat_model_ms", "checks_ms", "total_ms", "prompt_tokens",
    "completion_tokens", "cost_usd", "error_type", "words",
)  # fmt: skip
"""The columns that a receipt covers, beside the record; their order is part of the receipt."""
PERSONAL = "personal"
"""The column of a customer's values; a receipt covers it last, where there are any."""


def sealed(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what the receipt of *row* covers, column by column, as it reads it."""
    columns = SEALED if row[PERSONAL] is None else (*SEALED, PERSONAL)
    return {column: written(row[column]) for column in columns}


def settings_hash(settings: Mapping[str, Setting]) -> str | None:
    """Return the SHA-256 (hex) of the settings that shaped a reply; None when they were not recorded."""
    said = json.dumps(dict(settings), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest() if settings else None


def new_salt() -> str:
    return secrets.token_hex(16)


def receipt_of(row: Mapping[str, Any]) -> str:
    """
    Return `sha256:` and the hash of what *row* says, its record included.

    The record holds the salt, so that nobody who has the hash alone can try out words against it.
    """
    said = "\x1f".join(sealed(row).values())
    return "sha256:" + hashlib.sha256(said.encode() + b"\x1e" + (row["record"] or b"")).hexdigest()


def written(value: object) -> str:
    """Return a column's value as a receipt reads it; NUL, which no text of ours holds, stands for nothing."""
    if value is None:
        return "\x00"
    return value.isoformat() if isinstance(value, datetime) else str(value)
