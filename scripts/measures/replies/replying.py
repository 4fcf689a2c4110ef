"""Sends a judged set's questions to the real service over its API, and counts what the replies rest on."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from fastapi.testclient import TestClient
from rich.console import Console

from scripts.measures.knowledge import metrics
from scripts.measures.knowledge.judged import JudgedSet
from service.app import create_app
from service.assembly import assemble
from service.cli.ingesting import Wanted, ingest_into
from service.settings import Settings

_BRAND = "measured"
_VOICE_OF = "maison-lune"


async def ingest(settings: Settings, files: Path) -> None:
    async with assemble(settings) as services:
        await ingest_into(services, Wanted(files, _BRAND), Console(stderr=True))


@contextmanager
def temporary_settings(prompts: Path) -> Iterator[Settings]:
    """Make a data directory and a copy of the shipped prompts with one more brand; both are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "prompts"
        shutil.copytree(prompts, copied)
        shutil.copyfile(copied / "brands" / f"{_VOICE_OF}.yaml", copied / "brands" / f"{_BRAND}.yaml")
        yield Settings(
            data_dir=Path(folder) / "data",
            prompts_dir=copied,
            embeddings="minilm",
            log_format="json",
            log_level="error",
        )


def measure(settings: Settings, judged_set: JudgedSet) -> dict[str, float]:
    """Return shares of the questions; an expected article's id is its file's name without the ending."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        _write(client, "warm")
        rows = [_judge(client, text, judged_set.grades[key]) for key, text in judged_set.questions.items()]
    figures = {name: sum(row[name] for row in rows) / len(rows) for name in rows[0] if name != "ms"}
    times = [row["ms"] for row in rows]
    return figures | {"p50_ms": metrics.percentile(times, 0.5), "p95_ms": metrics.percentile(times, 0.95)}


def _judge(client: TestClient, question: str, grades: Mapping[str, int]) -> dict[str, float]:
    began = time.perf_counter()
    reply = _write(client, question)
    took_ms = (time.perf_counter() - began) * 1000
    expected = {article for article, grade in grades.items() if grade > 0}
    found = [_stem(passage["article"]) in expected for passage in reply["passages"]]
    cited = [
        _stem(citation["article"]) in expected for sentence in reply["sentences"] for citation in sentence["citations"]
    ]
    return {
        "passages@5": any(found[:5]),
        "first_citation": bool(cited) and cited[0],
        "any_citation": any(cited),
        "citations_right": sum(cited) / len(cited) if cited else 0.0,
        "handed_off": reply["decision"] == "handoff",
        "ms": took_ms,
    }


def _write(client: TestClient, question: str) -> dict[str, Any]:
    response = client.post("/v1/replies", json={"brand": _BRAND, "ticket": {"messages": [{"text": question}]}})
    response.raise_for_status()
    reply: dict[str, Any] = response.json()
    return reply


def _stem(article: str) -> str:
    return PurePosixPath(article.split("#", 1)[0]).stem
