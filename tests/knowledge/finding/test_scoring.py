import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import Audience, Passage
from service.knowledge.embedding.embeddings import Vectors, vector_entries
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge.finding.answerability import COEFFICIENTS, Logistic, answerability, names, relevance
from service.knowledge.finding.duplicates import Duplicates
from service.knowledge.finding.evidence import EVIDENCE, evidence
from service.knowledge.finding.scoring import FEATURES, WEIGHTS, Candidates, Search, candidates
from service.knowledge.finding.shelf import Shelf
from service.knowledge.wording.words import words
from tests.knowledge.finding.shelves import passage

PASSAGES = [
    passage("Parcels arrive in three days.", title="Delivery", article="d.md"),
    passage("We refund to your card in five days.", title="Refunds", article="f.md"),
    passage("Send it back within thirty days.", title="Returns", article="r.md"),
]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf.empty(HashedEmbeddings.dimension).changed(1, PASSAGES, (), embedded(PASSAGES))


def embedded(passages: Sequence[Passage]) -> Vectors:
    return HashedEmbeddings().embed_now(list(vector_entries(passages).values()))


def looked_up(shelf: Shelf, text: str, nearest: tuple[int, ...] = (0, 1, 2)) -> Candidates:
    vector = HashedEmbeddings().embed_now([text])[0]
    search = Search(text, "en", vector, "hashed-1", nearest, Audience.PUBLIC, 5, 60)
    return candidates(shelf, shelf.lexical.question(text, "en"), search)


def test_every_view_points_to_the_passage_that_fits(shelf: Shelf) -> None:
    """Each view that compares, and their sum, is highest for the passage that has the question's words."""
    found = looked_up(shelf, "refund to card")
    assert len(WEIGHTS) == len(FEATURES)
    assert found.rows[found.scores.argmax()] == 1
    views = dict(zip(FEATURES, found.features.T, strict=True))
    assert not views.pop("company").any()
    views.pop("substance")
    assert all(found.rows[view.argmax()] == 1 for view in views.values())


def test_an_article_with_more_candidates_is_in_better_company(shelf: Shelf) -> None:
    """When several passages of an article are near, each is more credible; kinship follows the best."""
    more = passage("We refund fees too.", title="Refunds", article="f.md", heading="Fees")
    found = looked_up(shelf.changed(2, [more], (), embedded([more])), "refund to card", (0, 1, 2, 3))
    company = dict(zip(FEATURES, found.features.T, strict=True))["company"]
    assert company[1] == company[3] > company[0] == company[2]


def test_a_few_words_that_repeat_the_question_answer_less(shelf: Shelf) -> None:
    """A passage needs some words to answer with; once there are enough, more are no better."""
    few, enough, many = (
        passage("card refund " * count, title="Card refund", article=f"{count}.md") for count in (1, 10, 90)
    )
    passages = [few, enough, many]
    found = looked_up(shelf.changed(2, passages, (), embedded(passages)), "refund to card", (3, 4, 5))
    substance = dict(zip(found.rows.tolist(), found.features[:, FEATURES.index("substance")], strict=True))
    assert substance[3] < substance[4] == substance[5] == pytest.approx(0, abs=1e-6)


def test_views_are_finite_for_words_that_nobody_knows(shelf: Shelf) -> None:
    assert np.isfinite(looked_up(shelf, "xyzzy").features).all()
    assert looked_up(shelf, "xyzzy", ()).features.shape == (0, len(FEATURES))


def test_the_usual_nearness_is_that_of_the_base(shelf: Shelf) -> None:
    """Mean and deviation come from the base's distribution, and equal those of all its cosines."""
    vector = HashedEmbeddings().embed_now(["refund in days"])[0]
    cosines = shelf.cosines(vector, np.arange(3))
    mean, deviation = shelf.usual_nearness(vector)
    assert mean == pytest.approx(float(cosines.mean()), abs=1e-5)
    assert deviation == pytest.approx(float(cosines.std()), abs=1e-5)


def test_a_long_passage_is_as_near_as_its_nearest_part() -> None:
    """The cosine of a passage is that of the best of its windows."""
    long = passage("filler words " * 80 + "gift card balance " * 30, article="long.md")
    vectors = embedded([long])
    shelf = Shelf.empty(HashedEmbeddings.dimension).changed(1, [long], (), vectors)
    vector = HashedEmbeddings().embed_now(["gift card balance"])[0]
    best = max(float(each @ vector) for each in vectors)
    assert shelf.cosines(vector, np.array([0]))[0] == pytest.approx(best, abs=1e-6)


def test_evidence_of_an_answer_is_above_that_of_none(shelf: Shelf) -> None:
    """Every figure is at least as high for the question that the base answers."""
    good, bad = (
        evidence(shelf, shelf.lexical.question(text, "en"), found, found.scores)
        for text, found in ((text, looked_up(shelf, text)) for text in ("refund to my card", "weather in Lyon"))
    )
    assert len(good) == len(EVIDENCE)
    assert (good > bad).all()


def test_the_coefficients_fit_the_evidence() -> None:
    """The data file names only evidence that exists, and more evidence never makes an answer less probable."""
    models = json.loads(COEFFICIENTS.read_text("utf-8"))["models"]
    assert {"keywords", "minilm-l6-v2"} <= models.keys()
    for model, entry in models.items():
        assert tuple(entry["weights"]) == names(model)
        assert min(entry["weights"].values()) >= 0


@given(
    st.lists(st.floats(0, 5), min_size=len(EVIDENCE), max_size=len(EVIDENCE)),
    st.sampled_from([None, "minilm-l6-v2", "x"]),
)
def test_answerability_is_a_probability(figures: list[float], model: str | None) -> None:
    assert 0 < answerability(np.array(figures), model, 10) < 1


@given(st.floats(-100, 0), st.floats(-100, 0), st.floats(0, 1))
def test_relevance_rises_with_the_score(left: float, right: float, answered: float) -> None:
    """The best passage is as relevant as the finding is answerable, others less."""
    low, high = sorted((left, right))
    assert 0 <= relevance(low, 0, answered) <= relevance(high, 0, answered) <= relevance(0, 0, answered) == answered


def test_a_logistic_does_not_overflow() -> None:
    assert Logistic(0.0, np.array([1.0])).probability(np.array([1e9])) < 1


def test_near_duplicates_are_told_from_their_neighbours() -> None:
    """A copy with a word more is a duplicate; one with another figure is not, however long the text is."""
    seen = Duplicates()
    text = " ".join(f"word{letter}{other}" for letter in "abcdefghijklm" for other in "nopqrstuvw") + " in 14 days"

    def twin(text: str, article: str = "a.md") -> str | None:
        return seen.of(passage(text, article=article), words(text))

    assert twin(text) is None
    assert twin(text + " more", "b.md") == passage(text).id
    assert twin(text.replace("14", "30"), "e.md") is None
    assert twin("Delivery takes 3 days.", "c.md") is None
    assert twin("Delivery takes 5 days.", "d.md") is None


def test_a_larger_base_needs_more_evidence() -> None:
    """Among many passages one is near by chance, so the same nearness says less; beyond some size it says the same."""
    figures = np.full(len(EVIDENCE), 0.5)
    said = [answerability(figures, "minilm-l6-v2", size) for size in (1, 250, 500, 2_000, 100_000)]
    assert said[0] == said[1] > said[2] > said[3] == said[4]
