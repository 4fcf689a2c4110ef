"""The SQL side of the knowledge base: lives, generations and what a reader must do between two of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from service.database import open_engine
from service.domain import Article, Audience
from service.errors import IngestBusyError, KnowledgeError, UnknownGenerationError
from service.knowledge.ingesting.plan import version_of
from service.knowledge.storing.content import ArticleVersion, Differences, Step, VectorKey
from service.knowledge.storing.store import KnowledgeStore
from tests.knowledge.parts import split_paragraphs

pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)


def article(source: str, text: str, **more: object) -> Article:
    return replace(Article(brand="ml", source=source, title=source, text=text, language="fr"), **more)  # type: ignore[arg-type]


async def move(store: KnowledgeStore, *articles: Article, died: Sequence[str] = ()) -> int:
    versions = [
        ArticleVersion(version=version_of(a, ["fr"]), article=a, passages=split_paragraphs(a)) for a in articles
    ]
    await store.keep_articles(versions)
    born = {version.article.source: version.version for version in versions}
    base = await store.generation("ml")
    return (await store.advance(Step(brand="ml", base=base, born=born, died=died), "counting-1")).number


async def served(store: KnowledgeStore) -> set[str]:
    return {passage.text for passage in (await store.changes("ml", 0)).born}


async def test_nothing_is_generation_zero(store: KnowledgeStore) -> None:
    """A brand without an ingest is at generation 0 and has no passages."""
    assert await store.generation("ml") == 0
    assert (await store.changes("ml", 0)).born == ()
    assert await store.brands() == {}


async def test_what_another_process_served_is_known_at_once(store: KnowledgeStore, database_url: str) -> None:
    """The generation that a search asks for is that of the last commit, whoever made it."""
    engine = open_engine(database_url)
    other = KnowledgeStore(engine)
    try:
        for number in range(1, 4):
            assert await move(store, article("a.md", f"text {number}")) == number
            assert await other.generation("ml") == await store.generation("ml") == number
    finally:
        await engine.dispose()


async def test_content_counts_only_with_its_generation(store: KnowledgeStore) -> None:
    """Articles that were written but not brought to life are served to nobody."""
    new = article("a.md", "eins")
    await store.keep_articles([ArticleVersion(version="v", article=new, passages=split_paragraphs(new))])
    assert await served(store) == set()
    assert await store.passages([split_paragraphs(new)[0].id]) == {}
    await move(store, new)
    assert await served(store) == {"eins"}


async def test_changes_lead_from_any_generation_to_the_newest(store: KnowledgeStore) -> None:
    """Forgetting the dead and adding the born brings a reader at any generation to what is served now."""
    await move(store, article("a.md", "eins\n\nzwei"), article("b.md", "drei"))
    await move(store, article("a.md", "eins\n\nvier"))
    await move(store, article("c.md", "fünf"), died=["b.md"])
    await store.roll_back("ml", 1)
    await move(store, article("b.md", "sechs"))
    for after in range(6):
        known = _state_at(after)
        changes = await store.changes("ml", after)
        for dead in changes.died:
            del known[dead]
        known |= {passage.id: passage.text for passage in changes.born}
        assert (changes.generation, set(known.values())) == (5, {"eins", "zwei", "sechs"})


def _state_at(generation: int) -> dict[str, str]:
    texts = {
        0: set[str](),
        1: {"eins", "zwei", "drei"},
        2: {"eins", "vier", "drei"},
        3: {"eins", "vier", "fünf"},
        4: {"eins", "zwei", "drei"},
        5: {"eins", "zwei", "sechs"},
    }[generation]
    sources = {"eins": "a.md", "zwei": "a.md", "vier": "a.md", "drei": "b.md", "fünf": "c.md", "sechs": "b.md"}
    return {split_paragraphs(article(sources[text], text))[0].id: text for text in texts}


async def test_a_changed_title_moves_its_passages(store: KnowledgeStore) -> None:
    """A passage whose article got another title or audience keeps its id, dies and is born with the new words."""
    await move(store, article("a.md", "eins"))
    await move(store, article("a.md", "eins", title="Neu", audience=Audience.INTERNAL))
    changes = await store.changes("ml", 1)
    assert changes.died == (changes.born[0].id,)
    assert (changes.born[0].title, changes.born[0].audience) == ("Neu", Audience.INTERNAL)


async def test_dead_passages_stay_readable(store: KnowledgeStore) -> None:
    """A receipt's passage is found after its article is gone; a living one is told as it lives."""
    await move(store, article("a.md", "eins\n\nzwei"))
    old = {passage.text: passage for passage in (await store.changes("ml", 0)).born}
    await move(store, article("a.md", "zwei", title="Neu"))
    found = await store.passages([old["eins"].id, old["zwei"].id, "psg_unknown"])
    assert found[old["eins"].id] == old["eins"]
    assert (found[old["zwei"].id].title, found[old["zwei"].id].position) == ("Neu", 0)
    assert len(found) == 2


