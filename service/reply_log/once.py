"""Keys under which a request was made once: the same key later gives the same reply, and not another one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Index, Integer, String, Table, bindparam, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.database import UtcDateTime, metadata
from service.errors import ReplyLogError
from service.reply_log.line import Write

request_keys = Table(
    "request_keys",
    metadata,
    Column("scope", String(120), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("reply_id", String(40), nullable=False),
    Column("ticket_id", String(200)),
    Column("messages", Integer, nullable=False),
    Index("ix_request_keys_reply_id", "reply_id"),
    Index("ix_request_keys_ticket_id", "scope", "ticket_id"),
    info={"personal": True},
)

_CLAIM = request_keys.insert()
_TAKE_OVER = (
    update(request_keys)
    .where(
        request_keys.c.scope == bindparam("its_scope"),
        request_keys.c.key == bindparam("its_key"),
        request_keys.c.reply_id == bindparam("its_reply"),
    )
    .values({name: bindparam(name) for name in ("created_at", "fingerprint", "reply_id", "ticket_id", "messages")})
)

KEPT = timedelta(days=7)
"""How long a key is remembered; a helpdesk repeats a request within minutes, the promise is a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """What makes a request the same request."""

    scope: str
    """Whose key it is: the same words from another brand are another key."""
    key: str
    fingerprint: str
    """SHA-256 (hex) of the request's body: the same key with another body is a mistake."""
    ticket_id: str | None = None
    messages: int = 0
    """How many messages the customer had written."""
    instead_of: str | None = None
    """The id of the reply that the key led to, when nobody ever got it whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a key led to."""

    fingerprint: str
    reply_id: str


def claim(key: RequestKey, reply_id: str, now: datetime) -> Write:
    """
    Return what takes the key, in the transaction that begins the reply.

    A second one breaks the primary key, or does not find the key at the reply any more that it takes it over from.
    """
    taken = {
        "created_at": now,
        "fingerprint": key.fingerprint,
        "reply_id": reply_id,
        "ticket_id": key.ticket_id,
        "messages": key.messages,
    }
    if key.instead_of is None:
        return _CLAIM, {"scope": key.scope, "key": key.key, **taken}
    return _TAKE_OVER, {"its_scope": key.scope, "its_key": key.key, "its_reply": key.instead_of, **taken}


class RequestKeys:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def answered(self, key: RequestKey) -> Answered | None:
        """Return what the key led to; None when it is new."""
        query = select(request_keys).where(request_keys.c.scope == key.scope, request_keys.c.key == key.key)
        try:
            async with self._engine.connect() as connection:
                row = (await connection.execute(query)).mappings().first()
        except SQLAlchemyError as exc:
            raise ReplyLogError("The request's key could not be looked up.") from exc
        if row is None:
            return None
        return Answered(fingerprint=row["fingerprint"], reply_id=row["reply_id"])

    async def newest_message(self, key: RequestKey) -> int:
        """Return how many messages the customer had written in the latest request for the key's ticket; 0 for none."""
        query = select(func.max(request_keys.c.messages)).where(
            request_keys.c.scope == key.scope, request_keys.c.ticket_id == key.ticket_id
        )
        try:
            async with self._engine.connect() as connection:
                return int(await connection.scalar(query) or 0)
        except SQLAlchemyError as exc:
            raise ReplyLogError("The request's key could not be looked up.") from exc

    async def forget(self, before: datetime) -> None:
        """Drop the keys that are older than *before*."""
        try:
            async with self._engine.begin() as connection:
                await connection.execute(delete(request_keys).where(request_keys.c.created_at < before))
        except SQLAlchemyError as exc:
            raise ReplyLogError("The old keys of requests could not be dropped.") from exc
