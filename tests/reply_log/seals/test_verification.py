"""Whatever happens to the log behind the service's back is found, and named."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.reply_log.erasures import Eraser, Selection
from service.reply_log.seals.sealing import Sealer
from service.reply_log.seals.verification import Damage, Finding, verify
from service.reply_log.store import ReplyLog
from tests.reply_log.conftest import Make

pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


def sealer(engine: AsyncEngine) -> Sealer:
    return Sealer(engine, every_s=600, every_entries=1024)


async def filled(log: ReplyLog, make: Make, count: int = 5) -> list[str]:
    return [(await log.begin(make(str(number), customer=f"c{number % 2}"))).reply.id for number in range(count)]


async def damage(engine: AsyncEngine, statement: str, **values: object) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(statement), values)


async def test_an_untouched_log_verifies(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """Sealed and open entries count, and nothing is found."""
    await filled(log, make)
    await sealer(engine).seal_all()
    await filled(log, make, 2)

    result = await verify(engine)

    assert (result.entries, result.seals, result.findings) == (7, 1, ())


@pytest.mark.parametrize("column", ["words", "decision", "prompt_version"])
async def test_a_changed_column_is_found(engine: AsyncEngine, log: ReplyLog, make: Make, column: str) -> None:
    """One other word in any column of a sealed reply is named with its reply."""
    ids = await filled(log, make)
    await sealer(engine).seal_all()
    await damage(engine, f"UPDATE replies SET {column} = 'x' WHERE id = :id", id=ids[2])  # noqa: S608 - a column's name

    assert (await verify(engine)).findings == (Finding(Damage.CHANGED, ids[2]),)


async def test_one_flipped_byte_of_a_record_is_found(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """The record is covered to the last byte."""
    ids = await filled(log, make)
    async with engine.begin() as connection:
        record = (
            await connection.execute(text("SELECT record FROM replies WHERE id = :id"), {"id": ids[0]})
        ).scalar_one()
        flipped = bytes(record[:-1]) + bytes([record[-1] ^ 1])
        await connection.execute(text("UPDATE replies SET record = :r WHERE id = :id"), {"r": flipped, "id": ids[0]})

    assert (await verify(engine)).findings == (Finding(Damage.CHANGED, ids[0]),)


async def test_a_missing_reply_is_found(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """Deleting a row leaves its entry, which nobody answers for."""
    ids = await filled(log, make)
    await damage(engine, "DELETE FROM replies WHERE id = :id", id=ids[1])

    assert (await verify(engine)).findings == (Finding(Damage.MISSING, ids[1]),)


async def test_covering_the_traces_breaks_the_seal(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """Deleting the ledger's entry with the row changes the root under which both were sealed."""
    ids = await filled(log, make)
    await sealer(engine).seal_all()
    await damage(engine, "DELETE FROM replies WHERE id = :id", id=ids[1])
    await damage(engine, "DELETE FROM ledger WHERE subject = :id", id=ids[1])

    assert (await verify(engine)).findings == (Finding(Damage.SEAL, "seal 1"),)


async def test_an_added_reply_is_found(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """A reply that never went through the log has no entry."""
    ids = await filled(log, make)
    await damage(engine, "DELETE FROM ledger WHERE subject = :id", id=ids[4])

    assert (await verify(engine)).findings == (Finding(Damage.ADDED, ids[4]),)


async def test_a_rewritten_chain_does_not_hold_the_seal_that_was_kept(
    engine: AsyncEngine, log: ReplyLog, make: Make
) -> None:
    """Whoever noted the newest seal elsewhere notices that the whole chain was made anew."""
    await filled(log, make)
    await sealer(engine).seal_all()
    kept = (await verify(engine)).newest_seal
    await damage(engine, "UPDATE ledger SET seal = NULL")
    await damage(engine, "DELETE FROM seals")
    await sealer(engine).seal_all()

    assert (await verify(engine)).findings == ()
    assert (await verify(engine, known_seal=kept)).findings == (Finding(Damage.SEAL, f"seal {kept}"),)


async def test_an_erased_customer_leaves_a_chain_that_verifies(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """The words are gone, the other customer's stay, and the ledger says what happened."""
    ids = await filled(log, make)
    await sealer(engine).seal_all()

    erased = await Eraser(engine).erase(Selection(customer_id="c1"), "customer")

    assert erased == (ids[1], ids[3])
    result = await verify(engine)
    assert (result.entries, result.findings) == (6, ())
    gone = await log.get(ids[1])
    assert (gone.reply.text, gone.ticket.customer, gone.erased_at is not None) == ("", None, True)
    assert (await log.get(ids[0])).reply.text == "0"


async def test_emptying_a_reply_without_a_record_is_found(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """Only what an erasure in the ledger names may be empty."""
    ids = await filled(log, make)
    await damage(engine, "UPDATE replies SET record = NULL, words = NULL WHERE id = :id", id=ids[0])

    assert (await verify(engine)).findings == (Finding(Damage.ERASED, ids[0]),)
