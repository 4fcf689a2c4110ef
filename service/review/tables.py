"""What people make of replies, as rows: reviews, the queues' items, the draws of samples, and outcomes."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text, or_

from service.database import UtcDateTime, metadata

PERSONAL = {"personal": True}
"""Columns that hold words: an erasure empties them with their reply."""

reviews = Table(
    "reviews",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("reply_id", String(40), nullable=False),
    Column("queue", String(20), nullable=False),
    Column("reviewer", String(100), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("note", Text, info=PERSONAL),
    Column("correction", Text, info=PERSONAL),
    Column("stratum", String(120)),
    Column("inclusion_probability", Float),
    Column("seconds", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Column("superseded_at", UtcDateTime),
    Column("superseded_by", String(40)),
    Column("undone_at", UtcDateTime),
    Index("ix_reviews_reply_id", "reply_id"),
    Index("ix_reviews_reviewer", "reviewer", "id"),
    Index("ix_reviews_queue", "queue", "created_at"),
)
"""A review counts while it is neither superseded nor undone; `reasons` are codes with spaces between."""

review_items = Table(
    "review_items",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("queue", String(20), nullable=False),
    Column("reply_id", String(40), nullable=False),
    Column("brand", String(100), nullable=False),
    Column("position", Float, nullable=False),
    Column("stratum", String(120)),
    Column("inclusion_probability", Float),
    Column("first_reviewer", String(100)),
    Column("reviewer", String(100)),
    Column("reserved_until", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("review_id", String(40)),
    Column("draft_reasons", Text),
    Column("draft_note", Text, info=PERSONAL),
    Column("draft_correction", Text, info=PERSONAL),
    Index("ix_review_items_reply", "queue", "reply_id", unique=True),
    Index("ix_review_items_open", "queue", "done_at", "position"),
    Index("ix_review_items_reply_id", "reply_id"),
)
"""A reply in a queue. Who holds it is `reviewer` until `reserved_until`; `first_reviewer` may not read it again."""

samples = Table(
    "samples",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("stratum", String(120), primary_key=True),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("drawn_from", UtcDateTime, nullable=False),
    Column("population", Integer, nullable=False),
    Column("drawn", Integer, nullable=False),
)
"""One draw from one stratum: `drawn` of the `population` replies since `drawn_from` that no draw had taken yet."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("reply_id", String(40), primary_key=True),
    Column("sent_text", Text, info=PERSONAL),
    Column("edited", Boolean),
    Column("edit_distance", Float),
    Column("csat", Integer),
    Column("reopened", Boolean),
    Column("resolved", Boolean),
    Column("at", UtcDateTime, nullable=False),
)
"""What the agent sent and what the customer did; `edit_distance` is in [0, 1], NULL where no sent text is known."""

Index(
    "ix_outcomes_unhappy",
    outcomes.c.reply_id,
    sqlite_where=or_(outcomes.c.csat <= 2, outcomes.c.reopened),  # noqa: PLR2004 - the two lowest of five
    postgresql_where=or_(outcomes.c.csat <= 2, outcomes.c.reopened),  # noqa: PLR2004 - the two lowest of five
)
