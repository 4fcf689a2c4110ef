"""Times the lint as a prompt engineer waits for it."""

import time
from datetime import UTC, datetime
from pathlib import Path

from scripts.measures.knowledge import metrics
from service.prompting.lint.lint import PromptLint

_ROUNDS = 50


async def measure(folder: Path) -> dict[str, float]:
    """Return the milliseconds of the first lint of *folder* in this process, and of the next fifty."""
    lint, today = PromptLint(folder, None, None), datetime.now(UTC).date()
    times = []
    for _ in range(_ROUNDS + 1):
        began = time.perf_counter()
        await lint.files(today)
        times.append((time.perf_counter() - began) * 1000)
    first, *again = times
    return {"first_ms": first, "p50_ms": metrics.percentile(again, 0.5), "p95_ms": metrics.percentile(again, 0.95)}