async def test_two_steps_from_one_base_do_not_both_count(store: KnowledgeStore) -> None:
    """Of two ingests that started from the same generation the second is refused, whole."""
    await move(store, article("a.md", "eins"))
    other = article("b.md", "zwei")
    await store.keep_articles([ArticleVersion(version="v", article=other, passages=split_paragraphs(other))])
    with pytest.raises(IngestBusyError):
        await store.advance(Step(brand="ml", base=0, born={"b.md": "v"}, died=()), "counting-1")
    with pytest.raises(IngestBusyError):
        await store.advance(Step(brand="ml", base=7, born={"b.md": "v"}, died=()), "counting-1")
    assert await served(store) == {"eins"}
    assert await store.generation("ml") == 1


async def test_rollback_is_a_generation(store: KnowledgeStore) -> None:
    """Going back is a step forward to the same articles; a generation that never was is refused."""
    await move(store, article("a.md", "eins"))
    await move(store, article("a.md", "zwei"), article("b.md", "drei"))
    back = await store.roll_back("ml", 1)
    assert (back.number, back.articles, back.passages) == (3, 1, 1)
    assert await served(store) == {"eins"}
    assert [generation.number for generation in await store.generations("ml")] == [3, 2, 1]
    with pytest.raises(UnknownGenerationError):
        await store.roll_back("ml", 9)


async def test_articles_tell_what_lives(store: KnowledgeStore) -> None:
    """The list of articles has each living source once, with its passages and its generation."""
    await move(store, article("b.md", "eins\n\nzwei"), article("a.md", "drei"))
    await move(store, article("b.md", "eins"))
    found = await store.articles("ml")
    assert [(a.source, a.passages, a.born, a.language) for a in found] == [("a.md", 1, 1, "fr"), ("b.md", 1, 2, "fr")]
    assert (await store.article("ml", "b.md")) == article("b.md", "eins")
    assert await store.article("ml", "c.md") is None
    assert await store.article("other", "b.md") is None


async def test_vectors_are_kept_by_text(store: KnowledgeStore) -> None:
    """A vector is found by its text's digest and by the keys that need it, and of no other brand or model."""
    await move(store, article("a.md", "eins"))
    version = (await store.versions("ml"))["a.md"]
    vector = np.array([1, 0.5], np.float32)
    await store.vectors.keep("ml", "m", {"d": vector})
    await store.vectors.keep("ml", "m", {"d": vector})
    await store.vectors.keep_keys("m", [VectorKey(version=version, key="k", text_digest="d")])
    assert (await store.vectors.by_key("ml", "m", ["k", "none"]))["k"].tolist() == [1, 0.5]
    assert list(await store.vectors.by_text("ml", "m", ["d"])) == ["d"]
    assert await store.vectors.by_key("ml", "other", ["k"]) == {}
    assert await store.vectors.by_key("other", "m", ["k"]) == {}
    assert (await store.vectors.matrix("ml", "m", ["none", "k"], 2)).tolist() == [[0, 0], [1, 0.5]]


