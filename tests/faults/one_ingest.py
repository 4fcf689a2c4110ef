"""
Ingests one folder again and again, each time with another call that fails or is the process's last.

`one_ingest.py PLACE raise|kill STRIDE` tells a line of JSON for each try, with what was wrong.
"""

import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import py3langid

from service.errors import EmbeddingError, ServiceError
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.ingesting.report import IngestReport
from service.knowledge_base import KnowledgeBase, open_knowledge
from service.settings import Settings
from service.telemetry import configure_logging
from tests.faults.calls import Way, calls, watch
from tests.faults.forks import Tell, Try, tell_all
from tests.knowledge.parts import split_paragraphs
from tests.knowledge.revisions import BRAND, articles, revision_of, served

ARTICLES = 8


def write_articles(folder: Path, revision: int) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for article in articles(revision, ARTICLES):
        (folder / article.source).with_suffix(".txt").write_text(article.text)


async def ingest(base: KnowledgeBase, settings: Settings, folder: Path) -> IngestReport:
    """Do what the command does, with a splitter that lets one see a mixture."""
    base.vectors._repair_pause_s = 0
    ingest = Ingest(base.knowledge, base.vectors, base.embeddings, settings.data_dir, split=split_paragraphs)
    report = await ingest.apply(await ingest.plan(folder, BRAND, delete_missing=True))
    await base.vectors.settled()
    return report


async def wrongs(
    base: KnowledgeBase, settings: Settings, folder: Path, revision: int, *, refused: bool = False
) -> AsyncIterator[str]:
    """Yield what does not hold after an ingest of *revision* that was stopped, and after it was run again."""
    if not refused and (revision > 1 or await base.knowledge.generation(BRAND)):
        found = await revision_served(base)
        if found not in {revision - 1, revision}:
            yield f"revision {found} is served"
    try:
        await ingest(base, settings, folder)
    except ServiceError as exc:
        yield f"it cannot be run again: {exc.detail}"
        return
    if (found := await revision_served(base)) != revision:
        yield f"after another run revision {found} is served"
    if base.vectors.state != "ready":
        yield f"the vectors are {base.vectors.state}"
    elif await base.vectors._run(lambda chroma: chroma.keys(BRAND)) != await base.knowledge.vectors.keys(
        BRAND, base.embeddings.id
    ):
        yield "the vectors are not those of the passages"


async def revision_served(base: KnowledgeBase) -> int | str:
    try:
        return revision_of(await served(base.knowledge), ARTICLES)
    except AssertionError as exc:
        return f"mixed or partial ({exc})"


async def attempt(settings: Settings, way: Way, try_: Try, tell: Tell) -> None:
    """Finish the ingest of the attempt before, whose process is gone, then begin the next revision."""
    configure_logging("json", "critical")
    folder, number = settings.knowledge_dir, try_.number
    if way == "kill" and number > 1:
        async with open_knowledge(settings) as base:
            async for wrong in wrongs(base, settings, folder, number - 1):
                tell({"wrong": f"after the restart: {wrong}"})
    write_articles(folder, number)
    calls.begin(try_.strike, way)
    try:
        async with open_knowledge(settings) as base:
            # A file that cannot be read is named in the report, and its articles stay as they are.
            refused = False
            try:
                refused = bool((await ingest(base, settings, folder)).refused)
            finally:
                calls.end()
                tell({"struck": calls.struck, "calls": dict(calls.seen)})
                async for wrong in wrongs(base, settings, folder, number, refused=refused):
                    tell({"wrong": wrong})
    except ServiceError as exc:
        calls.end()
        tell({"struck": calls.struck, "calls": dict(calls.seen), "error": exc.detail})
    async with open_knowledge(settings) as base:
        async for wrong in wrongs(base, settings, folder, number):
            tell({"wrong": f"opened again: {wrong}"})


def watch_embeddings() -> None:
    embed = HashedEmbeddings.embed

    async def embedded(self: HashedEmbeddings, texts: Any) -> Any:
        calls.reached("embed", lambda: EmbeddingError("The embedding model did not answer."))
        return await embed(self, texts)

    HashedEmbeddings.embed = embedded  # type: ignore[method-assign]


if __name__ == "__main__":
    place, way, stride = sys.argv[1:]
    py3langid.classify("so that each fork has it")
    watch(Path(place))
    watch_embeddings()
    settings = Settings(
        data_dir=Path(place) / "data",
        prompts_dir=Path(place) / "prompts",
        knowledge_dir=Path(place) / "articles",
        embeddings="hashed",
    )
    tell_all(partial(attempt, settings, cast("Way", way)), int(stride))
