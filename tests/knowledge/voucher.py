"""
An article that says which revision of it is served, for tests in which one process ingests and another serves.

Run as a script it ingests revision after revision with the settings of the environment, as `aplomb ingest` does, and
prints each number once the ingest of it has returned.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from service.cli.ingesting import Wanted, ingest
from service.settings import Settings

BRAND = "larkline"
QUESTION = "How much is the voucher of this revision worth?"
_REVISION = re.compile(r"voucher of revision (\d+)")


def write(folder: Path, revision: int) -> None:
    (folder / "voucher.md").write_text(
        f"# The voucher\n\nThe voucher of revision {revision} is worth {revision} euros in every shop.\n", "utf-8"
    )


def revisions(texts: list[str]) -> set[int]:
    """Return the revisions that the passages speak of."""
    return {int(number) for text in texts for number in _REVISION.findall(text)}


async def go_on() -> None:
    settings, revision = Settings(), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        while True:
            revision += 1
            write(folder, revision)
            await ingest(settings, Wanted(folder, BRAND), Console(quiet=True))
            sys.stdout.write(f"{revision}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(go_on())
