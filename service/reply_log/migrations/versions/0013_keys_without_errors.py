"""A key whose reply failed is free again, so no key remembers a problem any more."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("request_keys", "error_type")
    op.drop_column("request_keys", "error_detail")


def downgrade() -> None:
    op.add_column("request_keys", sa.Column("error_type", sa.String(100)))
    op.add_column("request_keys", sa.Column("error_detail", sa.Text))
