"""What the last ingest of each brand told: its refused files, and what its owner may want to put right."""

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_reports",
        sa.Column("brand", sa.String(100), primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("knowledge_reports")
