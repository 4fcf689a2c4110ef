"""Seals the ledger: every so often its open entries get a Merkle root that names the seal before it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.errors import ReplyLogError
from service.reply_log.seals.ledger import GENESIS, entry_data, ledger, seal_of, seals
from service.reply_log.seals.merkle import leaf, root

log = structlog.get_logger()

MAX_ENTRIES = 4096
"""Entries under one seal: a proof has twelve steps at most."""
_LOOK_EVERY_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    number: int
    """1 for the first."""
    created_at: datetime
    entries: int
    root: str
    previous: str
    seal: str
    """SHA-256 of the other five; keep the newest somewhere else, and nobody can rewrite what came before it."""


class _OvertakenError(Exception):
    """Another process sealed some of the entries meanwhile."""


class Sealer:
    def __init__(self, engine: AsyncEngine, *, every_s: float, every_entries: int) -> None:
        """Seal at the latest after so many seconds, and once so many entries are open."""
        self._engine = engine
        self._every_s = every_s
        self._every_entries = every_entries

    async def seal(self) -> Seal | None:
        """Seal up to 4096 open entries, oldest first; None when there are none, or another process was faster."""
        try:
            async with self._engine.begin() as connection:
                return await _seal(connection)
        except (IntegrityError, _OvertakenError):
            return None
        except SQLAlchemyError as exc:
            raise ReplyLogError("The ledger could not be sealed.") from exc

    async def seal_all(self) -> int:
        """Seal until no entry is open; return how many seals that took."""
        made = 0
        while await self.seal():
            made += 1
        return made

    async def run(self) -> None:
        """Seal for as long as the service runs; a database that is away is waited for."""
        waited = 0.0
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            waited += _LOOK_EVERY_S
            try:
                if waited >= self._every_s or await self._open_entries() >= self._every_entries:
                    await self.seal_all()
                    waited = 0.0
            except ReplyLogError as exc:
                log.warning("ledger.not_sealed", detail=exc.detail)

    async def _open_entries(self) -> int:
        count = select(func.count()).select_from(ledger).where(ledger.c.seal.is_(None))
        try:
            async with self._engine.connect() as connection:
                return int(await connection.scalar(count) or 0)
        except SQLAlchemyError as exc:
            raise ReplyLogError("The ledger could not be read.") from exc


async def _seal(connection: AsyncConnection) -> Seal | None:
    # Before the entries: who seals between the two takes the number, and none of them is sealed twice.
    last = (await connection.execute(select(seals).order_by(seals.c.number.desc()).limit(1))).mappings().first()
    open_entries = select(ledger).where(ledger.c.seal.is_(None)).order_by(ledger.c.position).limit(MAX_ENTRIES)
    entries = (await connection.execute(open_entries)).mappings().all()
    if not entries:
        return None
    made = _made((last["number"] + 1, last["seal"]) if last else (1, GENESIS), entries)
    row = {column.name: getattr(made, column.name) for column in seals.c}
    await connection.execute(seals.insert().values(row))
    members = ledger.c.position.in_([entry["position"] for entry in entries])
    sealed = await connection.execute(update(ledger).where(members, ledger.c.seal.is_(None)).values(seal=made.number))
    if sealed.rowcount != len(entries):
        raise _OvertakenError
    return made


def _made(after: tuple[int, str], entries: Any) -> Seal:  # noqa: ANN401 - rows of the ledger
    number, previous = after
    created_at = datetime.now(UTC)
    over = root(leaves(entries))
    seal = seal_of(number, created_at, len(entries), over, previous)
    return Seal(number=number, created_at=created_at, entries=len(entries), root=over, previous=previous, seal=seal)


def leaves(entries: Any) -> list[str]:  # noqa: ANN401 - rows of the ledger
    """Return the leaf of each entry, in the entries' order."""
    return [leaf(entry_data(e["position"], e["kind"], e["subject"], e["digest"])) for e in entries]
