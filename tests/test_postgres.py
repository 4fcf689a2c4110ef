"""A PostgreSQL that accepts and then says nothing is given up, and whoever waits behind another is told with it."""

import asyncio
import socket
import time
from collections.abc import Generator, Iterator

import pytest
from sqlalchemy import make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from service.database import open_engine
from service.postgres import NoAnswerError, _Patience, wait_of, with_wait
from service.reply_log.line import Line
from service.reply_log.seals.ledger import ledger


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"postgresql://aplomb@127.0.0.1:{listening.getsockname()[1]}/aplomb?sslmode=disable&gssencmode=disable"


async def test_a_server_that_says_nothing_is_given_up(silent: str) -> None:
    """Those who read at once, and those who stand in one line to write, all hear of it after one wait or two."""
    engine = open_engine(silent, wait_s=2)
    line, entry = Line(engine), ledger.insert()

    async def read() -> None:
        async with engine.connect() as connection:
            await connection.execute(select(1))

    began = time.monotonic()
    reads = (read() for _ in range(20))
    writes = (line.commit((entry, {"kind": "reply", "subject": "rep", "digest": "d"})) for _ in range(100))
    told = await asyncio.gather(*reads, *writes, return_exceptions=True)
    await engine.dispose()

    assert {type(each) for each in told} <= {OperationalError, NoConnectionError}
    assert time.monotonic() - began < 30


def test_silence_is_counted_while_listening_only() -> None:
    """Whatever comes ends a silence; the wait is over when nothing came for as long as was said."""

    class Listener(_Patience):
        wait_s = 1.0

    def spoken() -> Generator[int, int, None]:
        for _ in range(100):
            yield 1

    heard = Listener().heard(spoken())
    next(heard)
    for ready in [0] * 9 + [1] + [0] * 9 + [1] + [0] * 10:
        heard.send(ready)
    with pytest.raises(NoAnswerError, match="1 seconds"):
        heard.send(0)


@pytest.mark.parametrize(("given", "waits"), [("", 5.0), ("?connect_timeout=30", 30.0), ("?connect_timeout=0", 5.0)])
def test_an_address_may_say_its_own_wait(given: str, waits: float) -> None:
    """What the operator wrote into the address counts, but nobody waits for ever."""
    assert wait_of(with_wait(make_url(f"postgresql+psycopg://a@b/c{given}"), 4.2)) == waits
