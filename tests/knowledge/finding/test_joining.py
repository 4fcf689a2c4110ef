from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from service.domain import Passage, RelevantPassage
from service.knowledge.finding.joining import joined
from tests.knowledge.finding.shelves import BRAND, Shelves, passage

STEPS = "Returns › Steps"
FIRST = passage("Pack the item.", article="r.md", heading=STEPS, position=1)
SECOND = passage("Print the label.", article="r.md", heading=STEPS, position=2)
AFTER = passage("The refund takes five days.", article="r.md", heading="Returns › Refund", position=3)
FAR = passage("We reply within a day.", article="r.md", heading="Contact", position=7)
OTHER = passage("Gift cards are valid for two years.", article="g.md", position=2)


def found(*passages: Passage) -> list[RelevantPassage]:
    return [RelevantPassage(passage=each, relevance=1 - place / 10) for place, each in enumerate(passages)]


def test_parts_of_one_section_become_one_passage() -> None:
    """Two halves of a section are read in the author's order, whichever is nearer to the question."""
    (whole,) = joined(found(SECOND, FIRST))
    assert whole.relevant.passage.text == "Pack the item.\n\nPrint the label."
    assert (whole.relevant.passage.heading, whole.relevant.passage.position) == (STEPS, 1)
    assert (whole.relevant.relevance, whole.parts) == (1.0, (FIRST.id, SECOND.id))
    assert whole.relevant.passage.id == Passage.make_id(BRAND, "r.md", STEPS, whole.relevant.passage.text)


def test_neighbouring_sections_keep_their_headings() -> None:
    """Under the headings that they share, each part stands below its own."""
    (whole,) = joined(found(AFTER, FIRST, SECOND))
    assert whole.relevant.passage.heading == "Returns"
    assert whole.relevant.passage.text == (
        "### Steps\n\nPack the item.\n\nPrint the label.\n\n### Refund\n\nThe refund takes five days."
    )


def test_what_is_not_adjacent_stays_apart() -> None:
    """Passages of other articles, or further down, are passages of their own, in the order of their relevance."""
    wholes = joined(found(OTHER, FAR, SECOND, FIRST))
    assert [whole.relevant.passage.article for whole in wholes] == ["g.md", "r.md", "r.md"]
    assert [whole.relevant.passage for whole in wholes[:2]] == [OTHER, FAR]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 8)), unique=True, max_size=20))
def test_joining_loses_and_doubles_nothing(places: list[tuple[str, int]]) -> None:
    """Each passage is part of exactly one, its words are there byte for byte, and the best stays first."""
    passages = [
        replace(passage(f"Text {article}{position}.", article=article, heading=f"H{position % 2}"), position=position)
        for article, position in places
    ]
    wholes = joined(found(*passages))
    text = {each.id: each.text for each in passages}
    assert sorted(part for whole in wholes for part in whole.parts) == sorted(text)
    assert all(text[part] in whole.relevant.passage.text for whole in wholes for part in whole.parts)
    relevance = [whole.relevant.relevance for whole in wholes]
    assert relevance == sorted(relevance, reverse=True)
    assert not passages or passages[0].id in wholes[0].parts


async def test_a_finding_joins_neighbours_and_says_which() -> None:
    """What a reply rests on is joined; every candidate names the passage that it became part of."""
    shelves = Shelves()
    shelves.publish([FIRST, SECOND, OTHER])
    explanation = await shelves.finder().explain(BRAND, "print the label and pack the item")
    first = explanation.finding.passages[0].passage
    assert first.text == "Pack the item.\n\nPrint the label."
    parts = {each.passage.id: each.part_of for each in explanation.candidates}
    assert (parts[FIRST.id], parts[SECOND.id], parts[OTHER.id]) == (first.id, first.id, None)
