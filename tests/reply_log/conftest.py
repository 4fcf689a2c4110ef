"""What the tests of the log share: a log on a fresh database, and replies of several customers in it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import (
    ChatModelRef,
    Customer,
    Decision,
    Exchange,
    LoggedReply,
    Message,
    PromptRef,
    Reply,
    ReplyState,
    Sender,
    Ticket,
    Timings,
    Usage,
    new_id,
)
from service.reply_log.receipts import new_salt
from service.reply_log.store import ReplyLog

Make: TypeAlias = Callable[..., LoggedReply]


@pytest.fixture
def log(engine: AsyncEngine) -> ReplyLog:
    return ReplyLog(engine)


@pytest.fixture
def make() -> Make:
    return make_logged


def make_logged(
    text: str = "Bonjour",
    *,
    brand: str = "b",
    customer: str | None = None,
    asked: str = "Où ?",
    state: ReplyState = ReplyState.FINISHED,
) -> LoggedReply:
    now = datetime.now(UTC)
    reply = Reply(
        id=new_id("rep_"), created_at=now, state=state, brand=brand, language="fr",
        question=asked, text=text, sentences=(), passages=(), answerability=0.5, decision=Decision.REVIEW, reasons=(),
        handoff=None, prompt=PromptRef(version="v", label=None, brand=brand, tone="t"),
        chat_model=ChatModelRef(provider="p", name="n"), generation=1, usage=Usage(), timings_ms=Timings(), receipt="",
    )  # fmt: skip
    ticket = Ticket(
        brand=brand,
        messages=(Message(sender=Sender.CUSTOMER, text=asked),),
        customer=Customer(id=customer) if customer else None,
        variables={"a": [1, "é"]},
    )
    return LoggedReply(
        reply=reply, ticket=ticket, chat_messages=(("user", "x"),), raw_output="y",
        finished_at=None if state is ReplyState.PENDING else now, error=None,
        exchange=Exchange(request=b'{"messages":[]}', response=b"\xff\x00data"), salt=new_salt(),
    )  # fmt: skip
