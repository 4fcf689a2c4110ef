"""Who was asked for each reply, and what each brand spent by day."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("replies", sa.Column("attempts", sa.JSON))
    op.create_table(
        "spending",
        sa.Column("brand", sa.String(100), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("micro_usd", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("spending")
    op.drop_column("replies", "attempts")
