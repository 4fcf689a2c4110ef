"""A brand's daily budget: what it spent today, what the calls under way may still cost, and what is left."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Protocol

from service.errors import ConfigurationError
from service.replies.models.calls import ChatCall
from service.replies.models.opened import OpenChatModel
from service.replies.models.prices import estimate_usage


class Spending(Protocol):
    async def spent(self, brand: str, day: date) -> float: ...


class Budgets:
    """
    Keeps every brand within its budget of a day (UTC).

    A call is only begun when its longest answer still fits beside the calls under way, so that the budget holds for one
    process; a retry, and the calls of another replica in the same moment, may pass it by what they cost.
    """

    def __init__(self, spending: Spending, today: Callable[[], date] = lambda: datetime.now(UTC).date()) -> None:
        self._spending = spending
        self._today = today
        self._under_way: defaultdict[str, float] = defaultdict(float)

    async def affordable(self, models: Sequence[OpenChatModel], call: ChatCall) -> tuple[OpenChatModel, ...]:
        """
        Return those of *models* whose longest answer to *call* still fits, in order.

        Raises:
            ConfigurationError: There is a budget, and no price for one of the models.
        """
        if call.budget_usd is None:
            return tuple(models)
        spent = await self._spending.spent(call.brand, self._today())
        left = call.budget_usd - self._under_way[call.brand] - spent
        costs = [_longest(model, call) for model in models]
        return tuple(model for model, cost in zip(models, costs, strict=True) if not cost or cost <= left)

    @contextmanager
    def held(self, models: Sequence[OpenChatModel], call: ChatCall) -> Iterator[None]:
        """Hold back what *call* may cost, until the log knows what it did cost."""
        held = max((_longest(model, call) for model in models if model.price), default=0.0)
        self._under_way[call.brand] += held
        try:
            yield
        finally:
            self._under_way[call.brand] -= held


def _longest(model: OpenChatModel, call: ChatCall) -> float:
    if model.price is None:
        raise ConfigurationError(
            f"The brand has a daily budget and the price of {model.full_name} is unknown: "
            "add it to the file that APLOMB_PRICES_FILE names."
        )
    prompt = estimate_usage(call.chars, 0)
    return model.price.of(replace(prompt, completion_tokens=call.sampling.max_tokens))
