"""Passages are exact slices of their article that one could quote, and together they hold all of it."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import Article, Passage
from service.knowledge.splitting.splitting import split

WORDS = "le colis part demain matin de notre atelier et arrive chez vous sous trois jours ouvrés"


def article(text: str, title: str = "Livraison") -> Article:
    return Article(brand="b", source="a.md", title=title, text=text, language="fr")


def words(count: int, seed: int = 0) -> str:
    vocabulary = WORDS.split()
    return " ".join(vocabulary[(seed + number * 7) % len(vocabulary)] for number in range(count))


def sentences(count: int, length: int = 15) -> str:
    return " ".join(f"Phrase {number} {words(length, number)}." for number in range(count))


def outline(passages: tuple[Passage, ...]) -> list[tuple[str, int]]:
    return [(passage.heading, len(passage.text.split())) for passage in passages]


def test_short_article_is_one_passage() -> None:
    """A short article is not torn apart, whatever headings it has; its title does not come twice."""
    (passage,) = split(article("# Livraison\n\n## En France\n\nDeux jours.\n\n## Ailleurs\n\nCinq jours."))
    assert (passage.heading, passage.position) == ("", 0)
    assert passage.text == "## En France\n\nDeux jours.\n\n## Ailleurs\n\nCinq jours."


def test_sections_stand_under_their_headings() -> None:
    """Each section of a longer article is a passage under the path of its headings."""
    text = f"# Livraison\n\n{words(60)}.\n\n## France\n\n{words(80)}."
    text += f"\n\n### Corse\n\n{words(90)}.\n\n## Suisse\n\n{words(70)}."
    assert outline(split(article(text))) == [("", 60), ("France", 80), ("France › Corse", 90), ("Suisse", 70)]


def test_tiny_sections_join_the_neighbour_they_belong_to() -> None:
    """A section of a line joins its own subsection rather than the chapter before, and keeps its heading."""
    text = (
        f"## Prix\n\n{words(90)}.\n\n## Délais\n\nEn bref.\n\n### France\n\n{words(60)}.\n\n### Suisse\n\n{words(150)}."
    )
    passages = split(article(text))
    assert [passage.heading for passage in passages] == ["Prix", "Délais", "Délais › Suisse"]
    assert passages[1].text.startswith("En bref.\n\n### France\n\n")


def test_long_sections_are_divided_evenly_between_sentences() -> None:
    """A long section becomes passages of about equal length that begin and end with a sentence."""
    passages = split(article(f"## Détails\n\n{sentences(40)}"))
    sizes = [len(passage.text.split()) for passage in passages]
    assert all(100 <= size <= 200 for size in sizes)
    assert all(passage.text.startswith("Phrase") and passage.text.endswith(".") for passage in passages)


def test_abbreviations_end_no_sentence() -> None:
    """`M. Martin` and `art. L. 122` are not cut in two."""
    passages = split(article(" ".join(f"Voir M. Martin ou l'art. L. 122 {words(20)}." for _ in range(30))))
    assert all(passage.text.startswith("Voir M. Martin") for passage in passages)


def test_lists_stay_with_their_lead_in() -> None:
    """Steps stay whole, with the sentence that announces them."""
    steps = "\n".join(f"{number}. {words(14)}" for number in range(1, 9))
    passages = split(article(f"{words(130)}.\n\nPour retourner un article :\n\n{steps}\n\n{words(100)}."))
    (whole,) = [passage for passage in passages if "1. " in passage.text]
    assert f"Pour retourner un article :\n\n{steps}" in whole.text


def test_code_stays_whole() -> None:
    """A listing that fits is never cut."""
    code = "```\n" + "\n\n".join(f"set option {number} to value" for number in range(30)) + "\n```"
    assert any(code in passage.text for passage in split(article(f"{words(120)}.\n\n{code}\n\n{words(120)}.")))


def test_tables_keep_their_header() -> None:
    """A table that fits stays whole; a longer one is cut between rows, and each part names its columns."""
    head = "| Pays | Délai | Remarque |\n| --- | --- | --- |\n"
    rows = [f"| Pays {number} | {number} jours | {words(5, number)} |" for number in range(100)]
    (whole,) = split(article(head + "\n".join(rows[:40])))
    assert whole.text.count("\n") == 41
    passages = split(article("## Tarifs\n\n" + head + "\n".join(rows)))
    assert passages[0].text.startswith(head)
    assert {passage.heading for passage in passages[1:]} == {"Tarifs › Pays | Délai | Remarque"}
    assert all(line.startswith("| Pays") for passage in passages[1:] for line in passage.text.split("\n"))


def test_words_without_end_are_cut_somewhere() -> None:
    """A text that knows neither full stop nor space still becomes passages of bearable length."""
    for text in (words(5_000), "x" * 50_000, "\n".join([words(8)] * 500)):
        passages = split(article(text))
        assert max(len(passage.text) for passage in passages) < 2_000


def test_article_without_text_has_no_passage() -> None:
    """Nothing to quote, no passage."""
    assert split(article("")) == ()
    assert split(article("# Livraison\n\n---\n\n \n")) == ()


def test_equal_passages_have_their_own_ids() -> None:
    """The same words twice in an article are two passages."""
    passages = split(article("\n\n".join([f"## Note\n\n{words(80)}."] * 3)))
    assert len({passage.id for passage in passages}) == len(passages) == 3


def test_ids_of_untouched_sections_survive_an_edit() -> None:
    """Changing one section leaves the ids of the others as they were, so that only the change is embedded again."""
    before = f"## A\n\n{words(90, 1)}.\n\n## B\n\n{words(90, 2)}.\n\n## C\n\n{words(90, 3)}."
    after = before.replace(f"{words(90, 2)}.", f"{words(95, 5)}.")
    ids = [{passage.id for passage in split(article(text))} for text in (before, after)]
    assert len(ids[0] & ids[1]) == 2


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)
PARAGRAPH = st.integers(1, 300).map(words) | st.integers(1, 30).map(sentences) | LINE
LIST = st.lists(st.integers(1, 60).map(words), min_size=1, max_size=12).map(
    lambda items: "\n".join(f"- {item}" for item in items)
)
TABLE = st.integers(1, 90).map(
    lambda count: "| A | B |\n|---|---|\n" + "\n".join(f"| {row} | {words(6, row)} |" for row in range(count))
)
CODE = st.integers(1, 120).map(lambda count: "```\n" + "\n".join(["run --now"] * count) + "\n```")
HEADING = st.builds(
    lambda level, name: "#" * level + " " + name, st.integers(1, 4), st.sampled_from(["A", "B", "Le prix"])
)
BLOCKS = st.lists(PARAGRAPH | LIST | TABLE | CODE | HEADING | st.just("---"), max_size=14).map("\n\n".join)


@settings(max_examples=150)
@given(BLOCKS | st.text(max_size=400))
def test_passages_are_exact_slices_in_order(text: str) -> None:
    """Whatever the text, a passage is exactly where it says, none overlaps another, and ids are unique."""
    passages = split(article(text))
    assert passages == split(article(text))
    end = 0
    for position, passage in enumerate(passages):
        assert passage.position == position
        assert passage.start >= end
        end = passage.start + len(passage.text)
        assert passage.text == text[passage.start : end]
        assert passage.text.strip()
    assert len({passage.id for passage in passages}) == len(passages)


@settings(max_examples=150)
@given(BLOCKS)
def test_nothing_is_lost(text: str) -> None:
    """Every word of the article is in a passage, or in the headings over one, or is the title."""
    passages = split(article(text))
    rest, end = [], 0
    for passage in passages:
        rest.append(text[end : passage.start])
        end = passage.start + len(passage.text)
    rest.append(text[end:])
    above = {name for passage in passages for name in passage.heading.split(" › ")}
    for line in "\n".join(rest).split("\n"):
        is_rule = set(line.strip()) <= {"-"}
        assert is_rule or not passages or re.sub(r"^#+\s*", "", line.strip()) in above


@settings(max_examples=80)
@given(BLOCKS)
def test_passages_are_of_bearable_length(text: str) -> None:
    """No passage is longer than a table that was kept whole."""
    assert all(len(passage.text.replace("|", " ").split()) <= 450 for passage in split(article(text)))
