import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from scripts.measures.knowledge import judged, metrics

ARTICLES = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)
GRADES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), max_size=8)


@given(ARTICLES, GRADES)
def test_figures_lie_between_0_and_1(ranking: list[str], grades: dict[str, int]) -> None:
    figures = [
        metrics.ndcg(ranking, grades),
        metrics.recall(ranking, grades),
        metrics.reciprocal_rank(ranking, grades),
        metrics.hit(ranking, grades, 5),
    ]
    assert all(0 <= figure <= 1 + 1e-9 for figure in figures)


@given(GRADES)
def test_the_ideal_ranking_scores_1(grades: dict[str, int]) -> None:
    """Sorted by grade nothing can be better, and nothing relevant gives 0."""
    ranking = sorted(grades, key=lambda article: -grades[article])
    expected = 1.0 if any(grades.values()) else 0.0
    assert math.isclose(metrics.ndcg(ranking, grades), expected)
    assert metrics.reciprocal_rank(ranking, grades) == expected


def test_figures_of_a_ranking_worked_out_by_hand() -> None:
    ranking, grades = ["x", "b", "a"], {"a": 2, "b": 1, "c": 1}
    ideal = 2 + 1 / math.log2(3) + 1 / 2
    assert metrics.ndcg(ranking, grades) == pytest.approx((1 / math.log2(3) + 2 / 2) / ideal)
    assert metrics.recall(ranking, grades) == pytest.approx(2 / 3)
    assert metrics.reciprocal_rank(ranking, grades) == 0.5
    assert (metrics.hit(ranking, grades, 1), metrics.hit(ranking, grades, 2)) == (0, 1)


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_auroc_is_mann_whitneys_u(positives: list[int], negatives: list[int]) -> None:
    """Ties count half, as in the statistic of which it is a share."""
    expected = mannwhitneyu(positives, negatives).statistic / (len(positives) * len(negatives))
    assert metrics.auroc(positives, negatives) == pytest.approx(float(expected))


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values(values: list[float], share: float) -> None:
    found = metrics.percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def write(path: str, rows: list[dict[str, object]]) -> None:
        (tmp_path / path).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    (tmp_path / "dev").mkdir()
    corpus: list[dict[str, object]] = [
        {"_id": "d", "title": "Delivery", "text": "Parcels arrive in three days."},
        {"_id": "r", "title": "Refunds", "text": "We refund to your card.", "internal": True},
        {"_id": "l", "title": "Livraison", "text": "Les colis arrivent sous trois jours.", "lang": "fr"},
    ]
    write("corpus.jsonl", corpus)
    queries: list[dict[str, object]] = [
        {"_id": "1", "text": "refund to card?"},
        {"_id": "2", "text": "Quand arrivent les colis ?", "product_title": "Livraison"},
        {"_id": "3", "text": "nobody judged this"},
    ]
    write("dev/queries.jsonl", queries)
    (tmp_path / "dev" / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\tr\t1\n2\tl\t2\n2\td\t0\n", "utf-8")
    return tmp_path


def test_a_judged_set_is_read(folder: Path) -> None:
    """Only judged questions count, each with its product's name; languages and audiences are the corpus'."""
    found = judged.read(folder, "dev")
    assert found.questions == {"1": "refund to card?", "2": "Livraison Quand arrivent les colis ?"}
    assert found.grades == {"1": {"r": 1}, "2": {"l": 2, "d": 0}}
    assert [article.audience.value for article in found.articles] == ["public", "internal", "public"]
    assert found.articles[2].language == "fr"


def test_the_command_prints_the_figures(folder: Path) -> None:
    """The benchmark runs the product's own path over a folder and prints one JSON object."""
    command = [sys.executable, "scripts/benchmark.py", "retrieval", str(folder), "--model", "hashed", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["hit@1"] == figures["ndcg@10"] == 1
    assert {"hit@5", "recall@10", "mrr@10", "p50_ms", "p95_ms"} <= figures.keys()
