"""Answers twenty customers at once until somebody kills it: `desk_that_dies.py KEYS`, the keys that got no answer."""

import asyncio
import itertools
import json
import os
import sys

from service.assembly import assemble
from service.domain import Customer, Message, Sender, Ticket
from service.replies.events import ReplyFinished
from service.reply_log.once import RequestKey
from service.settings import Settings
from service.telemetry import configure_logging

BRAND = "maison-lune"
ASKED = "Sous combien de jours ouvrés arrive un remboursement par carte ?"
AT_ONCE = 20


def tell(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


async def main(again: list[str]) -> None:
    settings = Settings()
    configure_logging("json", "error")
    async with assemble(settings) as services:
        await services.reply_log.interrupt_stale()
        keys = itertools.chain(again, (f"{os.getpid()}-{number}" for number in itertools.count()))

        async def customer() -> None:
            for key in keys:
                tell("asks", key)
                ticket = Ticket(
                    brand=BRAND,
                    messages=(Message(sender=Sender.CUSTOMER, text=ASKED),),
                    customer=Customer(id=key),
                )
                named = RequestKey(scope=BRAND, key=key, fingerprint="f")
                async for event in services.once.events(ticket, named, streamed=True):
                    if isinstance(event, ReplyFinished):
                        tell("has", key, event.reply.id)

        await asyncio.gather(*(customer() for _ in range(AT_ONCE)))


asyncio.run(main(json.loads(sys.argv[1])))
