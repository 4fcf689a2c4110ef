"""Measures whole `aplomb ingest` commands on a folder: the first, one without a change, one with one changed file."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_BRAND = "larkline"


def commands(folder: Path, rounds: int = 3) -> dict[str, float]:
    """Return seconds, of *rounds* commands the fastest; with hashed vectors, since `embed` measures the model."""
    with tempfile.TemporaryDirectory(prefix="aplomb-benchmark-") as place:
        copy, data_dir = Path(place) / "articles", Path(place) / "data"
        shutil.copytree(folder, copy)
        first = _ingest(copy, data_dir)
        unchanged = min(_ingest(copy, data_dir) for _ in range(rounds))
        file = max((each for each in copy.rglob("*.md")), key=lambda each: each.stat().st_size)
        changed = []
        for number in range(rounds):
            file.write_text(f"{file.read_text('utf-8')}\n\nOne more sentence, number {number}.\n", "utf-8")
            changed.append(_ingest(copy, data_dir))
        files = sum(1 for each in copy.rglob("*") if each.is_file())
    return {"files": files, "first_s": first, "unchanged_s": unchanged, "one_changed_s": min(changed)}


def _ingest(folder: Path, data_dir: Path) -> float:
    program = "from service.cli.commands import main; main()"
    environment = {
        **os.environ, "APLOMB_DATA_DIR": str(data_dir), "APLOMB_EMBEDDINGS": "hashed", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program, "ingest", str(folder), "--brand", _BRAND, "--json"],
        env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"the ingest ended with {done.returncode}")
    return time.perf_counter() - start
