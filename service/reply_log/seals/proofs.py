"""Proofs: what shows, without the database, that one reply was logged as it is and nothing before its seal changed."""

import base64
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.errors import NotFoundError, ReplyLogError
from service.reply_log.receipts import sealed
from service.reply_log.rows import replies
from service.reply_log.seals.ledger import ledger, seals
from service.reply_log.seals.merkle import proof
from service.reply_log.seals.sealing import leaves

FORMAT = "aplomb-proof-1"


async def bundle(engine: AsyncEngine, reply_id: str) -> dict[str, Any]:
    """
    Return the reply's row as its receipt covers it, its ledger entry, the way to its seal, and every seal since.

    `seal` is None while the entry is open; `row` and `record` are None once the words were erased.

    Raises:
        NotFoundError: There is no finished reply of this id.
        ReplyLogError: The database cannot be read.
    """
    try:
        async with engine.connect() as connection:
            return await _bundle(connection, reply_id)
    except SQLAlchemyError as exc:
        raise ReplyLogError("The reply log could not be read.") from exc


async def _bundle(connection: AsyncConnection, reply_id: str) -> dict[str, Any]:
    row = (await connection.execute(select(replies).where(replies.c.id == reply_id))).mappings().first()
    query = select(ledger).where(ledger.c.subject == reply_id).order_by(ledger.c.position.desc()).limit(1)
    entry = (await connection.execute(query)).mappings().first()
    if row is None or entry is None:
        raise NotFoundError("There is no finished reply of this id.")
    kept = row["record"] is not None
    return {
        "format": FORMAT,
        "row": sealed(dict(row)) if kept else None,
        "record": base64.b64encode(row["record"]).decode() if kept else None,
        "entry": {key: entry[key] for key in ("position", "kind", "subject", "digest")},
        **(await _sealed(connection, entry["position"], entry["seal"])),
    }


async def _sealed(connection: AsyncConnection, position: int, number: int | None) -> dict[str, Any]:
    if number is None:
        return {"seal": None, "steps": [], "seals": []}
    members = select(ledger).where(ledger.c.seal == number).order_by(ledger.c.position)
    entries = (await connection.execute(members)).mappings().all()
    place = next(place for place, entry in enumerate(entries) if entry["position"] == position)
    since = select(seals).where(seals.c.number >= number).order_by(seals.c.number)
    return {
        "seal": number,
        "steps": [[step.sibling, step.is_left] for step in proof(leaves(entries), place)],
        "seals": [
            {**row, "created_at": row["created_at"].isoformat()} for row in (await connection.execute(since)).mappings()
        ],
    }
