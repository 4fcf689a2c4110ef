"""Retention: a brand's replies are erased when they are older than it keeps them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog

from service.access.audit import AuditLog
from service.errors import ServiceError
from service.reply_log.erasures import Eraser, Selection
from service.reply_log.once import KEPT, RequestKeys

log = structlog.get_logger()

REASON = "retention"
_EVERY_S = 6 * 3600.0

Days = Callable[[], Awaitable[Mapping[str, int]]]
"""By brand, how many days it keeps its replies; a brand that keeps them for good is not in it."""


class Retention:
    def __init__(self, eraser: Eraser, keys: RequestKeys, days: Days, audit: AuditLog) -> None:
        self._eraser = eraser
        self._keys = keys
        self._days = days
        self._audit = audit

    async def due(self, now: datetime | None = None) -> dict[str, tuple[str, ...]]:
        """Return by brand the replies that are older than it keeps them."""
        return {brand: await self._eraser.selected(old) for brand, old in (await self._selections(now)).items()}

    async def apply(self, now: datetime | None = None) -> dict[str, tuple[str, ...]]:
        """Erase what is due, and return it by brand."""
        erased = {brand: await self._eraser.erase(old, REASON) for brand, old in (await self._selections(now)).items()}
        for brand, ids in erased.items():
            if ids:
                log.info("replies.erased", brand=brand, replies=len(ids), reason=REASON)
                await self._audit.note("replies.erased", f"{len(ids)} replies", brand=brand, detail=REASON)
        return erased

    async def run(self) -> None:
        """Apply it every six hours for as long as the service runs; what fails is tried again."""
        while True:
            try:
                await self.apply()
                await self._keys.forget(datetime.now(UTC) - KEPT)
            except ServiceError as exc:
                log.warning("retention.failed", detail=exc.detail)
            await asyncio.sleep(_EVERY_S)

    async def _selections(self, now: datetime | None) -> dict[str, Selection]:
        today = now or datetime.now(UTC)
        return {
            brand: Selection(brand=brand, before=today - timedelta(days=days))
            for brand, days in (await self._days()).items()
        }
