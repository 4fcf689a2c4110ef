import asyncio
from itertools import pairwise

import pytest

from service.domain import Audience, Passage
from service.errors import EmbeddingError
from service.knowledge.embedding.embeddings import Vectors
from service.knowledge.embedding.hashed import HashedEmbeddings
from tests.knowledge.finding.shelves import BRAND, Shelves, passage

DELIVERY = passage("Parcels to mainland France arrive within three working days.", title="Delivery", article="d.md")
RETURNS = passage("Send an item back within thirty days of receiving it.", title="Returns", article="r.md")
REFUNDS = passage("We refund to the card that you paid with in five days.", title="Refunds", article="f.md")
LIVRAISON = passage(
    "Les colis arrivent sous trois jours ouvrés en France.", title="Livraison", article="l.md", language="fr"
)


@pytest.fixture(params=[50_000, 0], ids=["all vectors compared", "index asked"], autouse=True)
def exact_up_to(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.knowledge.finding.shelf._EXACT_UP_TO", request.param)


@pytest.fixture
def shelves() -> Shelves:
    shelves = Shelves()
    shelves.publish([DELIVERY, RETURNS, REFUNDS])
    return shelves


async def found(shelves: Shelves, question: str, **options: object) -> list[Passage]:
    finding = await shelves.finder().find(BRAND, question, **options)  # type: ignore[arg-type]
    return [relevant.passage for relevant in finding.passages]


async def test_the_passage_that_answers_comes_first(shelves: Shelves) -> None:
    """Words in other forms than the article's still lead to it."""
    assert (await found(shelves, "When will my refund reach my card?"))[0] == REFUNDS
    assert (await found(shelves, "how long do deliveries take"))[0] == DELIVERY


async def test_relevance_falls_and_stays_between_0_and_1(shelves: Shelves) -> None:
    """Passages come most relevant first, on a scale from 0 to 1."""
    finding = await shelves.finder().find(BRAND, "refund of returned items")
    relevance = [each.relevance for each in finding.passages]
    assert relevance == sorted(relevance, reverse=True)
    assert all(0 <= each <= 1 for each in relevance)
    assert 0 <= finding.answerability <= 1
    assert finding.generation == 1


async def test_an_empty_base_finds_nothing() -> None:
    """A brand that ingested nothing has no passages and no chance of an answer."""
    finding = await Shelves().finder().find(BRAND, "anything")
    assert (finding.passages, finding.answerability, finding.generation) == ((), 0.0, 0)


@pytest.mark.parametrize("question", ["", "?!", "and the of", "\x00", "🦊" * 50, "a" * 100_000])
async def test_a_question_without_words_is_no_accident(shelves: Shelves, question: str) -> None:
    """Whatever a customer sends, finding answers with a finding."""
    finding = await shelves.finder().find(BRAND, question)
    assert finding.answerability < 0.5


async def test_off_topic_is_less_answerable_than_on_topic(shelves: Shelves) -> None:
    """Small talk scores below a question that an article answers."""
    finder = shelves.finder()
    on_topic = await finder.find(BRAND, "within how many days can I send an item back?")
    off_topic = await finder.find(BRAND, "quel est le meilleur film de 2025 ?")
    assert off_topic.answerability < 0.3 < on_topic.answerability


async def test_a_new_generation_is_seen_by_the_next_search(shelves: Shelves) -> None:
    """The finder follows the store by what changed, not from the beginning."""
    finder = shelves.finder()
    await finder.find(BRAND, "refund")
    shelves.publish([passage("Gift cards are valid for two years.", title="Gift cards", article="g.md")], [REFUNDS])
    finding = await finder.find(BRAND, "how long is a gift card valid, and the refund?")
    assert finding.generation == 2
    assert finding.passages[0].passage.title == "Gift cards"
    assert REFUNDS not in [each.passage for each in finding.passages]
    assert shelves.asked_after == [0, 1]


async def test_a_passage_may_die_and_be_born_in_one_change(shelves: Shelves) -> None:
    """A new title leaves the passage's id as it was; the new title is what is found and shown."""
    finder = shelves.finder()
    await finder.find(BRAND, "refund")
    renamed = passage(REFUNDS.text, title="Money back", article="f.md")
    assert renamed.id == REFUNDS.id
    shelves.publish([renamed], [REFUNDS])
    finding = await finder.find(BRAND, "money back")
    assert finding.passages[0].passage.title == "Money back"


async def test_many_changes_leave_no_dead_weight(shelves: Shelves) -> None:
    """When most rows are dead the state is built anew, and finds the same."""
    finder = shelves.finder()
    versions = [passage(f"Opening hours version {number}.", article="h.md", title="Hours") for number in range(20)]
    shelves.publish(versions[:1])
    for old, new in pairwise(versions):
        shelves.publish([new], [old])
        await finder.find(BRAND, "opening hours")
    assert len((await finder.shelf(BRAND)).passages) < 10
    finding = await finder.find(BRAND, "opening hours")
    assert finding.passages[0].passage == versions[-1]


async def test_a_rollback_is_followed(shelves: Shelves) -> None:
    """A served generation below ours is read from the beginning."""
    finder = shelves.finder()
    shelves.publish([], [REFUNDS])
    assert REFUNDS not in [each.passage for each in (await finder.find(BRAND, "refund card")).passages]
    shelves.steps.pop()
    assert (await finder.find(BRAND, "refund card")).passages[0].passage == REFUNDS


async def test_searches_and_changes_may_overlap(shelves: Shelves) -> None:
    """Each of many simultaneous searches sees one whole generation."""
    finder = shelves.finder()

    async def search(number: int) -> None:
        if number % 5 == 0:
            shelves.publish([passage(f"Extra {number}", article=f"x{number}.md")])
        finding = await finder.find(BRAND, "refund card")
        assert finding.passages[0].passage == REFUNDS

    await asyncio.gather(*(search(number) for number in range(40)))


async def test_a_damaged_index_costs_time_and_no_answers(shelves: Shelves) -> None:
    """While the vector index cannot be asked, a search finds and ranks the same."""
    asked = "refund to my card"
    before = await shelves.finder().find(BRAND, asked)
    shelves.vectors_fail = True
    after = await shelves.finder().find(BRAND, asked)
    assert after.passages[0].passage == REFUNDS
    assert [each.passage for each in after.passages] == [each.passage for each in before.passages]
    assert after.answerability == pytest.approx(before.answerability)


async def test_keyword_search_answers_without_embeddings(shelves: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent embedding endpoint costs meaning, not answers."""

    async def fail(_: HashedEmbeddings, texts: object) -> Vectors:
        raise EmbeddingError(f"no answer for {texts!r}")

    monkeypatch.setattr(HashedEmbeddings, "embed", fail)
    finding = await shelves.finder().find(BRAND, "refund to my card")
    assert finding.passages[0].passage == REFUNDS
    assert finding.answerability > 0.3


async def test_internal_passages_are_only_found_by_insiders(shelves: Shelves) -> None:
    """What is marked internal never stands in a customer's finding, however well it fits."""
    secret = passage(
        "Refund fraud: escalate at once.", title="Refund fraud", article="i.md", audience=Audience.INTERNAL
    )
    shelves.publish([secret])
    assert secret not in await found(shelves, "refund fraud escalate")
    assert secret in await found(shelves, "refund fraud escalate", audience=Audience.INTERNAL)


async def test_near_duplicates_collapse_and_say_so(shelves: Shelves) -> None:
    """The same words under another article are one passage in the finding."""
    twin = passage(REFUNDS.text + " Thanks.", title="Refunds again", article="t.md")
    shelves.publish([twin])
    explanation = await shelves.finder().explain(BRAND, "refund to my card")
    kept = [each.passage for each in explanation.finding.passages]
    assert len({REFUNDS, twin}.intersection(kept)) == 1
    dropped = [each for each in explanation.candidates if each.dropped and each.dropped.startswith("duplicate")]
    assert [each.passage for each in dropped] == list({REFUNDS, twin}.difference(kept))


async def test_the_questions_language_comes_first_and_the_other_is_a_fallback(shelves: Shelves) -> None:
    """The same fact in two languages: each question gets its own; a name leads to the other when there is only that."""
    english = passage(DELIVERY.text, title="Delivery", article="e.md", language="en")
    shelves.publish([LIVRAISON, english], [DELIVERY])
    assert (await found(shelves, "Livraison en France : combien de jours pour les colis ?"))[0] == LIVRAISON
    assert (await found(shelves, "Delivery to France: how many days for parcels?"))[0].language == "en"
    shelves.publish([], [LIVRAISON])
    assert english in await found(shelves, "Livraison en France ?", language="fr")


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Que veut dire le code ERR-4107 affiché par ma machine ?", "Codes"),
        ("Mon Lunexa 300 est-il couvert ?", "Lunexa"),
        ("Puis-je contester une transaction internationale ?", "Transactions"),
    ],
    ids=["code", "name", "cognate"],
)
async def test_what_stands_in_the_other_language_only_is_found_by_names_codes_and_cognates(
    question: str, title: str
) -> None:
    """A French question reaches the English article that alone has the answer, before the French ones that do not."""
    shelves = Shelves()
    shelves.publish(
        [
            LIVRAISON,
            passage("Les retours sont gratuits pendant un mois.", title="Retours", article="q.md", language="fr"),
            passage("ERR-4107 means that the tank is empty.", title="Codes", article="c.md", language="en"),
            passage("The Lunexa 300 has a warranty of two years.", title="Lunexa", article="l3.md", language="en"),
            passage(
                "Dispute international transactions by phone.", title="Transactions", article="t.md", language="en"
            ),
        ]
    )
    assert (await found(shelves, question, language="fr"))[0].title == title


async def test_no_more_passages_than_asked(shelves: Shelves) -> None:
    """The limit is the caller's, and what it cuts off is explained."""
    explanation = await shelves.finder().explain(BRAND, "refund items delivery days", limit=1)
    assert len(explanation.finding.passages) == 1
    assert {each.dropped for each in explanation.candidates} == {None, "limit"}
    assert all("fused" in each.scores for each in explanation.candidates)
