"""A reply's words go into one compressed record; receipts go into a ledger whose entries are sealed."""

import hashlib
import json
import secrets
import struct
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from service.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Columns = Callable[[], list[sa.Column[Any]]]

_PAGE = 500
_LENGTHS = struct.Struct(">III")
_MAX_WORDS = 1_500
_SEALED = (
    "id", "created_at", "finished_at", "state", "brand", "ticket_id", "customer_id", "channel", "language", "tone",
    "prompt_version", "prompt_label", "generation", "answerability", "chat_model_provider", "chat_model_name",
    "decision", "reasons", "retrieval_ms", "chat_model_ms", "checks_ms", "total_ms", "prompt_tokens",
    "completion_tokens", "cost_usd", "error_type", "words",
)  # fmt: skip


def _common() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("brand", sa.String(100), nullable=False),
        sa.Column("ticket_id", sa.String(200)),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("tone", sa.String(100), nullable=False),
        sa.Column("prompt_version", sa.String(12), nullable=False),
        sa.Column("prompt_label", sa.String(100)),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("answerability", sa.Float, nullable=False),
        sa.Column("chat_model_provider", sa.String(100), nullable=False),
        sa.Column("chat_model_name", sa.String(200), nullable=False),
        sa.Column("error_type", sa.String(100)),
    ]


def _new_columns() -> list[sa.Column[Any]]:
    return [
        *_common(),
        sa.Column("customer_id", sa.String(200)),
        sa.Column("channel", sa.String(100)),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("retrieval_ms", sa.Float, nullable=False),
        sa.Column("chat_model_ms", sa.Float, nullable=False),
        sa.Column("checks_ms", sa.Float, nullable=False),
        sa.Column("total_ms", sa.Float, nullable=False),
        sa.Column("prompt_tokens", sa.Integer),
        sa.Column("completion_tokens", sa.Integer),
        sa.Column("cost_usd", sa.Float),
        sa.Column("words", sa.Text),
        sa.Column("record", sa.LargeBinary),
        sa.Column("receipt", sa.String(80)),
        sa.Column("erased_at", UtcDateTime),
    ]


