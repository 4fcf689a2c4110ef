"""Writes the pairs: both sides answer a logged ticket by the real path, without a trace in the reply log."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import exists, or_, select, update

from service.domain import LoggedReply, Message, ReasonCode, ReplyState, Sender, Ticket
from service.errors import ServiceError
from service.prompting.brands import Sampling
from service.replies.playground import Preview, Trial
from service.replies.privacy.filling import restored
from service.reply_log.records import pack
from service.reply_log.rows import replies
from service.reply_log.spending import SpendingLog
from service.reply_log.store import ReplyLog
from service.review.comparison.comparisons import comparison_of
from service.review.comparison.sides import ERASED, Comparison, PairState, Side
from service.review.comparison.tables import comparison_pairs, comparisons
from service.review.transactions import Transactions

log = structlog.get_logger()

_LOOK_EVERY_S = 30.0
_LEASE = timedelta(minutes=10)
"""For how long a process may write a pair before another one takes it for lost."""
_BUDGET = "budget-spent"
_INCOMPLETE = "incomplete"


class Bench(Protocol):
    """The playground, as far as it is used here."""

    async def preview(self, trial: Trial) -> Preview: ...


class PairWriter:
    """One pair at a time, so that customers' replies are never held up; reviewers read while it goes on."""

    def __init__(
        self,
        transactions: Transactions,
        playground: Bench,
        reply_log: ReplyLog,
        spending: SpendingLog,
    ) -> None:
        self._transactions = transactions
        self._playground = playground
        self._reply_log = reply_log
        self._spending = spending
        self._work = asyncio.Event()

    def wake(self) -> None:
        """Say that there are pairs to write."""
        self._work.set()

    async def run(self) -> None:
        """Write whatever waits for as long as the service runs; a database that is away is waited for."""
        while True:
            try:
                await self.write_all()
            except ServiceError as exc:
                log.warning("comparison.not_written", detail=exc.detail)
            try:
                await asyncio.wait_for(self._work.wait(), _LOOK_EVERY_S)
            except TimeoutError:
                continue
            self._work.clear()

    async def write_all(self) -> int:
        """Write every pair that waits, and return how many that were; those that another process writes are left."""
        written = 0
        while row := await self._claim():
            await self._write_pair(row)
            written += 1
        return written

    async def _claim(self) -> Any:  # noqa: ANN401 - a row's mapping, or None
        now, pairs = datetime.now(UTC), comparison_pairs.c
        waiting = (
            select(pairs.id)
            .join(comparisons, comparisons.c.id == pairs.comparison_id)
            .where(
                pairs.state == PairState.WAITING.value,
                comparisons.c.stopped_at.is_(None),
                or_(pairs.reserved_until.is_(None), pairs.reserved_until < now),
            )
            .order_by(pairs.comparison_id, pairs.position)
            .limit(1)
            .with_for_update(skip_locked=True, of=comparison_pairs)
        )
        claim = update(comparison_pairs).where(pairs.id == waiting.scalar_subquery())
        async with self._transactions.writing() as connection:
            claimed = claim.values(reserved_until=now + _LEASE).returning(comparison_pairs)
            return (await connection.execute(claimed)).mappings().first()

    async def _write_pair(self, row: Any) -> None:  # noqa: ANN401 - a row's mapping
        query = select(comparisons).where(comparisons.c.id == row["comparison_id"])
        comparison = comparison_of((await self._transactions.rows(query))[0])
        try:
            made = await self._answered(comparison, await self._reply_log.get(row["reply_id"]))
        except ServiceError as exc:
            made = _failed(exc.type)
        except Exception:  # one pair that breaks must not keep all others from being written
            log.exception("comparison.pair_broken", comparison=comparison.id, pair=row["id"])
            made = _failed(ServiceError.type)
        except asyncio.CancelledError:
            # The service stops: whoever starts next need not wait until the lease runs out.
            await self._save(row, {})
            raise
        if not await self._save(row, made):
            made = _failed(ERASED)
            await self._save(row, made)
        log.info("comparison.pair_written", comparison=comparison.id, pair=row["id"], error=made.get("error"))

    async def _answered(self, comparison: Comparison, logged: LoggedReply) -> dict[str, Any]:
        """Return what becomes of the pair's row."""
        if logged.erased_at:
            return _failed(ERASED)
        sides = (comparison.baseline, comparison.candidate)
        # The log may have one side's reply already: then the other one is written, and says whether it still would.
        known = next((side for side in sides if side.version == logged.reply.prompt.version), None)
        first, second = reversed(sides) if known is not comparison.candidate else sides
        written = await self._write(first, logged)
        other = logged if known and _would_say(known, logged, first, written) else await self._write(second, logged)
        baseline, candidate = (other, written) if first is comparison.candidate else (written, other)
        return _written(baseline, candidate, logged)

    async def _write(self, side: Side, logged: LoggedReply) -> LoggedReply:
        ticket = replace(_at_its_hour(restored(logged), logged), prompt=side.version, tone=None)
        sampling = Sampling.model_validate(dict(side.sampling)) if side.sampling else None
        trial = Trial(ticket=ticket, chat_model=side.chat_model, sampling=sampling)
        written = (await self._playground.preview(trial)).tried.logged
        if written.reply.usage.cost_usd:
            day = written.reply.created_at.date()
            await self._spending.add(written.reply.brand, day, written.reply.usage.cost_usd)
        return written

    async def _save(self, row: Any, values: dict[str, Any]) -> bool:  # noqa: ANN401 - a row's mapping
        """Save what became of a pair and let go of it; False when its ticket was erased since it was read."""
        ticket = replies.c.id == row["reply_id"]
        kept = update(comparison_pairs).where(comparison_pairs.c.id == row["id"])
        if "candidate" in values:
            kept = kept.where(exists().where(ticket, replies.c.erased_at.is_(None)))
        async with self._transactions.writing() as connection:
            # An erasure that is under way on PostgreSQL is waited for; a later one empties what is saved here.
            await connection.execute(select(replies.c.id).where(ticket).with_for_update())
            saved = await connection.execute(kept.values({**values, "reserved_until": None}))
        return bool(saved.rowcount)


