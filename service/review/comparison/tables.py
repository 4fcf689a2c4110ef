"""Comparisons as rows: what is compared, its pairs with both texts, and what was chosen."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, Text

from service.database import UtcDateTime, metadata
from service.review.tables import PERSONAL

comparisons = Table(
    "comparisons",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("brand", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("baseline", Text, nullable=False),
    Column("candidate", Text, nullable=False),
    Column("tickets", String(20), nullable=False),
    Column("planned", Integer, nullable=False),
    Column("stopped_at", UtcDateTime),
    Index("ix_comparisons_brand", "brand", "id"),
)
"""`baseline` and `candidate` are sides in JSON; `planned` is the number of pairs that was set before the first look."""

comparison_pairs = Table(
    "comparison_pairs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("comparison_id", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("reply_id", String(40), nullable=False),
    Column("is_swapped", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("error", String(100)),
    Column("baseline", LargeBinary, info=PERSONAL),
    Column("candidate", LargeBinary, info=PERSONAL),
    Column("cost_usd", Float),
    Column("is_identical", Boolean, nullable=False),
    Column("reviewer", String(100)),
    Column("reserved_until", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("choice_id", String(40)),
    Index("ix_comparison_pairs_place", "comparison_id", "position", unique=True),
    Index("ix_comparison_pairs_state", "state"),
    Index("ix_comparison_pairs_reply_id", "reply_id"),
)
"""
One logged ticket answered by both sides; `is_swapped` was drawn at random and shows the candidate as A.

`reserved_until` holds a pair for its `reviewer`, and before it is written for the process that writes it.
"""

comparison_choices = Table(
    "comparison_choices",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("comparison_id", String(40), nullable=False),
    Column("pair_id", String(40), nullable=False),
    Column("reviewer", String(100), nullable=False),
    Column("preferred", String(10), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("seconds", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    Index("ix_comparison_choices_comparison", "comparison_id", "reviewer", "id"),
    Index("ix_comparison_choices_pair", "pair_id"),
)
"""A choice counts while it is not undone; what was undone stays."""
