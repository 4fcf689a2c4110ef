"""Exports: the log in the formats of spreadsheets, of models' trainers and of backups; personal values stay hidden."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from copy import copy
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import LoggedReply
from service.errors import InvalidInputError
from service.reply_log.exchange.backup import backup
from service.reply_log.exchange.examples import fine_tuning, preference, promptfoo
from service.reply_log.exchange.opinion import NO_OPINION, Opinion, Opinions, nobody
from service.reply_log.exchange.reading import Wanted, part, rows
from service.reply_log.exchange.tables import COLUMNS, cells, write_xlsx
from service.reply_log.exchange.told import told
from service.reply_log.rows import from_row
from service.spreadsheet import Cell, csv_line

_MIN_VALUE_CHARS = 3
"""A shorter personal value in a correction may be any word."""


class Format(StrEnum):
    """What an export is for; a `backup` alone holds the personal values too, and is always whole."""

    BACKUP = "backup"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    PREFERENCE = "preference"
    FINETUNE = "finetune"
    PROMPTFOO = "promptfoo"


Tell = Callable[[LoggedReply, Opinion], dict[str, Any] | None]
_TOLD: Mapping[Format, Tell] = {
    Format.JSONL: told,
    Format.PREFERENCE: preference,
    Format.FINETUNE: fine_tuning,
    Format.PROMPTFOO: promptfoo,
}


class Exporter:
    def __init__(self, engine: AsyncEngine, opinions: Opinions = nobody) -> None:
        self._engine = engine
        self._judgements = opinions
        self._brands: frozenset[str] | None = None

    def only(self, brands: frozenset[str]) -> Self:
        """Return the same for who sees these brands only: replies of the others do not exist."""
        seen = copy(self)
        seen._brands = brands  # noqa: SLF001 - a copy of our own kind
        return seen

    async def part(self, wanted: Wanted, limit: int | None = None) -> tuple[Wanted, bool]:
        """
        Return *wanted* up to the newest reply there is, or the *limit*-th; and whether more follow behind it.

        Raises:
            ReplyLogError: The log cannot be read.
        """
        return await part(self._engine, self._seen(wanted), limit)

    async def lines(self, form: Format, wanted: Wanted) -> AsyncGenerator[bytes]:
        """
        Yield the export line by line, oldest reply first; one that goes on after a reply repeats no first line.

        Raises:
            InvalidInputError: A workbook has no lines, and a backup is of everything.
            ReplyLogError: The log cannot be read.
        """
        match form:
            case Format.XLSX:
                raise InvalidInputError("A workbook is written whole: name a file.")
            case Format.BACKUP:
                lines = self._backup(wanted)
            case Format.CSV:
                lines = self._table(wanted)
            case _:
                lines = self._objects(_TOLD[form], wanted)
        async for line in lines:
            yield line

    async def write_xlsx(self, path: Path, wanted: Wanted) -> None:
        """Write a workbook in bounded memory."""
        await write_xlsx(path, self._cells(wanted))

    async def _backup(self, wanted: Wanted) -> AsyncGenerator[bytes]:
        if not self._seen(wanted).everything:
            raise InvalidInputError("A backup is whole: leave the filters out, or choose another format.")
        async for line in backup(self._engine):
            yield line

    async def _table(self, wanted: Wanted) -> AsyncGenerator[bytes]:
        if wanted.after is None:
            yield csv_line(COLUMNS).encode()
        async for row in self._cells(wanted):
            yield csv_line(row).encode()

    async def _objects(self, tell: Tell, wanted: Wanted) -> AsyncGenerator[bytes]:
        async for logged, opinion in self._replies(wanted):
            said = tell(logged, opinion)
            if said:
                yield json.dumps(said, ensure_ascii=False).encode() + b"\n"

    def _seen(self, wanted: Wanted) -> Wanted:
        return wanted if self._brands is None else replace(wanted, brands=self._brands)

    async def _cells(self, wanted: Wanted) -> AsyncIterator[tuple[Cell, ...]]:
        async for logged, opinion in self._replies(wanted):
            yield cells(logged, opinion)

    async def _replies(self, wanted: Wanted) -> AsyncGenerator[tuple[LoggedReply, Opinion]]:
        async for page in rows(self._engine, self._seen(wanted)):
            judged = await self._judgements([row["id"] for row in page])
            for row in page:
                logged = from_row(row)
                yield logged, _hidden(judged.get(logged.reply.id, NO_OPINION), logged.personal)
                # Whoever waits for a reply is served between two of an export.
                await asyncio.sleep(0)


def _hidden(opinion: Opinion, personal: Mapping[str, str]) -> Opinion:
    """Return *opinion* with the customer's values hidden in its correction: who wrote it over the API read them."""
    if not opinion.better:
        return opinion
    better = opinion.better
    hidden = {value: key for key, value in personal.items() if key[0] == "[" and len(value) >= _MIN_VALUE_CHARS}
    for value in sorted(hidden, key=len, reverse=True):
        better = better.replace(value, hidden[value])
    return replace(opinion, better=better)
