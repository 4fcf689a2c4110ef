"""Exports: the log in the formats of spreadsheets, of models' trainers and of backups; personal values stay hidden."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import LoggedReply
from service.errors import InvalidInputError
from service.reply_log.exchange.backup import backup, head, line
from service.reply_log.exchange.examples import EXAMPLES
from service.reply_log.exchange.reading import Wanted, rows
from service.reply_log.exchange.tables import COLUMNS, Cell, cells, csv_line, write_xlsx
from service.reply_log.rows import from_row, replies

Corrections = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""By reply, the better text that a person wrote, for those of the replies that have one."""


class Format(StrEnum):
    """What an export is for; `jsonl` of everything is a backup and holds the personal values too."""

    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    PREFERENCE = "preference"
    FINETUNE = "finetune"
    PROMPTFOO = "promptfoo"


async def no_corrections(reply_ids: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG001 - nobody corrected any
    return {}


class Exporter:
    def __init__(self, engine: AsyncEngine, corrections: Corrections = no_corrections) -> None:
        self._engine = engine
        self._corrections = corrections

    async def lines(self, form: Format, wanted: Wanted) -> AsyncGenerator[bytes]:
        """
        Yield the export line by line, oldest reply first; one that goes on after a reply repeats no first line.

        Raises:
            InvalidInputError: A workbook has no lines.
            ReplyLogError: The log cannot be read.
        """
        match form:
            case Format.JSONL:
                async for each in backup(self._engine) if wanted.everything else self._part(wanted):
                    yield each
            case Format.CSV:
                if wanted.after is None:
                    yield csv_line(COLUMNS)
                async for row in self._cells(wanted):
                    yield csv_line(row)
            case Format.XLSX:
                raise InvalidInputError("A workbook is written whole: name a file.")
            case _:
                async for logged, better in self._replies(wanted):
                    example = EXAMPLES[form.value](logged, better)
                    if example:
                        yield json.dumps(example, ensure_ascii=False).encode() + b"\n"

    async def write_xlsx(self, path: Path, wanted: Wanted) -> None:
        """Write a workbook in bounded memory."""
        await write_xlsx(path, self._cells(wanted))

    async def _part(self, wanted: Wanted) -> AsyncGenerator[bytes]:
        if wanted.after is None:
            yield head(whole=False)
        async for page in rows(self._engine, wanted):
            for row in page:
                yield line(replies, row)

    async def _cells(self, wanted: Wanted) -> AsyncIterator[tuple[Cell, ...]]:
        async for logged, better in self._replies(wanted):
            yield cells(logged, better)

    async def _replies(self, wanted: Wanted) -> AsyncGenerator[tuple[LoggedReply, str | None]]:
        async for page in rows(self._engine, wanted):
            better = await self._corrections([row["id"] for row in page])
            for row in page:
                yield from_row(row), better.get(row["id"])
