"""Blind comparisons: what is compared, its pairs, and what was chosen."""

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparisons",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("created_by", sa.String(100), nullable=False),
        sa.Column("baseline", sa.Text, nullable=False),
        sa.Column("candidate", sa.Text, nullable=False),
        sa.Column("tickets", sa.String(20), nullable=False),
        sa.Column("planned", sa.Integer, nullable=False),
        sa.Column("stopped_at", UtcDateTime),
    )
    op.create_index("ix_comparisons_brand", "comparisons", ["brand", "id"])
    op.create_table(
        "comparison_pairs",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("comparison_id", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("reply_id", sa.String(40), nullable=False),
        sa.Column("is_swapped", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("error", sa.String(100)),
        sa.Column("baseline", sa.LargeBinary),
        sa.Column("candidate", sa.LargeBinary),
        sa.Column("cost_usd", sa.Float),
        sa.Column("is_identical", sa.Boolean, nullable=False),
        sa.Column("reviewer", sa.String(100)),
        sa.Column("reserved_until", UtcDateTime),
        sa.Column("done_at", UtcDateTime),
        sa.Column("choice_id", sa.String(40)),
    )
    op.create_index("ix_comparison_pairs_place", "comparison_pairs", ["comparison_id", "position"], unique=True)
    op.create_index("ix_comparison_pairs_state", "comparison_pairs", ["state"])
    op.create_index("ix_comparison_pairs_reply_id", "comparison_pairs", ["reply_id"])
    op.create_table(
        "comparison_choices",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("comparison_id", sa.String(40), nullable=False),
        sa.Column("pair_id", sa.String(40), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("preferred", sa.String(10), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("undone_at", UtcDateTime),
    )
    op.create_index("ix_comparison_choices_comparison", "comparison_choices", ["comparison_id", "reviewer", "id"])
    op.create_index("ix_comparison_choices_pair", "comparison_choices", ["pair_id"])


def downgrade() -> None:
    for table in ("comparison_choices", "comparison_pairs", "comparisons"):
        op.drop_table(table)
