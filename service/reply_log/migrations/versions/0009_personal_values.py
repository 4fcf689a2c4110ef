"""A customer's values have a column of their own: everything else of a reply names them by placeholders."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("replies", sa.Column("personal", sa.Text))


def downgrade() -> None:
    op.drop_column("replies", "personal")
