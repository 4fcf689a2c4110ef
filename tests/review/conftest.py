"""What the tests of reviews share: stores on a fresh database, and replies in its log."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import Decision, Reason, ReasonCode
from service.reply_log.store import ReplyLog
from service.review.outcomes import Outcomes
from service.review.queues import ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler
from service.review.transactions import Transactions
from tests.reply_log.conftest import make_logged

LogReply: TypeAlias = Callable[..., Awaitable[str]]


@pytest.fixture
def transactions(engine: AsyncEngine) -> Transactions:
    return Transactions(engine)


@pytest.fixture
def queues(transactions: Transactions) -> ReviewQueues:
    return ReviewQueues(transactions)


@pytest.fixture
def reviews(transactions: Transactions) -> Reviews:
    return Reviews(transactions)


@pytest.fixture
def outcomes(transactions: Transactions) -> Outcomes:
    return Outcomes(transactions)


@pytest.fixture
def sampler(transactions: Transactions) -> Sampler:
    return Sampler(transactions, random.Random(7))


@pytest.fixture
def log_reply(engine: AsyncEngine) -> LogReply:
    """Log a finished reply, with some of its values replaced, and return its id."""
    log = ReplyLog(engine)

    async def log_one(version: str = "v1", *, low: bool = False, **values: Any) -> str:  # noqa: ANN401 - any of a reply's values
        logged = make_logged(customer="c1")
        reasons = (Reason(code=ReasonCode.LOW_ANSWERABILITY, detail=""),) if low else ()
        prompt = replace(logged.reply.prompt, version=version)
        reply = replace(logged.reply, prompt=prompt, reasons=reasons, **{"decision": Decision.REVIEW, **values})
        return (await log.begin(replace(logged, reply=reply))).reply.id

    return log_one
