"""Reviews, the queues' items, the draws of samples, and outcomes."""

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("reply_id", sa.String(40), nullable=False),
        sa.Column("queue", sa.String(20), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("correction", sa.Text),
        sa.Column("stratum", sa.String(120)),
        sa.Column("inclusion_probability", sa.Float),
        sa.Column("seconds", sa.Float),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("superseded_at", UtcDateTime),
        sa.Column("superseded_by", sa.String(40)),
        sa.Column("undone_at", UtcDateTime),
    )
    op.create_index("ix_reviews_reply_id", "reviews", ["reply_id"])
    op.create_index("ix_reviews_reviewer", "reviews", ["reviewer", "id"])
    op.create_index("ix_reviews_queue", "reviews", ["queue", "created_at"])
    op.create_table(
        "review_items",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("queue", sa.String(20), nullable=False),
        sa.Column("reply_id", sa.String(40), nullable=False),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("position", sa.Float, nullable=False),
        sa.Column("stratum", sa.String(120)),
        sa.Column("inclusion_probability", sa.Float),
        sa.Column("first_reviewer", sa.String(100)),
        sa.Column("reviewer", sa.String(100)),
        sa.Column("reserved_until", UtcDateTime),
        sa.Column("done_at", UtcDateTime),
        sa.Column("review_id", sa.String(40)),
        sa.Column("draft_reasons", sa.Text),
        sa.Column("draft_note", sa.Text),
        sa.Column("draft_correction", sa.Text),
    )
    op.create_index("ix_review_items_reply", "review_items", ["queue", "reply_id"], unique=True)
    op.create_index("ix_review_items_open", "review_items", ["queue", "done_at", "position"])
    op.create_index("ix_review_items_reply_id", "review_items", ["reply_id"])
    op.create_table(
        "samples",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("stratum", sa.String(120), primary_key=True),
        sa.Column("drawn_at", UtcDateTime, nullable=False),
        sa.Column("drawn_from", UtcDateTime, nullable=False),
        sa.Column("population", sa.Integer, nullable=False),
        sa.Column("drawn", sa.Integer, nullable=False),
    )
    op.create_table(
        "outcomes",
        sa.Column("reply_id", sa.String(40), primary_key=True),
        sa.Column("sent_text", sa.Text),
        sa.Column("edited", sa.Boolean),
        sa.Column("edit_distance", sa.Float),
        sa.Column("csat", sa.Integer),
        sa.Column("reopened", sa.Boolean),
        sa.Column("resolved", sa.Boolean),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    unhappy = sa.text("csat <= 2 OR reopened")
    op.create_index("ix_outcomes_unhappy", "outcomes", ["reply_id"], sqlite_where=unhappy, postgresql_where=unhappy)
    op.create_index("ix_replies_decision", "replies", ["decision", "id", "state", "reasons"])


def downgrade() -> None:
    op.drop_index("ix_replies_decision", "replies")
    for table in ("outcomes", "samples", "review_items", "reviews"):
        op.drop_table(table)
