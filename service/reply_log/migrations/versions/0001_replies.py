"""The reply log and the prompt versions that it refers to."""

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_versions",
        sa.Column("version", sa.String(12), primary_key=True),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("tone", sa.String(100), nullable=False),
        sa.Column("template_text", sa.Text, nullable=False),
        sa.Column("brand_text", sa.Text, nullable=False),
        sa.Column("tone_text", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "replies",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("ticket_id", sa.String(200)),
        sa.Column("ticket", sa.JSON, nullable=False),
        sa.Column("variables", sa.JSON, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("prompt_version", sa.String(12), nullable=False),
        sa.Column("prompt_label", sa.String(100)),
        sa.Column("tone", sa.String(100), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("answerability", sa.Float, nullable=False),
        sa.Column("passages", sa.JSON, nullable=False),
        sa.Column("chat_model_provider", sa.String(100), nullable=False),
        sa.Column("chat_model_name", sa.String(200), nullable=False),
        sa.Column("chat_messages", sa.JSON),
        sa.Column("raw_output", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sentences", sa.JSON, nullable=False),
        sa.Column("decision", sa.String(20)),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("handoff", sa.JSON),
        sa.Column("usage", sa.JSON, nullable=False),
        sa.Column("timings_ms", sa.JSON, nullable=False),
        sa.Column("receipt", sa.String(80), nullable=False),
        sa.Column("error_type", sa.String(100)),
    )
    op.create_index("ix_replies_brand", "replies", ["brand", "id"])
    op.create_index("ix_replies_state", "replies", ["state"])


def downgrade() -> None:
    op.drop_table("replies")
    op.drop_table("prompt_versions")
