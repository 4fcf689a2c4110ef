from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import ReplyState
from service.errors import ReplyLogError
from service.reply_log.erasures import Eraser, Selection
from service.reply_log.seals.verification import verify
from service.reply_log.store import ReplyLog
from tests.reply_log.conftest import Make


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_erased_words_are_nowhere_in_the_database_files(
    engine: AsyncEngine, log: ReplyLog, make: Make, data_dir: Path
) -> None:
    """A search of the files' bytes finds neither the words nor the customer's id; other customers' are still there."""
    for number in range(40):
        words = "mot-secret-du-client " * 30 if number % 2 else "autre-client " * 30
        await log.begin(make("Réponse", customer="client-secret" if number % 2 else "c2", asked=words))

    erased = await Eraser(engine).erase(Selection(customer_id="client-secret"), "customer")

    assert len(erased) == 20
    data = bytes_of(data_dir)
    assert b"secret" not in data
    assert b"autre-client" in data


async def test_a_selection_says_first_what_it_would_erase(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """The dry run names the replies and changes nothing."""
    kept = await log.begin(make(customer="c1"))

    assert await Eraser(engine).selected(Selection(customer_id="c1")) == (kept.reply.id,)
    assert (await log.get(kept.reply.id)).erased_at is None


async def test_a_selection_of_everything_is_refused(engine: AsyncEngine) -> None:
    """Nobody erases the whole log by leaving the conditions out."""
    with pytest.raises(ValueError, match="names a customer"):
        await Eraser(engine).erase(Selection(brand="b"), "customer")


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True)
async def test_a_reply_under_way_is_erased_too(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """Its writer finds it interrupted and logs no words, now or later; the chain verifies."""
    pending = await log.begin(make(customer="c1", state=ReplyState.PENDING))
    other = await log.begin(make(customer="c2", state=ReplyState.PENDING))

    assert await Eraser(engine).erase(Selection(customer_id="c1"), "customer") == (pending.reply.id,)

    with pytest.raises(ReplyLogError, match="ask for it again"):
        await log.finish(replace(pending, reply=replace(pending.reply, state=ReplyState.FINISHED)))
    assert await log.finish_owed() == 0
    left = await log.get(pending.reply.id)
    assert (left.reply.state, left.reply.question, left.salt) == (ReplyState.INTERRUPTED, "", "")
    await log.finish(replace(other, reply=replace(other.reply, state=ReplyState.FINISHED)))
    assert (await verify(engine)).findings == ()


async def test_old_bytes_that_somebody_still_reads_are_told_of(
    engine: AsyncEngine, log: ReplyLog, make: Make, data_dir: Path
) -> None:
    """While a backup reads the log as it was the erasure says so; repeated after its end, nothing is left."""
    await log.begin(make(customer="c1", asked="mot-secret-du-client " * 30))
    async with engine.connect() as reader:
        await reader.execute(text("BEGIN"))
        await reader.execute(text("SELECT count(*) FROM replies"))
        with pytest.raises(ReplyLogError, match="erase again"):
            await Eraser(engine).erase(Selection(customer_id="c1"), "customer")
        assert b"secret" in bytes_of(data_dir)
    assert await Eraser(engine).erase(Selection(customer_id="c1"), "customer") == ()
    assert b"secret" not in bytes_of(data_dir)
