"""A brand's replies are erased when they are older than it keeps them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.audit import AuditLog
from service.reply_log.erasures import Eraser
from service.reply_log.once import RequestKeys
from service.reply_log.retention import Retention
from service.reply_log.store import ReplyLog
from tests.reply_log.conftest import Make


async def ten_days() -> Mapping[str, int]:
    return {"b": 10}


async def test_old_replies_are_named_first_then_erased_and_noted(
    engine: AsyncEngine, log: ReplyLog, make: Make
) -> None:
    """The dry run changes nothing; the run erases that brand's old replies only and is in the audit log."""
    old, other = await log.begin(make("alt")), await log.begin(make("anders", brand="c"))
    audit = AuditLog(engine)
    retention = Retention(Eraser(engine), RequestKeys(engine), ten_days, audit)
    later = datetime.now(UTC) + timedelta(days=11)

    assert await retention.due() == {"b": ()}
    assert await retention.due(later) == {"b": (old.reply.id,)}
    assert (await log.get(old.reply.id)).erased_at is None
    assert await retention.apply(later) == {"b": (old.reply.id,)}
    assert await retention.apply(later) == {"b": ()}

    assert (await log.get(old.reply.id)).erased_at is not None
    assert (await log.get(other.reply.id)).reply.text == "anders"
    [change] = await audit.page()
    assert (change.action, change.brand, change.target, change.detail) == (
        "replies.erased", "b", "1 replies", "retention",
    )  # fmt: skip
