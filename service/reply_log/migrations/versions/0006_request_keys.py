"""The keys under which requests were made, so that a repetition gets the reply that there is."""

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_keys",
        sa.Column("scope", sa.String(120), primary_key=True),
        sa.Column("key", sa.String(300), primary_key=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("reply_id", sa.String(40), nullable=False),
        sa.Column("ticket_id", sa.String(200)),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Column("error_type", sa.String(100)),
        sa.Column("error_detail", sa.Text),
    )
    op.create_index("ix_request_keys_reply_id", "request_keys", ["reply_id"])
    op.create_index("ix_request_keys_ticket_id", "request_keys", ["scope", "ticket_id"])


def downgrade() -> None:
    op.drop_table("request_keys")
