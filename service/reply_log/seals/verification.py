"""Checks the log against its ledger and the ledger against its seals: what was changed, is missing, or was added."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.database import snapshot
from service.domain import ReplyState
from service.errors import ReplyLogError
from service.reply_log.erasures import digest_of, erased_by, erasures
from service.reply_log.receipts import receipt_of
from service.reply_log.rows import replies
from service.reply_log.seals.ledger import ERASURE, GENESIS, REPLY, ledger, seal_of, seals
from service.reply_log.seals.merkle import root
from service.reply_log.seals.sealing import MAX_ENTRIES, leaves

_PAGE = 500


class Damage(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    ERASED = "erased_without_record"
    SEAL = "broken_seal"


@dataclass(frozen=True, slots=True)
class Finding:
    damage: Damage
    subject: str
    """The id of a reply or an erasure, or `seal 7`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    entries: int
    seals: int
    newest_seal: str
    """`0` sixty-four times when there is none."""
    findings: tuple[Finding, ...]


async def verify(
    engine: AsyncEngine, progress: Callable[[int], None] = lambda _: None, *, known_seal: str | None = None
) -> Verification:
    """
    Check everything; *progress* gets the number of entries checked so far.

    With *known_seal*, a seal kept elsewhere, a chain that does not hold it is a finding too: it was rewritten.

    Raises:
        ReplyLogError: The database cannot be read.
    """
    try:
        # Of one moment: a seal or an erasure that comes meanwhile is no damage.
        async with snapshot(engine) as connection:
            return await _Check(connection, progress).run(known_seal)
    except SQLAlchemyError as exc:
        raise ReplyLogError("The reply log could not be read.") from exc


class _Check:
    def __init__(self, connection: AsyncConnection, progress: Callable[[int], None]) -> None:
        self._connection = connection
        self._progress = progress
        self._findings: list[Finding] = []
        self._entries = 0
        self._erased: frozenset[str] = frozenset()

    async def run(self, known_seal: str | None) -> Verification:
        self._erased = await self._said_erased()
        rows = await self._rows(select(seals).order_by(seals.c.number))
        previous, known = GENESIS, {GENESIS, None}
        for number, row in enumerate(rows, start=1):
            await self._check_seal(number, row, previous)
            previous = row["seal"]
            known.add(previous)
        async for entries in self._open_entries():
            await self._check_entries(entries)
        await self._look_for_added()
        if known_seal not in known:
            self._found(Damage.SEAL, f"seal {known_seal}")
        return Verification(
            entries=self._entries, seals=len(rows), newest_seal=previous, findings=tuple(dict.fromkeys(self._findings))
        )

    def _found(self, damage: Damage, subject: str) -> None:
        self._findings.append(Finding(damage, subject))

    async def _rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in (await self._connection.execute(query)).mappings()]

    async def _said_erased(self) -> frozenset[str]:
        """Return the replies of every erasure whose record is in the ledger as it was written."""
        query = select(erasures, ledger.c.digest).join(
            ledger, (ledger.c.subject == erasures.c.id) & (ledger.c.kind == ERASURE)
        )
        rows = await self._rows(query)
        return frozenset(reply for row in rows if digest_of(row) == row["digest"] for reply in erased_by(row))

    async def _check_seal(self, number: int, row: Mapping[str, Any], previous: str) -> None:
        query = select(ledger).where(ledger.c.seal == row["number"]).order_by(ledger.c.position)
        entries = await self._rows(query)
        said = seal_of(row["number"], row["created_at"], row["entries"], row["root"], row["previous"])
        whole = (row["number"], row["previous"], row["seal"]) == (number, previous, said)
        if not whole or len(entries) != row["entries"] or root(leaves(entries)) != row["root"]:
            self._found(Damage.SEAL, f"seal {row['number']}")
        await self._check_entries(entries)

    async def _open_entries(self) -> AsyncIterator[list[dict[str, Any]]]:
        last = 0
        page = select(ledger).where(ledger.c.seal.is_(None)).order_by(ledger.c.position).limit(MAX_ENTRIES)
        while entries := await self._rows(page.where(ledger.c.position > last)):
            yield entries
            last = entries[-1]["position"]

    async def _check_entries(self, entries: Sequence[Mapping[str, Any]]) -> None:
        for start in range(0, len(entries), _PAGE):
            part = entries[start : start + _PAGE]
            await self._check_replies({e["subject"]: e["digest"] for e in part if e["kind"] == REPLY})
            await self._check_erasures({e["subject"]: e["digest"] for e in part if e["kind"] == ERASURE})
            self._entries += len(part)
            self._progress(self._entries)

    async def _check_replies(self, digests: Mapping[str, str]) -> None:
        query = select(replies).where(replies.c.id.in_(digests))
        rows = {row["id"]: row for row in await self._rows(query)} if digests else {}
        for reply_id, digest in digests.items():
            row = rows.get(reply_id)
            if row is None:
                self._found(Damage.MISSING, reply_id)
            elif row["record"] is None and reply_id not in self._erased:
                self._found(Damage.ERASED, reply_id)
            elif digest != (row["receipt"] if row["record"] is None else receipt_of(row)):
                self._found(Damage.CHANGED, reply_id)

    async def _check_erasures(self, digests: Mapping[str, str]) -> None:
        query = select(erasures).where(erasures.c.id.in_(digests))
        rows = {row["id"]: row for row in await self._rows(query)} if digests else {}
        for erasure_id, digest in digests.items():
            row = rows.get(erasure_id)
            if row is None or digest_of(row) != digest:
                self._found(Damage.MISSING if row is None else Damage.CHANGED, erasure_id)

    async def _look_for_added(self) -> None:
        entered = select(ledger.c.subject).where(ledger.c.subject == replies.c.id).exists()
        query = select(replies.c.id).where(replies.c.state != ReplyState.PENDING.value, ~entered)
        for reply_id in (await self._connection.execute(query)).scalars():
            self._found(Damage.ADDED, reply_id)
