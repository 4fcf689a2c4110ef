"""Measures how long a lost vector index takes to come back, and what a search finds meanwhile."""

import asyncio
import time
from pathlib import Path

from scripts.measures.knowledge import metrics
from scripts.measures.knowledge.filled_base import BRAND, filled


async def rebuilding(passages: int, kept: Path | None = None) -> dict[str, float]:
    """
    Build the index of a filled base anew, as after damage, and search without a pause until it is there.

    Its vectors come from the database: of the passages, nothing is embedded.
    """
    async with filled(passages, kept=kept) as base:
        asked = await base.questions(100)
        await base.finder.find(BRAND, asked[0])
        start, computed, times, empty = time.perf_counter(), time.process_time(), list[float](), 0
        repair = asyncio.create_task(base.vectors.rebuild())
        while not repair.done():
            asking = time.perf_counter()
            found = await base.finder.find(BRAND, asked[len(times) % len(asked)])
            times.append((time.perf_counter() - asking) * 1000)
            empty += not found.passages
        await repair
        rebuilt, computed = time.perf_counter() - start, time.process_time() - computed
    return {
        "passages": passages,
        "rebuilt_s": rebuilt,
        "computing_s": computed,
        "finds_meanwhile": len(times),
        "without_a_passage": empty,
        "p50_ms": metrics.percentile(times, 0.5),
        "p95_ms": metrics.percentile(times, 0.95),
    }
