"""Times a label's rollback until the version before writes again, in a database and a folder of their own."""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from scripts.measures.knowledge import metrics
from service.database import migrate, open_engine, sqlite_url
from service.prompting.files import PromptFiles
from service.prompting.versions.kept import PromptVersions
from service.prompting.versions.labels import PRODUCTION


async def measure(folder: Path, rounds: int = 100) -> dict[str, float]:
    """Return the milliseconds from the call until a ticket would be answered by the version before."""
    with tempfile.TemporaryDirectory() as temporary:
        copied = Path(temporary) / "prompts"
        shutil.copytree(folder, copied)
        url = sqlite_url(Path(temporary))
        await asyncio.to_thread(migrate, url)
        engine = open_engine(url)
        try:
            times = await _times(PromptVersions(PromptFiles(copied), engine), copied, rounds)
        finally:
            await engine.dispose()
    return {"p50_ms": metrics.percentile(times, 0.5), "p95_ms": metrics.percentile(times, 0.95), "max_ms": max(times)}


async def _times(prompts: PromptVersions, folder: Path, rounds: int) -> list[float]:
    brand = PromptFiles(folder).brand_ids()[0]
    before = (await prompts.resolve(brand, None, PRODUCTION)).version
    template = folder / "reply.md"
    template.write_text(template.read_text("utf-8") + "\nBe exact.\n", "utf-8")
    after = (await prompts.resolve(brand, None, PRODUCTION)).version
    times = []
    for _ in range(rounds):
        for version in (before, after):
            await prompts.labels.move(brand, PRODUCTION, version)
        began = time.perf_counter()
        await prompts.labels.roll_back(brand, PRODUCTION)
        served = (await prompts.resolve(brand, None, PRODUCTION)).version
        times.append((time.perf_counter() - began) * 1000)
        if served != before:
            raise AssertionError(f"{served} is served after a rollback to {before}")
    return times
