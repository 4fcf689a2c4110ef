"""The log as a table for a spreadsheet: one row a reply, and nothing in it that a spreadsheet would compute."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from service.domain import LoggedReply
from service.reply_log.exchange.opinion import Opinion
from service.spreadsheet import Cell

COLUMNS = (
    "id", "created_at", "state", "brand", "ticket", "channel", "language", "decision", "reasons", "question", "text",
    "better", "sentences", "citations", "answerability", "prompt_version", "prompt_label", "tone", "chat_model",
    "generation", "prompt_tokens", "completion_tokens", "cost_usd", "total_ms", "error", "erased_at", "verdict",
    "reject_reasons", "queue", "inclusion_probability", "edit_distance", "csat",
)  # fmt: skip
_MAX_CELL_CHARS = 32_767
_MAX_ROWS = 1_048_576
"""Of a sheet."""


def cells(logged: LoggedReply, opinion: Opinion) -> tuple[Cell, ...]:
    """Return the reply's cells in the order of `COLUMNS`; of an erased one only what is left."""
    reply, ticket, usage = logged.reply, logged.ticket, logged.reply.usage
    return (
        reply.id, reply.created_at.isoformat(), reply.state.value, reply.brand, ticket.id, ticket.channel,
        reply.language, reply.decision.value, " ".join(reason.code.value for reason in reply.reasons), reply.question,
        reply.text, opinion.better, len(reply.sentences), sum(len(each.citations) for each in reply.sentences),
        reply.answerability, reply.prompt.version, reply.prompt.label, reply.prompt.tone,
        f"{reply.chat_model.provider}:{reply.chat_model.name}", reply.generation, usage.prompt_tokens,
        usage.completion_tokens, usage.cost_usd, reply.timings_ms.total, logged.error,
        logged.erased_at.isoformat() if logged.erased_at else None,
        opinion.verdict, " ".join(opinion.reject_reasons), opinion.queue, opinion.inclusion_probability,
        opinion.edit_distance, opinion.csat,
    )  # fmt: skip


async def write_xlsx(path: Path, rows: AsyncIterator[tuple[Cell, ...]]) -> None:
    """Write a workbook row by row; texts stay texts, whatever they begin with, cut at what a cell can hold."""
    workbook = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
    try:
        number = _MAX_ROWS
        async for row in rows:
            if number == _MAX_ROWS:
                sheet, number = _sheet(workbook), 1
            _write(sheet, number, row)
            number += 1
        if not workbook.worksheets():
            _sheet(workbook)
    finally:
        # It is packed now, which takes long.
        await asyncio.to_thread(workbook.close)


def _sheet(workbook: xlsxwriter.Workbook) -> Worksheet:
    """Begin a sheet: one holds so many rows and no more."""
    sheets = len(workbook.worksheets())
    sheet: Worksheet = workbook.add_worksheet(f"replies {sheets + 1}" if sheets else "replies")
    _write(sheet, 0, COLUMNS)
    return sheet


def _write(sheet: Worksheet, number: int, row: tuple[Cell, ...]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(number, column, cell[:_MAX_CELL_CHARS])
        elif cell is not None:
            sheet.write_number(number, column, cell)
