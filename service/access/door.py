"""The door: tells from a key or a session who calls, or refuses."""

import asyncio
import hmac
import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog

from service.access.callers import LOCAL, Caller
from service.access.keys import AccessKey, parts
from service.access.rates import Rates
from service.access.sessions import Sessions
from service.access.store import KeyStore
from service.errors import AccessError, KeyRequiredError, RateLimitError

log = structlog.get_logger()

_FRESH_S = 1.0
"""A key that was made or revoked by another process is noticed within it."""
_USED_EVERY = timedelta(minutes=1)


class Door:
    def __init__(self, store: KeyStore, sessions: Sessions, local_token: str) -> None:
        """Take the parts; *local_token* opens with every right: it lies in a file that only the operator reads."""
        self.sessions = sessions
        self._store = store
        self._local_token = local_token
        self._rates = Rates()
        self._keys: Mapping[str, AccessKey] = {}
        self._used: dict[str, datetime] = {}
        self._fresh_until = 0.0
        self._reading: asyncio.Task[None] | None = None

    async def has_keys(self) -> bool:
        """Say whether there ever was a key: revoking the last one does not open the service again."""
        return bool(await self._fresh())

    async def by_key(self, text: str) -> Caller:
        """
        Return whose key *text* is.

        Raises:
            KeyRequiredError: Nobody's, or it is expired or revoked.
            RateLimitError: It has made its requests of this minute.
        """
        if hmac.compare_digest(text.encode(), self._local_token.encode()):
            return LOCAL
        found = parts(text)
        key = (await self._fresh()).get(found[0]) if found else None
        if found is None or key is None or not key.opens_with(found[1]):
            raise KeyRequiredError("This key is not known. Check that it was copied whole.")
        return await self._admit(key)

    async def by_session(self, cookie: str) -> Caller:
        """Return whose session it is; raises what `by_key` raises."""
        key_id = self.sessions.key_id(cookie, datetime.now(UTC))
        key = (await self._fresh()).get(key_id) if key_id else None
        if key is None:
            raise KeyRequiredError("The session is over. Log in again.")
        return await self._admit(key)

    async def _admit(self, key: AccessKey) -> Caller:
        now = datetime.now(UTC)
        if not key.holds(now):
            raise KeyRequiredError("This key is expired or revoked. Ask for a new one.")
        wait_s = self._rates.wait_s(key.prefix, key.per_minute)
        if wait_s:
            raise RateLimitError("This key has made its requests of this minute.", math.ceil(wait_s))
        await self._note_use(key, now)
        return key.caller()

    async def _note_use(self, key: AccessKey, now: datetime) -> None:
        before = self._used.get(key.prefix) or key.last_used_at
        if before and now - before < _USED_EVERY:
            return
        self._used[key.prefix] = now
        try:
            await self._store.used(key.prefix, now)
        except AccessError as exc:
            # Nobody is turned away for a date that could not be written.
            log.warning("access_key.use_not_noted", detail=exc.detail)

    async def _fresh(self) -> Mapping[str, AccessKey]:
        """Return the keys as of now; those who ask at once share one reading, and its failure where it fails."""
        if self._fresh_until <= time.monotonic():
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._read())
            # Whoever goes away leaves the reading to the others.
            await asyncio.shield(self._reading)
        return self._keys

    async def _read(self) -> None:
        self._keys = {key.prefix: key for key in await self._store.all()}
        self._fresh_until = time.monotonic() + _FRESH_S
