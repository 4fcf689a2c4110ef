import math
import string

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.knowledge.finding.closeup import pair_scores, spelling_scores, word_scores
from service.knowledge.finding.lexical import LexicalIndex
from service.knowledge.finding.postings import K1, B, Postings
from service.knowledge.finding.sequences import Sequences
from service.knowledge.wording.vocabulary import grams, marked
from service.knowledge.wording.words import folded, guess_language, stem, words
from tests.knowledge.finding.shelves import passage

WORDS = st.text().map(words) | st.lists(st.sampled_from(["art", "arts", "été", "ete", "a", "ab", "éa"]))
ROWS = st.lists(st.dictionaries(st.integers(0, 30), st.integers(1, 5), min_size=1), min_size=1, max_size=12)


def listed(rows: list[dict[int, int]]) -> Sequences:
    return Sequences.of([[term for term, count in row.items() for _ in range(count)] for row in rows])


@given(st.text())
def test_words_are_words_whatever_the_text(text: str) -> None:
    """No text breaks the division into words; each is lower case, short, and divides into itself."""
    for word in words(text):
        assert 0 < len(word) <= 40
        assert words(word) in ([word], words(word.lower()))


@given(st.text(alphabet=string.ascii_letters + "éèêàçôîûÉ", min_size=1, max_size=30))
def test_stems_and_grams_have_no_accents(word: str) -> None:
    """An accent forgotten by a customer changes no stem's spelling and no run of letters."""
    assert stem(word.lower(), "fr") == folded(stem(word.lower(), "fr"))
    assert all(gram == folded(gram) for gram in grams(word))


@given(WORDS, WORDS)
def test_marked_words_hold_their_grams_and_no_others(asked: list[str], said: list[str]) -> None:
    """Looking for a run of letters in the marked words finds what dividing each word would find."""
    there = {gram for word in said for gram in grams(word)}
    assert all((gram in marked(said)) == (gram in there) for word in asked for gram in grams(word))


def test_words_meet_in_their_stem() -> None:
    """Other forms of a word are the same word, in each language by its own rules."""
    assert stem("remboursements", "fr") == stem("remboursement", "fr")
    assert stem("deliveries", "en") == stem("delivery", "en")
    assert stem("livrée", "fr") == stem("livrées", "fr")
    assert stem("Σ", "xx") == "Σ"


def test_question_words_are_no_words() -> None:
    """What every question has says nothing about its subject."""
    assert words("Comment est-ce que je peux suivre l'état de ma commande ?") == ["suivre", "état", "commande"]
    assert words("How do I track the order?") == ["track", "order"]


def test_a_language_is_guessed_by_its_function_words() -> None:
    assert guess_language("Où est mon colis ?") == "fr"
    assert guess_language("Where is my parcel?") == "en"
    assert guess_language("12345") is None


@given(ROWS, st.data())
def test_scores_are_bm25(rows: list[dict[int, int]], data: st.DataObject) -> None:
    """Scores equal the formula's, however the rows were added, and whichever died."""
    cut = data.draw(st.integers(0, len(rows)))
    dead = data.draw(st.sets(st.integers(0, len(rows) - 1)))
    postings = Postings.empty().added(listed(rows[:cut])).added(listed(rows[cut:]))
    postings = postings.without(sorted(dead), listed([rows[number] for number in sorted(dead)]))
    term = data.draw(st.integers(0, 31))
    living = [row for number, row in enumerate(rows) if number not in dead]
    usual = sum(sum(row.values()) for row in living) / max(len(living), 1)
    often = sum(term in row for row in living)
    rare = math.log1p((len(living) - often + 0.5) / (often + 0.5))
    expected = [
        rare
        * (K1 + 1)
        * row.get(term, 0)
        / (row.get(term, 0) + K1 * (1 - B + B * sum(row.values()) / max(usual, 1e-6)))
        for row in rows
    ]
    scores = postings.scores({term: 1.0})
    assert np.allclose(scores if living else scores + expected, expected, rtol=1e-4)


@given(st.lists(ROWS, min_size=1, max_size=15))
def test_segments_stay_few_and_find_every_row(batches: list[list[dict[int, int]]]) -> None:
    """Many small changes do not slow a search down, and each term still finds its rows."""
    postings = Postings.empty()
    for batch in batches:
        before = postings
        postings = postings.added(listed(batch))
        assert len(before.lengths) + len(batch) == len(postings.lengths)
    assert len(postings.segments) <= 8
    rows = [row for batch in batches for row in batch]
    for term in range(31):
        found = [segment.found(np.array([term]))[0] for segment in postings.segments]
        counts = {row: count for part in found for row, count in zip(*part, strict=True)}
        assert counts == {number: row[term] for number, row in enumerate(rows) if term in row}


@given(st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=8), st.data())
def test_sequences_give_back_what_they_were_given(rows: list[list[int]], data: st.DataObject) -> None:
    """However rows were added and whichever are asked for, each keeps its numbers in their order."""
    cut = data.draw(st.integers(0, len(rows)))
    held = Sequences.of(rows[:cut]).added(Sequences.of(rows[cut:]))
    wanted = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=8)) if rows else []
    some = held.some(wanted)
    assert [some[place].tolist() for place in range(len(some))] == [rows[number] for number in wanted]
    assert some.owners.tolist() == [place for place, number in enumerate(wanted) for _ in rows[number]]
    short = some.first(np.minimum(some.lengths, 2))
    assert [short[place].tolist() for place in range(len(short))] == [rows[number][:2] for number in wanted]


def test_a_candidate_is_told_apart_by_what_others_lack() -> None:
    """A name that every candidate carries weighs nothing; the word that only one has decides."""
    index = LexicalIndex.empty().added(
        [passage(f"{word} of the Kettle 3000", article=word) for word in ("warranty", "capacity", "colour")]
        + [passage("something else entirely", article="e")]
    )
    question = index.question("kettle 3000 capacity", "en")
    scores, coverage = word_scores(index, question, [0, 1, 2])
    assert scores.argmax() == coverage.argmax() == 1
    assert scores[0] < 0.3 * scores[1]
    assert 0 < coverage[0] < coverage[1] == 1


def test_spelling_sees_through_a_typing_error() -> None:
    """Runs of letters find the word that keywords miss."""
    index = LexicalIndex.empty().added([passage("remboursement"), passage("livraison", article="b.md")])
    question = index.question("rembourssement", "fr")
    assert question.unknown == {"rembourssement"}
    scores = spelling_scores(index, question, [0, 1])
    assert scores[0] > scores[1]


def test_neighbours_count_in_their_order() -> None:
    """Two words side by side, as asked, are more than the two apart."""
    index = LexicalIndex.empty().added(
        [passage("gift card"), passage("card gift", article="b.md"), passage("gift box, bank card", article="c.md")]
    )
    scores = pair_scores(index, index.question("gift card", "en"), [0, 1, 2])
    assert scores[0] > scores[1] == scores[2] == 0


def test_an_address_names_its_page() -> None:
    """The words of an article's address count as a heading's."""
    url = "https://help.example/articles/reset-password"
    index = LexicalIndex.empty().added([passage("See below.", url=url), passage("See above.", article="b.md")])
    scores = index.headed.scores(index.question("reset password", "en").weights)
    assert scores[0] > scores[1] == 0
