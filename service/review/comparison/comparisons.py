"""The comparisons: begun from logged tickets, listed with how far they are, stopped, and tried again after failures."""

import random
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import structlog
from sqlalchemy import and_, case, func, insert, select, text, update

from service.domain import new_id
from service.errors import ConfigurationError, InvalidInputError, NotFoundError, Pointer
from service.prompting.versions.kept import PromptVersions
from service.review.comparison.sides import ERASED, USUAL_PAIRS, Comparison, PairState, Side, Tickets
from service.review.comparison.tables import comparison_pairs, comparisons
from service.review.comparison.tickets import found
from service.review.transactions import Transactions

log = structlog.get_logger()

_LISTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be compared."""

    brand: str
    baseline: str
    """A label or a version."""
    candidate: str
    baseline_chat_model: str | None = None
    """`provider:name`; None takes the version's own."""
    candidate_chat_model: str | None = None
    tickets: Tickets = Tickets.SAMPLE
    replies: tuple[str, ...] = ()
    """The logged replies whose tickets are taken, where `tickets` is `named`."""
    language: str | None = None
    size: int = USUAL_PAIRS


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    planned: int
    written: int
    """Ready to be read, or read."""
    failed: int
    judged: int
    """Identical texts included."""
    cost_usd: float | None
    """What the chat models took; None while no price is known."""
    failures: dict[str, int]
    """By problem type: the pairs that could not be written."""
    is_stopped: bool

    @property
    def waiting(self) -> int:
        """Still to be written."""
        return 0 if self.is_stopped else self.planned - self.written - self.failed

    @property
    def open(self) -> int:
        """Still to be judged, of those that are written."""
        return 0 if self.is_stopped else self.written - self.judged

    @property
    def is_over(self) -> bool:
        return not self.waiting and not self.open


