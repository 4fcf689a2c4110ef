"""Picking: puts replies that somebody chose from the log into a queue of their own, and never into the sample."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Self

import structlog
from sqlalchemy import select

from service.access.audit import AuditLog
from service.access.callers import Caller
from service.domain import ReplyState
from service.errors import NotFoundError
from service.reply_log.rows import replies
from service.review.candidates import insert_items, unsampled
from service.review.transactions import Transactions
from service.review.verdicts import Queue

log = structlog.get_logger()

MOST = 200
"""Replies that are picked at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    picked: int
    """Replies that came into the queue."""
    left: int
    """Others: in the queue already, judged there, or not finished."""


class Picker:
    def __init__(self, transactions: Transactions, audit: AuditLog) -> None:
        self._transactions = transactions
        self._audit = audit
        self._brands: frozenset[str] | None = None

    def only(self, brands: frozenset[str]) -> Self:
        """Return the same as who sees these brands only: replies of others do not exist."""
        seen = copy(self)
        seen._brands = brands  # noqa: SLF001 - a copy of our own kind
        return seen

    async def pick(self, reply_ids: Sequence[str], who: Caller) -> Picked:
        """
        Put replies into the queue; each is in it once, for good. The audit log keeps *who* picked which.

        Raises:
            NotFoundError: One of them does not exist, or its words were erased; then none is picked.
        """
        wanted = set(reply_ids)
        query = select(
            replies.c.id, replies.c.brand, replies.c.created_at, replies.c.state, replies.c.erased_at, *unsampled()
        ).where(replies.c.id.in_(sorted(wanted)))
        async with self._transactions.writing() as connection:
            found = (await connection.execute(query)).mappings().all()
            if len([row for row in found if self._is_seen(row)]) < len(wanted):
                raise NotFoundError("One of these replies does not exist, or its words were erased.")
            finished = [row for row in found if row["state"] == ReplyState.FINISHED.value]
            picked = 0
            if finished:
                put = insert_items(self._transactions.dialect, Queue.PICKED, finished)
                picked = len((await connection.execute(put)).all())
        log.info("replies.picked", asked=len(wanted), picked=picked)
        for brand in sorted({row["brand"] for row in finished}):
            ids = [row["id"] for row in finished if row["brand"] == brand]
            await self._audit.note(
                "replies.picked", f"{len(ids)} replies", who=who, brand=brand, detail=" ".join(sorted(ids))
            )
        return Picked(picked=picked, left=len(wanted) - picked)

    def _is_seen(self, row: Any) -> bool:  # noqa: ANN401 - a row's mapping
        return row["erased_at"] is None and (self._brands is None or row["brand"] in self._brands)