def _old_columns() -> list[sa.Column[Any]]:
    return [
        *_common(),
        sa.Column("ticket", sa.JSON, nullable=False),
        sa.Column("variables", sa.JSON, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("passages", sa.JSON, nullable=False),
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
        sa.Column("attempts", sa.JSON),
    ]


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("seal", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_seal", "ledger", ["seal", "position"])
    op.create_index("ix_ledger_subject", "ledger", ["subject"])
    op.create_table(
        "seals",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("replies", sa.Text, nullable=False),
    )
    _replace(_old_columns, _new_columns, _to_record)
    op.create_index("ix_replies_ticket_id", "replies", ["ticket_id"])
    op.create_index("ix_replies_customer_id", "replies", ["customer_id"])


def downgrade() -> None:
    _replace(_new_columns, _old_columns, _from_record)
    op.drop_table("erasures")
    op.drop_table("seals")
    op.drop_table("ledger")


def _replace(old: Columns, new: Columns, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Carry every row of `replies` over to the new shape, page by page."""
    connection = op.get_bind()
    op.create_table("replies_after", *new())
    before, after = sa.Table("replies", sa.MetaData(), *old()), sa.Table("replies_after", sa.MetaData(), *new())
    last = ""
    page = before.select().order_by(before.c.id).limit(_PAGE)
    while rows := connection.execute(page.where(before.c.id > last)).mappings().all():
        written = [row for row in (change(dict(each)) for each in rows) if row is not None]
        if written:
            connection.execute(after.insert(), written)
        _enter(connection, [row for row in written if row.get("record") and row["receipt"]])
        last = rows[-1]["id"]
    op.drop_table("replies")
    op.rename_table("replies_after", "replies")
    if connection.dialect.name == "postgresql":
        op.execute("ALTER INDEX replies_after_pkey RENAME TO replies_pkey")
    op.create_index("ix_replies_brand", "replies", ["brand", "id"])
    op.create_index("ix_replies_state", "replies", ["state"])


def _enter(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    entries = sa.table("ledger", *[sa.column(name, sa.String) for name in ("kind", "subject", "digest")])
    for row in rows:
        values = {"kind": "reply", "subject": row["id"], "digest": row["receipt"]}
        connection.execute(entries.insert().values(values))


def _to_record(row: dict[str, Any]) -> dict[str, Any]:
    kept = {column.name: row[column.name] for column in _common()}
    usage, timings, ticket = row["usage"], row["timings_ms"], row["ticket"]
    reply = {
        **{key: row[key] for key in ("id", "state", "brand", "language", "question", "text", "sentences", "passages")},
        **{key: row[key] for key in ("answerability", "decision", "reasons", "handoff", "generation", "usage")},
        "created_at": row["created_at"].isoformat(),
        "prompt": {key: row[column] for key, column in _PROMPT.items()},
        "chat_model": {"provider": row["chat_model_provider"], "name": row["chat_model_name"]},
        "timings_ms": timings,
        "receipt": "",
    }
    logged = {
        "reply": reply,
        "ticket": {**ticket, "variables": row["variables"]},
        "chat_messages": row["chat_messages"] or [],
        "raw_output": row["raw_output"] or "",
        "finished_at": row["finished_at"].isoformat() if row["finished_at"] else None,
        "error": row["error_type"],
        "attempts": row["attempts"] or [],
        "salt": secrets.token_hex(16),
    }
    text = json.dumps(logged, ensure_ascii=False, separators=(",", ":")).encode()
    new = {
        **kept,
        "customer_id": (ticket.get("customer") or {}).get("id"),
        "channel": ticket.get("channel"),
        "decision": row["decision"] or "review",
        "reasons": " ".join(reason["code"] for reason in row["reasons"]),
        **{f"{stage}_ms": timings.get(stage, 0.0) for stage in ("retrieval", "chat_model", "checks", "total")},
        **{key: usage.get(key) for key in ("prompt_tokens", "completion_tokens", "cost_usd")},
        "words": f"{ticket.get('subject') or ''}\n{row['question']}\n{row['text']}".strip()[:_MAX_WORDS],
        "record": zlib.compress(_LENGTHS.pack(len(text), 0, 0) + text),
        "erased_at": None,
    }
    return {**new, "receipt": None if row["state"] == "pending" else _receipt(new)}


_PROMPT = {"version": "prompt_version", "label": "prompt_label", "brand": "brand", "tone": "tone"}


def _receipt(row: dict[str, Any]) -> str:
    said = "\x1f".join(_written(row[column]) for column in _SEALED)
    return "sha256:" + hashlib.sha256(said.encode() + b"\x1e" + row["record"]).hexdigest()


def _written(value: object) -> str:
    if value is None:
        return "\x00"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _from_record(row: dict[str, Any]) -> dict[str, Any] | None:
    """Return the row of before; an erased reply has no words to fill it with and stays behind."""
    if row["record"] is None:
        return None
    data = zlib.decompress(row["record"])
    length = _LENGTHS.unpack_from(data)[0]
    logged = json.loads(data[_LENGTHS.size : _LENGTHS.size + length])
    reply, ticket = logged["reply"], dict(logged["ticket"])
    variables = ticket.pop("variables")
    return {
        **{column.name: row[column.name] for column in _common()},
        "ticket": ticket,
        "variables": variables,
        **{key: reply[key] for key in ("question", "passages", "text", "sentences", "decision", "reasons", "handoff")},
        "chat_messages": logged["chat_messages"],
        "raw_output": logged["raw_output"],
        "attempts": logged["attempts"],
        "usage": reply["usage"],
        "timings_ms": reply["timings_ms"],
        "receipt": row["receipt"] or "",
    }
