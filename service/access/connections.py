"""The connected helpdesks: keys that got a reply over the API, each told once in the audit log."""

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.audit import AuditLog, audit
from service.access.callers import Caller
from service.errors import AccessError

log = structlog.get_logger()

CONNECTED = "helpdesk.connected"


class Connections:
    def __init__(self, engine: AsyncEngine, audit_log: AuditLog) -> None:
        self._engine = engine
        self._audit = audit_log
        self._known: set[tuple[str, str]] = set()

    async def note(self, caller: Caller, brand: str) -> None:
        """Note that the caller's key got a reply of *brand*; who comes without a key is no helpdesk."""
        connection = (caller.name, brand)
        if caller.key_id is None or connection in self._known:
            return
        try:
            if connection not in await self._read():
                await self._audit.note(CONNECTED, caller.name, who=caller, brand=brand)
        except AccessError as exc:
            # Nobody waits longer for a reply, or goes without it, because of a line that could not be written.
            log.warning("helpdesk.not_noted", detail=exc.detail)
        self._known.add(connection)

    async def any(self, brands: frozenset[str] | None = None) -> bool:
        """Say whether a helpdesk is connected, of *brands* when given; AccessError when that cannot be read."""
        return self._is_among(brands, self._known) or self._is_among(brands, await self._read())

    async def _read(self) -> set[tuple[str, str]]:
        query = select(audit.c.who, audit.c.brand).where(audit.c.action == CONNECTED).distinct()
        try:
            async with self._engine.connect() as connection:
                self._known |= {(row.who, row.brand) for row in await connection.execute(query)}
        except SQLAlchemyError as exc:
            raise AccessError("The audit log could not be read.") from exc
        return self._known

    @staticmethod
    def _is_among(brands: frozenset[str] | None, known: set[tuple[str, str]]) -> bool:
        return any(brands is None or brand in brands for _, brand in known)