def said(logged: LoggedReply) -> str:
    """Return what the customer reads: the reply, or what a handoff tells meanwhile."""
    reply = logged.reply
    return reply.handoff.message if reply.handoff else reply.text


def _would_say(side: Side, logged: LoggedReply, other: Side, written: LoggedReply) -> bool:
    """Say whether the side would write what the log has: by the same chat model, from the same articles."""
    if side.sampling or logged.reply.generation != written.reply.generation:
        return False
    if side.chat_model:
        return f"{logged.reply.chat_model.provider}:{logged.reply.chat_model.name}" == side.chat_model
    return other.chat_model is None and logged.reply.chat_model == written.reply.chat_model


def _at_its_hour(ticket: Ticket, logged: LoggedReply) -> Ticket:
    """Let both sides greet as at the hour of the logged reply: the greeting tells nobody which one is older."""
    sent = [place for place, message in enumerate(ticket.messages) if message.sender is Sender.CUSTOMER]
    if any(ticket.messages[place].at for place in sent):
        return ticket
    messages = list(ticket.messages)
    messages[sent[-1]] = replace(messages[sent[-1]], at=logged.reply.created_at)
    return replace(ticket, messages=tuple(messages))


def _written(baseline: LoggedReply, candidate: LoggedReply, logged: LoggedReply) -> dict[str, Any]:
    fault = _fault(baseline) or _fault(candidate)
    costs = [each.reply.usage.cost_usd for each in (baseline, candidate) if each is not logged]
    cost = sum(each or 0.0 for each in costs) if any(each is not None for each in costs) else None
    if fault:
        return {**_failed(fault), "cost_usd": cost}
    same = said(baseline).split() == said(candidate).split()
    return {
        "state": PairState.WRITTEN.value,
        "baseline": pack(_bare(baseline)),
        "candidate": pack(_bare(candidate)),
        "cost_usd": cost,
        "is_identical": same,
        "done_at": datetime.now(UTC) if same else None,
    }


def _failed(error: str) -> dict[str, Any]:
    return {"state": PairState.FAILED.value, "error": error}


def _fault(written: LoggedReply) -> str | None:
    if any(reason.code is ReasonCode.BUDGET_SPENT for reason in written.reply.reasons):
        return _BUDGET
    return None if written.reply.state is ReplyState.FINISHED else _INCOMPLETE


def _bare(logged: LoggedReply) -> LoggedReply:
    """Return the reply and its passages alone: the ticket stays in the log, with the values behind placeholders."""
    ticket = Ticket(brand=logged.ticket.brand, messages=(Message(sender=Sender.CUSTOMER, text=""),))
    return replace(
        logged,
        reply=replace(logged.reply, question=""),
        ticket=ticket,
        chat_messages=(),
        raw_output="",
        exchange=None,
        attempts=(),
        personal={},
    )
