"""A log of made-up replies with reviews and outcomes, and how fast lists and statistics of it are."""

import asyncio
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from scripts.measures.review import paged
from service.database import migrate, open_engine, sqlite_url
from service.domain import (
    ChatModelRef,
    Decision,
    LoggedReply,
    Message,
    PromptRef,
    Reason,
    ReasonCode,
    Reply,
    ReplyState,
    Sender,
    Ticket,
    Timings,
    Usage,
    new_id,
)
from service.reply_log.receipts import new_salt
from service.reply_log.rows import replies, to_row
from service.reply_log.store import ReplyFilter, ReplyLog
from service.review.judged import judged
from service.review.statistics.reading import StatisticsReader
from service.review.statistics.statistics import Statistic, Statistics
from service.review.statistics.wanted import Source, Wanted, period
from service.review.tables import outcomes, reviews
from service.review.verdicts import REASONS, Queue, Verdict

ROOT = Path(__file__).resolve().parents[3]
VERSIONS = {"aaaaaaaaaaaa": 0.68, "bbbbbbbbbbbb": 0.88}
"""Prompt versions and the share of their replies that reviewers approve."""
_TONES = ("warm", "concise")
_DAYS = 30
_SILENT_DAY = 9
"""So many days ago nothing was written."""
_BATCH = 500
_HANDOFFS = (ReasonCode.NO_PASSAGES, ReasonCode.HANDOFF_TOPIC, ReasonCode.PERSON_REQUESTED)


async def fill(engine: AsyncEngine, count: int, *, until: datetime, seed: int = 0) -> None:
    """Log *count* replies of the 30 days before *until*; about one in twenty is judged, one in five has an outcome."""
    draw = random.Random(seed)
    made = [_reply(draw, until - timedelta(days=_DAYS) * (1 - number / count)) for number in range(count)]
    kept = [each for each in made if (until - each.reply.created_at).days != _SILENT_DAY]
    for start in range(0, len(kept), _BATCH):
        part = kept[start : start + _BATCH]
        judgements = [row for each in part for row in _reviews(draw, each.reply)]
        sent = [_outcome(draw, each.reply) for each in part if draw.random() < 0.2]
        async with engine.begin() as connection:
            await connection.execute(replies.insert(), [to_row(each) for each in part])
            if judgements:
                await connection.execute(reviews.insert(), judgements)
            if sent:
                await connection.execute(outcomes.insert(), sent)


async def measure(count: int) -> dict[str, float]:
    """Return milliseconds over *count* replies in SQLite: lists, all statistics, and each page of review."""
    with tempfile.TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder))
        await asyncio.to_thread(migrate, url)
        engine = open_engine(url)
        try:
            until = datetime.now(UTC)
            await fill(engine, count, until=until)
            figures = {"replies": float(count)} | await _lists(engine, until) | await _statistics(engine)
        finally:
            await engine.dispose()
        return figures | await paged.measure(Path(folder), ROOT)


async def _lists(engine: AsyncEngine, until: datetime) -> dict[str, float]:
    log, day = ReplyLog(engine), (until - timedelta(days=_DAYS - 1)).date()
    asked: dict[str, tuple[ReplyFilter, Any]] = {
        "list_ms": (ReplyFilter(), None),
        "list_version_ms": (ReplyFilter(version=next(iter(VERSIONS)), language="en"), None),
        "list_first_day_ms": (ReplyFilter(since=day, until=day), None),
        "list_reason_ms": (ReplyFilter(decision=Decision.HANDOFF, reason="no_passages"), None),
        "list_no_match_ms": (ReplyFilter(tone="none"), None),
        "list_no_words_ms": (ReplyFilter(q="giraffe"), None),
        "list_rejected_ms": (ReplyFilter(), judged(Verdict.REJECT, REASONS[0], Queue.SAMPLE)),
    }
    figures = {}
    for name, (wanted, among) in asked.items():
        began = time.perf_counter()
        await log.page(wanted, among=among)
        figures[name] = (time.perf_counter() - began) * 1000
    return figures


