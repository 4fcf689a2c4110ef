"""An ingest from folder to generation: what it plans, embeds, serves and reports."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from service.domain import Article
from service.errors import EmbeddingError, IngestBusyError, InvalidInputError, NotFoundError
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.ingesting.progress import Progress
from service.knowledge.ingesting.report import IngestReport
from service.knowledge.storing.lock import one_ingest
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors
from tests.knowledge.parts import CountingEmbeddings, read_paragraphs, split_paragraphs


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text)


async def run(ingest: Ingest, folder: Path, *, delete_missing: bool = False) -> IngestReport:
    return await ingest.apply(await ingest.plan(folder, "ml", delete_missing=delete_missing))


async def served(store: KnowledgeStore) -> set[str]:
    return {passage.text for passage in (await store.changes("ml", 0)).born}


async def test_a_folder_becomes_a_generation(ingest: Ingest, store: KnowledgeStore, folder: Path) -> None:
    """The first ingest serves every passage, in the language that was detected."""
    write(folder, retour="Vous pouvez renvoyer votre commande sous trente jours.\n\nLe retour est gratuit.")
    write(folder, delivery="Your order is delivered within three working days.")
    report = await run(ingest, folder)
    assert (report.generation, report.added, report.passages, report.vectors) == (
        1,
        ("delivery.md", "retour.md"),
        3,
        "ready",
    )
    assert {a.source: a.language for a in await store.articles("ml")} == {"delivery.md": "en", "retour.md": "fr"}
    generation = (await store.generations("ml"))[0]
    assert (generation.articles, generation.passages) == (2, 3)


async def test_an_article_without_a_title_is_named_by_its_first_line(ingest: Ingest, store: KnowledgeStore) -> None:
    """What comes without a title has the line that stands alone over its text; a title that is stated stays."""
    texts = {"a": ("", "Retours\n\nTrente jours."), "b": ("", "Trente jours."), "c": ("Délais", "Retours\n\nDeux.")}
    articles = [Article(brand="ml", source=key, title=title, text=text) for key, (title, text) in texts.items()]
    await ingest.apply(await ingest.plan_articles(articles, "ml"))
    assert {each.source: each.title for each in await store.articles("ml")} == {"a": "Retours", "b": "", "c": "Délais"}
    assert not (await ingest.plan_articles(articles, "ml")).moves


async def test_cost_follows_the_change(
    ingest: Ingest, embeddings: CountingEmbeddings, store: KnowledgeStore, folder: Path
) -> None:
    """An unchanged folder makes no generation and embeds nothing; one new paragraph embeds one text."""
    write(folder, a="eins\n\nzwei", b="drei")
    await run(ingest, folder)
    count = len(embeddings.embedded)
    again = await run(ingest, folder)
    assert (again.generation, again.kept, again.embedded) == (1, 2, 0)
    write(folder, a="eins\n\nzwei\n\nvier")
    changed = await run(ingest, folder)
    assert (changed.generation, changed.changed, changed.embedded) == (2, ("a.md",), 1)
    assert len(embeddings.embedded) == count + 1
    assert await served(store) == {"eins", "zwei", "drei", "vier"}


async def test_the_same_text_is_never_embedded_twice(
    ingest: Ingest, embeddings: CountingEmbeddings, folder: Path
) -> None:
    """Putting an old text back, or into another article with the same title, needs no embedding."""
    write(folder, a="eins")
    await run(ingest, folder)
    write(folder, a="zwei")
    await run(ingest, folder)
    write(folder, a="eins")
    assert (await run(ingest, folder)).embedded == 0
    assert len(embeddings.embedded) == len(set(embeddings.embedded))


async def test_missing_articles_stay_until_asked(ingest: Ingest, store: KnowledgeStore, folder: Path) -> None:
    """What is not in the folder any more is reported and kept; --delete-missing removes it."""
    write(folder, a="eins", b="zwei")
    await run(ingest, folder)
    (folder / "b.md").unlink()
    assert (await run(ingest, folder)).missing == ("b.md",)
    assert await served(store) == {"eins", "zwei"}
    assert (await run(ingest, folder, delete_missing=True)).removed == ("b.md",)
    assert await served(store) == {"eins"}


async def test_a_refused_file_keeps_its_old_article(ingest: Ingest, store: KnowledgeStore, folder: Path) -> None:
    """A file that cannot be read now is in the report, does not stop the others and is not missing."""
    write(folder, a="eins", b="zwei")
    await run(ingest, folder)
    write(folder, a="", b="drei")
    report = await run(ingest, folder, delete_missing=True)
    assert [refusal.source for refusal in report.refused] == ["a.md"]
    assert not report.ok
    assert (report.removed, report.changed) == ((), ("b.md",))
    assert await served(store) == {"eins", "drei"}


async def test_an_empty_folder_deletes_nothing(ingest: Ingest, store: KnowledgeStore, folder: Path) -> None:
    """A wrong path, or one file, with --delete-missing is refused before it can empty the base."""
    write(folder, a="eins", b="zwei")
    await run(ingest, folder)
    empty = folder / "empty"
    empty.mkdir()
    with pytest.raises(InvalidInputError):
        await ingest.plan(empty, "ml", delete_missing=True)
    with pytest.raises(InvalidInputError):
        await ingest.plan(folder / "a.md", "ml", delete_missing=True)
    assert await served(store) == {"eins", "zwei"}


async def test_one_article_is_deleted_by_its_source(ingest: Ingest, store: KnowledgeStore, folder: Path) -> None:
    """A source goes alone; an unknown one is a clear error."""
    write(folder, a="eins", b="zwei")
    await run(ingest, folder)
    report = await ingest.apply(await ingest.plan_removal(["a.md"], "ml"))
    assert (report.generation, report.removed, report.kept) == (2, ("a.md",), 1)
    assert await served(store) == {"zwei"}
    with pytest.raises(NotFoundError):
        await ingest.plan_removal(["a.md"], "ml")


async def test_a_plan_writes_nothing(
    ingest: Ingest, embeddings: CountingEmbeddings, store: KnowledgeStore, folder: Path
) -> None:
    """Planning tells articles, passages and texts to embed, and leaves everything as it was."""
    write(folder, a="eins\n\nzwei")
    plan = await ingest.plan(folder, "ml")
    assert (len(plan.added), plan.passages, len(plan.embedding.texts)) == (1, 2, 2)
    assert embeddings.embedded == []
    assert await store.generation("ml") == 0


async def test_an_outdated_plan_is_refused(ingest: Ingest, store: KnowledgeStore, folder: Path) -> None:
    """A plan made before another ingest finished is not applied."""
    write(folder, a="eins")
    early = await ingest.plan(folder, "ml")
    await run(ingest, folder)
    with pytest.raises(IngestBusyError):
        await ingest.apply(early)
    assert await store.generation("ml") == 1


async def test_two_ingests_at_once_one_is_refused(
    ingest: Ingest, store: KnowledgeStore, folder: Path, data_dir: Path
) -> None:
    """While one ingest runs, another of the brand is refused in words, and another brand's is not."""
    write(folder, a="eins")
    plan = await ingest.plan(folder, "ml")
    with one_ingest(data_dir, "ml"), pytest.raises(IngestBusyError, match="under way"):
        await ingest.apply(plan)
    results = await asyncio.gather(ingest.apply(plan), ingest.apply(plan), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["IngestBusyError", "IngestReport"]
    with one_ingest(data_dir, "ml"):
        assert (await ingest.apply(await ingest.plan(folder, "other"))).generation == 1
    assert await store.brands() == {"ml": 1, "other": 1}


async def test_what_was_embedded_survives_a_failure(
    store: KnowledgeStore, vectors: ChromaVectors, folder: Path, data_dir: Path
) -> None:
    """When the model fails half-way readers keep the old base, and the next run embeds only the rest."""

    class Failing(CountingEmbeddings):
        async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if self.embedded:
                raise EmbeddingError("the model is gone")
            return await super().embed(texts)

    write(folder, a="\n\n".join(str(number) for number in range(300)))
    broken = Ingest(store, vectors, Failing(), data_dir, read=read_paragraphs, split=split_paragraphs)
    with pytest.raises(EmbeddingError):
        await run(broken, folder)
    assert await served(store) == set()
    whole = Ingest(store, vectors, CountingEmbeddings(), data_dir, read=read_paragraphs, split=split_paragraphs)
    report = await run(whole, folder)
    assert (report.embedded, report.generation) == (300 - 256, 1)


async def test_another_model_catches_up(ingest: Ingest, store: KnowledgeStore, folder: Path, data_dir: Path) -> None:
    """With a new embedding model the unchanged articles are embedded too, and nothing else moves."""

    class Other(CountingEmbeddings):
        id = "counting-2"

    write(folder, a="eins", b="zwei")
    await run(ingest, folder)
    index = ChromaVectors(store, Other.id, Other.dimension, data_dir / "other")
    await index.open()
    other = Ingest(store, index, Other(), data_dir, read=read_paragraphs, split=split_paragraphs)
    report = await run(other, folder)
    assert (report.generation, report.embedded) == (1, 2)
    assert await store.vectors.complete_at("ml", "counting-2") == 1
    key = (await store.changes("ml", 0)).born[0].id
    question = (await store.vectors.by_key("ml", Other.id, [key]))[key]
    assert (await index.nearest("ml", question, 1))[0][0] == key
    assert (await run(other, folder)).embedded == 0
    await index.close()


async def test_progress_is_told(ingest: Ingest, folder: Path) -> None:
    """Each stage counts up to its total, with its rate and time left."""
    told: list[Progress] = []
    write(folder, a="eins\n\nzwei", b="drei")
    await ingest.apply(await ingest.plan(folder, "ml"), told.append)
    assert [(p.stage, p.done, p.total) for p in told] == [
        ("writing", 2, 2),
        ("embedding", 3, 3),
        ("indexing", 3, 3),
        ("comparing", 3, 3),
    ]
    assert all(p.rate > 0 and p.seconds_left == 0 for p in told)


async def test_rollback_serves_the_earlier_articles(
    ingest: Ingest, store: KnowledgeStore, vectors: ChromaVectors, embeddings: CountingEmbeddings, folder: Path
) -> None:
    """One call brings the earlier passages and their vectors back, without embedding."""
    write(folder, a="eins", b="zwei")
    await run(ingest, folder)
    write(folder, a="drei")
    await run(ingest, folder)
    count = len(embeddings.embedded)
    back = await ingest.roll_back("ml", 1)
    assert (back.number, await served(store)) == (3, {"eins", "zwei"})
    key = next(p.id for p in (await store.changes("ml", 0)).born if p.text == "eins")
    question = (await store.vectors.by_key("ml", "counting-1", [key]))[key]
    assert (await vectors.nearest("ml", question, 1))[0][0] == key
    assert len(embeddings.embedded) == count