class Comparisons:
    def __init__(
        self,
        transactions: Transactions,
        prompts: PromptVersions,
        opens: Callable[[str], object],
        wake: Callable[[], None] = lambda: None,
        chance: random.Random | None = None,
    ) -> None:
        """Take the parts: *opens* raises when a chat model cannot be opened, *wake* starts the writing of pairs."""
        self._transactions = transactions
        self._prompts = prompts
        self._opens = opens
        self._wake = wake
        self._chance = chance or random.SystemRandom()
        self._brands: frozenset[str] | None = None

    def only(self, brands: frozenset[str], prompts: PromptVersions) -> Self:
        """Return the same comparisons as who sees these brands only: those of others do not exist."""
        seen = copy(self)
        seen._brands, seen._prompts = brands, prompts  # noqa: SLF001 - a copy of our own kind
        return seen

    async def begin(self, order: Order, author: str) -> Comparison:
        """
        Freeze both sides, draw the tickets, and let their pairs be written.

        Raises:
            NotFoundError: No such brand, label or version.
            InvalidInputError: Both sides are the same, a chat model is unknown, or no logged ticket fits.
        """
        baseline = await self._side(order.brand, order.baseline, order.baseline_chat_model, "/baseline")
        candidate = await self._side(order.brand, order.candidate, order.candidate_chat_model, "/candidate")
        if baseline.writes_like == candidate.writes_like:
            raise InvalidInputError("Both sides would write the same.", (Pointer("/candidate", "choose another one"),))
        query = found(order.brand, order.tickets, order.language, order.replies)
        fit = [row["id"] for row in await self._transactions.rows(query)]
        if not fit:
            raise InvalidInputError("No logged ticket fits.", (Pointer("/tickets", "choose others"),))
        taken = self._chance.sample(fit, min(order.size, len(fit)))
        row = _row(order, author, baseline, candidate, len(taken))
        pairs = [self._pair(row["id"], place, reply_id) for place, reply_id in enumerate(taken, 1)]
        async with self._transactions.writing() as connection:
            await connection.execute(comparisons.insert().values(row))
            await connection.execute(insert(comparison_pairs), pairs)
        log.info("comparison.begun", comparison=row["id"], brand=order.brand, pairs=len(pairs))
        self._wake()
        return comparison_of({**row, "stopped_at": None})

    async def available(self, brand: str) -> dict[Tickets, int]:
        """Return how many logged tickets of the brand each source has now."""
        counted = {}
        for tickets in (Tickets.SAMPLE, Tickets.RECENT, Tickets.REJECTED):
            query = select(func.count().label("n")).select_from(found(brand, tickets, None, ()).subquery())
            counted[tickets] = int((await self._transactions.rows(query))[0]["n"])
        return counted

    async def get(self, comparison_id: str) -> Comparison:
        """Return a comparison; NotFoundError when there is none of this id."""
        rows = await self._transactions.rows(select(comparisons).where(comparisons.c.id == comparison_id))
        if not rows or (self._brands is not None and rows[0]["brand"] not in self._brands):
            raise NotFoundError("There is no comparison of this id.")
        return comparison_of(rows[0])

    async def newest(self, brand: str | None = None) -> tuple[Comparison, ...]:
        """Return up to fifty, newest first."""
        query = select(comparisons).order_by(comparisons.c.id.desc()).limit(_LISTED)
        if brand is not None:
            query = query.where(comparisons.c.brand == brand)
        if self._brands is not None:
            query = query.where(comparisons.c.brand.in_(sorted(self._brands)))
        return tuple(map(comparison_of, await self._transactions.rows(query)))

    async def progress(self, comparison: Comparison) -> Progress:
        """Return how far it is; pairs whose ticket was erased before anyone judged them are failed."""
        pairs = comparison_pairs.c
        gone = and_(pairs.state == PairState.WRITTEN.value, pairs.done_at.is_(None), pairs.candidate.is_(None))
        counted = select(
            case((gone, PairState.FAILED.value), else_=pairs.state).label("state"),
            case((gone, ERASED), else_=pairs.error).label("error"),
            func.count().label("n"),
            func.sum(case((pairs.done_at.is_not(None), 1), else_=0)).label("done"),
            func.sum(pairs.cost_usd).label("cost"),
        ).where(pairs.comparison_id == comparison.id)
        rows = await self._transactions.rows(counted.group_by(text("1"), text("2")))
        number = {state: sum(row["n"] for row in rows if row["state"] == state) for state in PairState}
        costs = [row["cost"] for row in rows if row["cost"] is not None]
        return Progress(
            planned=comparison.planned,
            written=number[PairState.WRITTEN],
            failed=number[PairState.FAILED],
            judged=sum(row["done"] for row in rows),
            cost_usd=sum(costs) if costs else None,
            failures={row["error"] or "": row["n"] for row in rows if row["state"] == PairState.FAILED},
            is_stopped=comparison.stopped_at is not None,
        )

    async def stop(self, comparison: Comparison) -> None:
        """End it where it is: nothing more is written or given out. What was judged stays."""
        stopped = update(comparisons).where(comparisons.c.id == comparison.id, comparisons.c.stopped_at.is_(None))
        async with self._transactions.writing() as connection:
            await connection.execute(stopped.values(stopped_at=datetime.now(UTC)))
        log.info("comparison.stopped", comparison=comparison.id)

    async def retry(self, comparison: Comparison) -> None:
        """Let the pairs that failed be written again; one whose ticket was erased stays failed."""
        failed = update(comparison_pairs).where(
            comparison_pairs.c.comparison_id == comparison.id,
            comparison_pairs.c.state == PairState.FAILED.value,
            comparison_pairs.c.error != ERASED,
        )
        async with self._transactions.writing() as connection:
            await connection.execute(failed.values(state=PairState.WAITING.value, error=None, reserved_until=None))
        self._wake()

    async def _side(self, brand: str, asked: str, chat_model: str | None, place: str) -> Side:
        prompt = await self._prompts.resolve(brand, None, asked)
        choice = prompt.brand.labels.get(prompt.label or "")
        models = choice.chat_models if choice else ()
        if chat_model is not None:
            self._check(chat_model, place)
        return Side(
            asked=asked,
            version=prompt.version,
            chat_model=chat_model or next(iter(models), None),
            sampling=choice.sampling.model_dump(exclude_unset=True) if choice and choice.sampling else {},
        )

    def _check(self, chat_model: str, place: str) -> None:
        try:
            self._opens(chat_model)
        except ConfigurationError as exc:
            raise InvalidInputError("A chat model cannot be opened.", (Pointer(f"{place}_chat_model", ""),)) from exc

    def _pair(self, comparison_id: str, position: int, reply_id: str) -> dict[str, Any]:
        return {
            "id": new_id("pair_"),
            "comparison_id": comparison_id,
            "position": position,
            "reply_id": reply_id,
            "is_swapped": self._chance.random() < 0.5,  # noqa: PLR2004 - a fair coin
            "state": PairState.WAITING.value,
            "is_identical": False,
        }


def _row(order: Order, author: str, baseline: Side, candidate: Side, planned: int) -> dict[str, Any]:
    return {
        "id": new_id("cmp_"),
        "brand": order.brand,
        "created_at": datetime.now(UTC),
        "created_by": author,
        "baseline": baseline.as_json(),
        "candidate": candidate.as_json(),
        "tickets": order.tickets.value,
        "planned": planned,
    }


def comparison_of(row: Any) -> Comparison:  # noqa: ANN401 - a row's mapping
    return Comparison(
        id=row["id"],
        brand=row["brand"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        baseline=Side.from_json(row["baseline"]),
        candidate=Side.from_json(row["candidate"]),
        tickets=Tickets(row["tickets"]),
        planned=row["planned"],
        stopped_at=row["stopped_at"],
    )
