"""Entries are sealed once, whoever seals."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.reply_log.seals.sealing import Sealer
from service.reply_log.seals.verification import verify
from service.reply_log.store import ReplyLog
from tests.reply_log.conftest import Make


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True)
async def test_many_who_seal_at_once_make_one_chain(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """Several services on one database, with replies that come all the while: every entry is under one seal."""

    async def write(count: int) -> None:
        for _ in range(count):
            await log.begin(make())

    sealers = [Sealer(engine, every_s=1, every_entries=1) for _ in range(4)]
    for _ in range(5):
        await asyncio.gather(write(5), *(sealer.seal() for sealer in sealers))
    while await sealers[0].seal():
        pass

    found = await verify(engine)
    assert (found.entries, found.findings) == (25, ())
