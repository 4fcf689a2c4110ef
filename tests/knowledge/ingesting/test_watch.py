"""Following a folder's edits."""

import asyncio
from contextlib import aclosing
from pathlib import Path

from service.knowledge.ingesting.watch import edits


async def test_each_rest_after_edits_is_told_once(folder: Path) -> None:
    """The first look comes at once; a row of saves, a new file and a deletion are told when they have come to rest."""
    async with aclosing(edits(folder, pause_s=0.05)) as told:
        await anext(told)
        upcoming = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0.2)
        assert not upcoming.done()
        for length in range(8):
            (folder / "a.md").write_text("x" * length)
            await asyncio.sleep(0.03)
            assert not upcoming.done()
        await asyncio.wait_for(upcoming, 2)
        upcoming = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0.2)
        (folder / "a.md").unlink()
        await asyncio.wait_for(upcoming, 2)
