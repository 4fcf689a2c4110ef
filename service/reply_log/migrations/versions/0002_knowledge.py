"""The knowledge base: articles, their passages and vectors, and the generations in which they live."""

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_generations",
        sa.Column("brand", sa.String(100), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("restores", sa.Integer),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "knowledge_articles",
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(10)),
        sa.Column("url", sa.Text),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("product", sa.Text),
        sa.Column("updated", sa.Date),
        sa.Column("owner", sa.Text),
        sa.Column("expires", sa.Date),
        sa.Column("passages", sa.Integer, nullable=False),
    )
    op.create_table(
        "knowledge_lives",
        sa.Column("brand", sa.String(100), primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("born", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("died", sa.Integer),
        sa.Column("version", sa.String(64), sa.ForeignKey("knowledge_articles.version"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_knowledge_lives_born", "knowledge_lives", ["brand", "born"])
    op.create_index("ix_knowledge_lives_died", "knowledge_lives", ["brand", "died"])
    op.create_index("ix_knowledge_lives_version", "knowledge_lives", ["version"])
    op.create_table(
        "knowledge_passages",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "knowledge_article_passages",
        sa.Column("version", sa.String(64), sa.ForeignKey("knowledge_articles.version"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("passage", sa.String(40), sa.ForeignKey("knowledge_passages.id"), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_knowledge_article_passages_passage", "knowledge_article_passages", ["passage"])
    op.create_table(
        "knowledge_vectors",
        sa.Column("brand", sa.String(100), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("text_digest", sa.String(32), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "knowledge_article_vectors",
        sa.Column("version", sa.String(64), sa.ForeignKey("knowledge_articles.version"), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("text_digest", sa.String(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_knowledge_article_vectors_key", "knowledge_article_vectors", ["key"])
    op.create_table(
        "knowledge_embedded",
        sa.Column("brand", sa.String(100), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in (
        "knowledge_embedded", "knowledge_article_vectors", "knowledge_vectors", "knowledge_article_passages",
        "knowledge_passages", "knowledge_lives", "knowledge_articles", "knowledge_generations",
    ):  # fmt: skip
        op.drop_table(table)
