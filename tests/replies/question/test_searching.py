from dataclasses import dataclass, field

from service.domain import Finding, Passage, RelevantPassage
from service.replies.question.searching import search


def passage(name: str, text: str | None = None) -> RelevantPassage:
    held = Passage(
        id=f"psg_{name}", brand="b", article=name, title=name, heading="", text=text or name, position=0, start=0
    )
    return RelevantPassage(passage=held, relevance=0.5)


@dataclass
class Base:
    """A knowledge base that knows what it finds for a question, and can be ingested between two of them."""

    found: dict[str, tuple[float, list[RelevantPassage]]]
    moves: int = 0
    asked: list[str] = field(default_factory=list)

    async def find(self, brand: str, question: str, *, language: str | None = None) -> Finding:  # noqa: ARG002 - as a finder takes it
        self.asked.append(question)
        generation = 1 + (1 if self.moves > 0 and len(self.asked) > 1 else 0)
        if generation > 1:
            self.moves -= 1
        answerability, passages = self.found.get(question, (0.1, []))
        return Finding(passages=tuple(passages), answerability=answerability, generation=generation)


REFUND, PARCEL = "Quand suis-je remboursée de ma commande ?", "Où se trouve mon colis en ce moment ?"
BOTH = f"{REFUND} {PARCEL}"


async def test_one_question_is_searched_once() -> None:
    """A ticket that asks one thing costs one search."""
    base = Base({REFUND: (0.9, [passage("refund")])})

    finding = await search(base, "b", REFUND, "fr")

    assert base.asked == [REFUND]
    assert finding.answerability == 0.9


async def test_each_question_brings_its_best_passage() -> None:
    """What the whole question drowns is found by the question itself, and stands in turn."""
    base = Base(
        {
            BOTH: (0.3, [passage("refund"), passage("terms")]),
            REFUND: (0.9, [passage("refund"), passage("card")]),
            PARCEL: (0.8, [passage("parcel"), passage("delay")]),
        }
    )

    finding = await search(base, "b", BOTH, "fr")

    assert [each.passage.article for each in finding.passages] == ["refund", "parcel"]
    assert finding.answerability == 0.8


async def test_a_question_without_an_answer_does_not_lift_the_whole() -> None:
    """Two questions of which one has no article are no surer than their whole."""
    base = Base({BOTH: (0.5, [passage("refund")]), REFUND: (0.9, [passage("refund")])})

    assert (await search(base, "b", BOTH, "fr")).answerability == 0.5


async def test_passages_of_two_generations_never_mix() -> None:
    """When an ingest comes in between, all is searched again."""
    base = Base({BOTH: (0.5, [passage("a")]), REFUND: (0.9, [passage("b")]), PARCEL: (0.9, [passage("c")])}, moves=2)

    finding = await search(base, "b", BOTH, "fr")

    assert len(base.asked) == 6
    assert finding.generation == 1
    assert [each.passage.article for each in finding.passages] == ["b"]


async def test_a_passage_within_another_is_left_out() -> None:
    """Joined neighbours that hold a passage already do not stand beside it."""
    base = Base(
        {
            BOTH: (0.5, [passage("x"), passage("y"), passage("z")]),
            REFUND: (0.9, [passage("long", "one two three")]),
            PARCEL: (0.9, [passage("short", "two"), passage("other")]),
        }
    )

    finding = await search(base, "b", BOTH, "fr")

    assert [each.passage.article for each in finding.passages] == ["long", "x", "other"]
