"""The moves of prompt labels."""

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_moves",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("version", sa.String(12), sa.ForeignKey("prompt_versions.version")),
        sa.Column("is_rollback", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("moved_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_prompt_moves_label", "prompt_moves", ["brand", "label", "id"])


def downgrade() -> None:
    op.drop_table("prompt_moves")
