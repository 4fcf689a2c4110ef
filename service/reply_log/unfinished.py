"""Brings replies to an end whose writer could not: the database was away, or the process is gone."""

import asyncio
from datetime import timedelta

import structlog

from service.errors import ReplyLogError
from service.reply_log.store import ReplyLog

log = structlog.get_logger()

_LOOK_EVERY_S = 5.0


class Unfinished:
    def __init__(self, reply_log: ReplyLog, *, stale_after: timedelta, alone: bool) -> None:
        """
        Take for interrupted what has been `pending` for longer than *stale_after*, which no reply takes.

        Who is *alone* on the database takes all that is `pending` at the start for interrupted.
        """
        self._log = reply_log
        self._stale_after = stale_after
        self._alone = alone

    async def end(self) -> int:
        """Return how many replies were interrupted; to be called before the first reply is written."""
        return await self._log.interrupt_stale(timedelta() if self._alone else self._stale_after)

    async def run(self) -> None:
        """Look again and again for as long as the service runs; a database that is away is waited for."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            try:
                finished = await self._log.finish_owed()
                interrupted = await self._log.interrupt_stale(self._stale_after)
            except ReplyLogError as exc:
                log.warning("replies.left_unfinished", detail=exc.detail)
            else:
                if finished or interrupted:
                    log.info("replies.brought_to_an_end", finished=finished, interrupted=interrupted)
