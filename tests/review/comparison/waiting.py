"""Waits for the running service, which writes pairs by itself."""

import asyncio

from service.assembly import Services
from service.review.comparison.sides import Comparison

_WRITTEN_S = 60.0


async def until_written(services: Services, comparison: Comparison) -> None:
    """Return once no pair waits any more; TimeoutError after a minute."""
    async with asyncio.timeout(_WRITTEN_S):
        while (await services.comparisons.progress(comparison)).waiting:  # noqa: ASYNC110 - it tells the database only
            await asyncio.sleep(0.02)
