"""Outcomes: what the agent really sent, and what the customer did."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from service.errors import NotFoundError
from service.review.tables import outcomes
from service.review.transactions import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is not known is None."""

    sent_text: str | None = None
    edited: bool | None = None
    csat: int | None = None
    """1 to 5."""
    reopened: bool | None = None
    resolved: bool | None = None
    edit_distance: float | None = None
    """Of the text sent from the reply, in [0, 1]: 0 is sent as it was."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Outcomes:
    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def put(self, reply_id: str, outcome: Outcome) -> None:
        """Save the outcome; one that was there before is replaced whole."""
        insert = postgresql.insert if self._transactions.dialect == "postgresql" else sqlite.insert
        values = {name: getattr(outcome, name) for name in _COLUMNS}
        row = insert(outcomes).values(reply_id=reply_id, **values)
        async with self._transactions.writing() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["reply_id"], set_=values))

    async def get(self, reply_id: str) -> Outcome:
        """Return a reply's outcome; NotFoundError when none was told."""
        rows = await self._transactions.rows(select(outcomes).where(outcomes.c.reply_id == reply_id))
        if not rows:
            raise NotFoundError("No outcome of this reply is known.")
        return Outcome(**{name: rows[0][name] for name in _COLUMNS})


_COLUMNS = ("sent_text", "edited", "edit_distance", "csat", "reopened", "resolved", "at")
