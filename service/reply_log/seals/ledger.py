"""The ledger: what was logged, entry after entry, and the seals that bind its entries for good."""

import hashlib
from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from service.database import UtcDateTime, metadata

ledger = Table(
    "ledger",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("seal", Integer),
    Index("ix_ledger_seal", "seal", "position"),
    Index("ix_ledger_subject", "subject"),
    sqlite_autoincrement=True,
)

seals = Table(
    "seals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("root", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)

REPLY = "reply"
ERASURE = "erasure"

GENESIS = "0" * 64
"""What the first seal names as the one before it."""


def entry_data(position: int, kind: str, subject: str, digest: str) -> bytes:
    """Return the bytes of an entry's leaf."""
    return f"{position}\x1f{kind}\x1f{subject}\x1f{digest}".encode()


def seal_of(number: int, created_at: datetime, entries: int, root: str, previous: str) -> str:
    """Return the hash that the next seal names: whoever keeps the newest can tell if anything before it changed."""
    said = f"{number}\x1f{created_at.isoformat()}\x1f{entries}\x1f{root}\x1f{previous}"
    return hashlib.sha256(said.encode()).hexdigest()
