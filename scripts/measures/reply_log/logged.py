"""Measures the reply log on real replies, copied often: how fast, how large, and whether one flipped byte is found."""

import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from scripts.measures.knowledge import metrics
from service.assembly import assemble
from service.cli.ingesting import Wanted, ingest_into
from service.database import migrate, open_engine, sqlite_url
from service.domain import Customer, Decision, LoggedReply, Message, ReplyState, Sender, Ticket, new_id
from service.reply_log.receipts import new_salt, receipt_of
from service.reply_log.rows import replies, to_row
from service.reply_log.seals.ledger import ledger
from service.reply_log.seals.sealing import Sealer
from service.reply_log.seals.verification import verify
from service.reply_log.store import ReplyFilter, ReplyLog
from service.settings import Settings

_BRAND = "maison-lune"
_ASKED = (
    "Sous combien de jours ouvrés arrive un remboursement par carte ?",
    "Mon colis n’est pas arrivé, comment le suivre ?",
    "How do I return an item that arrived damaged?",
    "Puis-je changer l’adresse de livraison de ma commande ?",
)
_BATCH = 500
_WRITES = 200


async def measure(count: int, knowledge: Path) -> dict[str, float]:
    """Return milliseconds, bytes a reply and seconds of a whole verification, over *count* replies in SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        models = await _real(Path(folder) / "service", knowledge)
        url = sqlite_url(Path(folder))
        await asyncio.to_thread(migrate, url)
        engine = open_engine(url)
        try:
            await _fill(engine, models, count)
            await Sealer(engine, every_s=1, every_entries=1).seal_all()
            size = (Path(folder) / "aplomb.db").stat().st_size
            figures = {"replies": float(count), "bytes_a_reply": size / count}
            return figures | await _write(engine, models) | await _list(engine) | await _verify(engine)
        finally:
            await engine.dispose()


async def _real(data_dir: Path, knowledge: Path) -> list[LoggedReply]:
    """Return replies as the service writes them to the demo brand's customers."""
    settings = Settings(data_dir=data_dir, log_level="error")
    async with assemble(settings) as services:
        await ingest_into(services, Wanted(knowledge / _BRAND, _BRAND), Console(stderr=True, quiet=True))
        for asked in _ASKED:
            messages = (Message(sender=Sender.CUSTOMER, text=asked),)
            await services.writer.write(Ticket(brand=_BRAND, messages=messages, customer=Customer(id="c_1")))
        return list((await services.reply_log.page(ReplyFilter())).replies)


def _copy(original: LoggedReply) -> LoggedReply:
    return replace(original, salt=new_salt(), reply=replace(original.reply, id=new_id("rep_")))


async def _fill(engine: AsyncEngine, models: list[LoggedReply], count: int) -> None:
    for start in range(0, count, _BATCH):
        made = [to_row(_copy(models[number % len(models)])) for number in range(start, min(start + _BATCH, count))]
        rows = [{**row, "receipt": receipt_of(row)} for row in made]
        entries = [{"kind": "reply", "subject": row["id"], "digest": row["receipt"]} for row in rows]
        async with engine.begin() as connection:
            await connection.execute(replies.insert(), rows)
            await connection.execute(ledger.insert(), entries)


async def _write(engine: AsyncEngine, models: list[LoggedReply]) -> dict[str, float]:
    log, times = ReplyLog(engine), []
    for number in range(_WRITES):
        finished = _copy(models[number % len(models)])
        pending = replace(
            finished, reply=replace(finished.reply, state=ReplyState.PENDING, receipt=""), finished_at=None
        )
        began = time.perf_counter()
        await log.begin(pending)
        await log.finish(finished)
        times.append((time.perf_counter() - began) * 1000)
    return {"write_p50_ms": metrics.percentile(times, 0.5), "write_p95_ms": metrics.percentile(times, 0.95)}


async def _list(engine: AsyncEngine) -> dict[str, float]:
    log, slowest = ReplyLog(engine), 0.0
    filters = (
        ReplyFilter(),
        ReplyFilter(brand=_BRAND, decision=Decision.REVIEW),
        ReplyFilter(state=ReplyState.FAILED),
        ReplyFilter(language="en", brand=_BRAND),
    )
    for wanted in filters:
        began = time.perf_counter()
        await log.page(wanted)
        slowest = max(slowest, (time.perf_counter() - began) * 1000)
    return {"slowest_list_ms": slowest}


async def _verify(engine: AsyncEngine) -> dict[str, float]:
    began = time.perf_counter()
    clean = await verify(engine)
    took = time.perf_counter() - began
    async with engine.begin() as connection:
        row = (await connection.execute(text("SELECT id, record FROM replies LIMIT 1 OFFSET 777"))).one()
        flipped = row.record[:-1] + bytes([row.record[-1] ^ 1])
        await connection.execute(text("UPDATE replies SET record = :r WHERE id = :i"), {"r": flipped, "i": row.id})
    found = (await verify(engine)).findings
    return {
        "verify_s": took,
        "findings_before": float(len(clean.findings)),
        "flipped_byte_found": float([each.subject for each in found] == [row.id]),
    }