async def _statistics(engine: AsyncEngine) -> dict[str, float]:
    since, until = period(None, None)
    statistics, figures = Statistics(StatisticsReader(engine)), {}
    for source in Source:
        began = time.perf_counter()
        await statistics.find(Wanted(since=since, until=until, source=source))
        figures[f"all_statistics_{source}_ms"] = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    await statistics.find(Wanted(since=since, until=until), Statistic.APPROVAL)
    return figures | {"approval_ms": (time.perf_counter() - began) * 1000}


def _reply(draw: random.Random, at: datetime) -> LoggedReply:
    handed = draw.random() < 0.1
    model_ms = draw.lognormvariate(7, 0.5)
    version, language = draw.choice(list(VERSIONS)), draw.choice(("fr", "fr", "en"))
    reply = Reply(
        id=new_id("rep_"), created_at=at, state=ReplyState.FINISHED, brand="maison-lune", language=language,
        question="Where is my parcel?", text="" if handed else "It arrives in three days. " * 8, sentences=(),
        passages=(), answerability=0.5, decision=Decision.HANDOFF if handed else Decision.REVIEW,
        reasons=(Reason(code=draw.choice(_HANDOFFS) if handed else ReasonCode.SEND_OFF, detail=""),), handoff=None,
        prompt=PromptRef(version=version, label="production", brand="maison-lune", tone=draw.choice(_TONES)),
        chat_model=ChatModelRef(provider="made-up", name="made-up"), generation=1,
        usage=Usage(prompt_tokens=800, completion_tokens=140, cost_usd=draw.uniform(0.0002, 0.002)),
        timings_ms=Timings(retrieval=20, chat_model=model_ms, checks=4, total=24 + model_ms), receipt="",
    )  # fmt: skip
    prompt = (("system", f"{draw.random()} You answer for the brand. " * 60), ("user", "Where is my parcel?"))
    ticket = Ticket(brand="maison-lune", messages=(Message(sender=Sender.CUSTOMER, text="Where is my parcel?"),))
    return LoggedReply(
        reply=reply, ticket=ticket, chat_messages=prompt, raw_output=reply.text, finished_at=at, error=None,
        salt=new_salt(),
    )  # fmt: skip


def _reviews(draw: random.Random, reply: Reply) -> list[dict[str, Any]]:
    """Return the sample's verdict for few English and fewer French replies, some read twice, some targeted."""
    chance = 0.1 if reply.language == "en" else 0.05
    if draw.random() < chance:
        first = _review(draw, reply, Queue.SAMPLE, "ana", chance)
        again = {**first, "id": new_id("rev_"), "queue": Queue.DOUBLE.value, "reviewer": "ben"}
        if draw.random() < 0.1:
            again["verdict"] = (Verdict.REJECT if first["verdict"] == Verdict.APPROVE.value else Verdict.APPROVE).value
        return [first, again] if draw.random() < 0.3 else [first]
    return [_review(draw, reply, Queue.LOW_CONFIDENCE, "ana", None)] if draw.random() < 0.01 else []


def _review(
    draw: random.Random, reply: Reply, queue: Queue, reviewer: str, probability: float | None
) -> dict[str, Any]:
    fine = draw.random() < VERSIONS[reply.prompt.version]
    return {
        "id": new_id("rev_"), "reply_id": reply.id, "queue": queue.value, "reviewer": reviewer,
        "verdict": (Verdict.APPROVE if fine else Verdict.REJECT).value,
        "reasons": "" if fine else draw.choice(REASONS), "created_at": reply.created_at,
        "stratum": f"{reply.prompt.version}/{reply.language}", "inclusion_probability": probability,
    }  # fmt: skip


def _outcome(draw: random.Random, reply: Reply) -> dict[str, Any]:
    distance = 0.0 if draw.random() < 0.6 else draw.betavariate(1, 3)
    return {"reply_id": reply.id, "edited": distance > 0, "edit_distance": distance, "at": reply.created_at}