async def test_many_vectors_are_as_few(store: KnowledgeStore) -> None:
    """Read together, thousands of vectors are those that are read one by one, dead and unknown keys included."""
    for text in ("eins", "zwei"):
        await move(store, article("a.md", text))
        version = (await store.versions("ml"))["a.md"]
        keys = [VectorKey(version=version, key=f"{text}{n}", text_digest=f"{text}{n}") for n in range(3_000)]
        await store.vectors.keep("ml", "m", {k.text_digest: np.array([n, 1], np.float32) for n, k in enumerate(keys)})
        await store.vectors.keep_keys("m", keys)
    wanted = [f"{text}{n}" for text in ("eins", "zwei", "drei") for n in range(2_500)]
    found = await store.vectors.matrix("ml", "m", wanted, 2)
    assert found.any(axis=1).sum() == 5_000
    assert found[:2_048].tolist() == found[2_500:4_548].tolist() == [[n, 1] for n in range(2_048)]


async def test_a_shared_key_dies_with_its_last_article(store: KnowledgeStore) -> None:
    """Two articles need one vector (the same title): it is dropped when neither lives."""
    await move(store, article("a.md", "eins"), article("b.md", "zwei"))
    versions = await store.versions("ml")
    await store.vectors.keep_keys("m", [VectorKey(version=v, key="ttl", text_digest="d") for v in versions.values()])
    await move(store, died=["a.md"])
    assert (await store.vectors.changes("ml", "m", 1)).died == frozenset()
    await move(store, died=["b.md"])
    assert (await store.vectors.changes("ml", "m", 1)).died == {"ttl"}


async def test_a_reader_from_the_future_starts_over(store: KnowledgeStore) -> None:
    """Who knows a generation that is not there (the database was put back) is given everything."""
    await move(store, article("a.md", "eins"))
    changes = await store.changes("ml", 5)
    assert (changes.generation, [passage.text for passage in changes.born]) == (1, ["eins"])


async def test_a_broken_database_is_a_knowledge_error(store: KnowledgeStore) -> None:
    """What the database raises reaches nobody as it is."""
    async with store._transactions.writing("a test") as connection:
        await connection.exec_driver_sql("ALTER TABLE knowledge_generations RENAME TO gone")
    with pytest.raises(KnowledgeError):
        await store.generation("ml")
    async with store._transactions.writing("a test") as connection:
        await connection.exec_driver_sql("ALTER TABLE gone RENAME TO knowledge_generations")


async def test_the_last_report_takes_the_place_of_the_one_before(store: KnowledgeStore) -> None:
    """A brand has one report, with the moment of its ingest; another brand's is its own."""
    assert await store.report("ml") is None
    moment = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    for number in (1, 2):
        await store.keep_report("ml", moment, {"generation": number, "refused": ["« été »"]})
    await store.keep_report("other", moment, {"generation": 9})
    assert await store.report("ml") == (moment, {"generation": 2, "refused": ["« été »"]})


async def test_what_a_rollback_would_change_is_told_before(store: KnowledgeStore) -> None:
    """Articles that come back, go, or get their earlier text are named; unknown generations are refused."""
    await move(store, article("a.md", "first"), article("b.md", "second"))
    await move(store, article("b.md", "changed"), article("c.md", "third"), died=["a.md"])
    found = await store.differences("ml", 1)
    assert (found.back, found.changed, found.gone) == (("a.md",), ("b.md",), ("c.md",))
    assert await store.differences("ml", 2) == Differences(back=(), gone=(), changed=())
    for number in (0, 3):
        with pytest.raises(UnknownGenerationError):
            await store.differences("ml", number)


async def test_an_article_has_its_passages_in_order(store: KnowledgeStore) -> None:
    """The passages of the living version come in their order; one that is not there has none."""
    await move(store, article("a.md", "one\n\ntwo\n\nthree"))
    assert [each.text for each in await store.article_passages("ml", "a.md")] == ["one", "two", "three"]
    await move(store, article("a.md", "four"))
    assert [each.text for each in await store.article_passages("ml", "a.md")] == ["four"]
    assert await store.article_passages("ml", "b.md") == ()
