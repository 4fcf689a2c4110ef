"""A row for each article that a reply cites; those of replies that are there already are read from their records."""

import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_LENGTHS = struct.Struct(">III")
_PAGE = 500


def upgrade() -> None:
    citations = op.create_table(
        "citations",
        sa.Column("reply_id", sa.String(40), primary_key=True),
        sa.Column("article", sa.Text, primary_key=True),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_citations_brand", "citations", ["brand", "at"])
    for rows in _found():
        op.get_bind().execute(citations.insert(), rows)


def downgrade() -> None:
    op.drop_table("citations")


def _found() -> Iterator[list[dict[str, Any]]]:
    columns: tuple[sa.ColumnClause[Any], ...] = (
        sa.column("id"),
        sa.column("brand"),
        sa.column("created_at", UtcDateTime),
        sa.column("record"),
    )
    query = sa.select(*columns).select_from(sa.table("replies")).order_by(sa.column("id")).limit(_PAGE)
    whole = query.where(sa.column("record").is_not(None), sa.column("state") != "pending")
    last = ""
    while page := op.get_bind().execute(whole.where(sa.column("id") > last)).all():
        last = page[-1].id
        rows = [
            {"reply_id": row.id, "brand": row.brand, "at": row.created_at, "article": article}
            for row in page
            for article in _articles(row.record)
        ]
        if rows:
            yield rows


def _articles(record: bytes) -> Iterator[str]:
    """Yield the articles that a record's reply cites; of a damaged one, which `aplomb log verify` names, none."""
    try:
        data = zlib.decompress(record)
        length, _, _ = _LENGTHS.unpack_from(data)
        reply = json.loads(data[_LENGTHS.size : _LENGTHS.size + length])["reply"]
    except (zlib.error, struct.error, ValueError, KeyError):
        return
    cited = (citation["article"] for sentence in reply["sentences"] for citation in sentence["citations"])
    yield from dict.fromkeys(cited)
