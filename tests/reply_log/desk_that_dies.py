"""
Answers twenty customers at once until it is killed, again and again: `desk_that_dies.py KILLS`.

Each desk is a process of its own, killed (`kill -9`) at a random moment; the next one begins with the keys that got no
answer. At the end it prints, as JSON, which reply was given under which key.
"""

import asyncio
import itertools
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Iterator

from service.assembly import assemble
from service.domain import Customer, Message, Sender, Ticket
from service.replies.events import ReplyFinished
from service.reply_log.once import RequestKey
from service.settings import Settings
from service.telemetry import configure_logging

BRAND = "maison-lune"
ASKED = "Sous combien de jours ouvrés arrive un remboursement par carte ?"
AT_ONCE = 20
MOST_REPLIES = 24
"""Of one desk's life."""


async def answer(again: Iterable[str], told: int) -> None:
    """Answer for ever, first under the keys of *again*; the descriptor *told* learns what was asked and given."""
    configure_logging("json", "error")
    async with assemble(Settings()) as services:
        await services.reply_log.interrupt_stale()
        keys = itertools.chain(again, (f"{os.getpid()}-{number}" for number in itertools.count()))

        async def customer() -> None:
            for key in keys:
                os.write(told, f"asks {key}\n".encode())
                ticket = Ticket(
                    brand=BRAND,
                    messages=(Message(sender=Sender.CUSTOMER, text=ASKED),),
                    customer=Customer(id=key),
                )
                named = RequestKey(scope=BRAND, key=key, fingerprint="f")
                async for event in services.once.events(ticket, named, streamed=True):
                    if isinstance(event, ReplyFinished):
                        os.write(told, f"has {key} {event.reply.id}\n".encode())

        await asyncio.gather(*(customer() for _ in range(AT_ONCE)))


def answer_until_killed(again: list[str], dice: random.Random) -> tuple[set[str], dict[str, str]]:
    """Return the keys that were asked for, and the replies that were given, of a desk that is killed at some point."""
    reading, writing = os.pipe()
    desk = os.fork()
    if not desk:
        os.close(reading)
        try:
            asyncio.run(answer(again, writing))
        except BaseException:  # noqa: BLE001 - a fork ends here, and says why
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    asked, given, left = set[str](), dict[str, str](), dice.randrange(MOST_REPLIES)
    for said in _lines(reading):
        if said[0] == "asks":
            asked.add(said[1])
        else:
            given[said[1]] = said[2]
        if len(given) >= left:
            # Once is enough: what was said until then is still in the pipe.
            left = sys.maxsize
            time.sleep(dice.uniform(0, 0.05))
            os.kill(desk, signal.SIGKILL)
    _, status = os.waitpid(desk, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit("a desk ended by itself")
    return asked, given


def _lines(reading: int) -> Iterator[list[str]]:
    """Yield the words of each line that was written whole."""
    with os.fdopen(reading, "rb") as said:
        yield from (line.decode().split() for line in said if line.endswith(b"\n"))


def main(kills: int) -> None:
    dice = random.Random(7)
    given: dict[str, str] = {}
    open_keys: list[str] = []
    for _ in range(kills):
        asked, got = answer_until_killed(open_keys, dice)
        given |= got
        open_keys = sorted((asked | set(open_keys)) - set(given))
    sys.stdout.write(json.dumps(given))


if __name__ == "__main__":
    main(int(sys.argv[1]))
