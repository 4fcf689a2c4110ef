"""The tables of prompt versions and of the moves of their labels."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from service.database import UtcDateTime, metadata

prompt_versions = Table(
    "prompt_versions",
    metadata,
    Column("version", String(12), primary_key=True),
    Column("brand", String(100), nullable=False),
    Column("tone", String(100), nullable=False),
    Column("template_text", Text, nullable=False),
    Column("brand_text", Text, nullable=False),
    Column("tone_text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

prompt_moves = Table(
    "prompt_moves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand", String(100), nullable=False),
    Column("label", String(100), nullable=False),
    Column("version", String(12), ForeignKey("prompt_versions.version")),
    Column("is_rollback", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", String(100), nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Index("ix_prompt_moves_label", "brand", "label", "id"),
)
"""Append-only: where a label points is its last move; no version means that it follows the files, or is gone."""
