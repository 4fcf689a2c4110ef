"""An index that holds all that the statistics read of a reply; it finds states too, in place of a shorter one."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COLUMNS = [
    "state", "created_at", "brand", "language", "tone", "prompt_version", "decision", "reasons", "cost_usd",
    "retrieval_ms", "chat_model_ms", "checks_ms", "total_ms", "id",
]  # fmt: skip


def upgrade() -> None:
    op.create_index("ix_replies_statistics", "replies", _COLUMNS)
    # SQLite would prefer the shorter one, and then read every row.
    op.drop_index("ix_replies_state", "replies")


def downgrade() -> None:
    op.create_index("ix_replies_state", "replies", ["state"])
    op.drop_index("ix_replies_statistics", "replies")
