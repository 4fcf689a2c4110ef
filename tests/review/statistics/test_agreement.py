"""Agreement of reviewers, against reference implementations and published examples."""

import krippendorff
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.review.statistics.agreement import alpha_of, bootstrap, cohen_kappa, krippendorff_alpha, raw_agreement

PAIRS = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
"""The usual worked example of Cohen's kappa: 50 applications, two readers, 35 alike."""

CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""Krippendorff's own example (2011), section C: four observers, twelve units, values missing; alpha is 0.743."""
UNITS = [[value for value in unit if value is not None] for unit in zip(*CODERS, strict=True)]


def test_kappa_of_the_worked_example() -> None:
    """Two readers who agree on 35 of 50, 25 of them by chance, have a kappa of 0.4."""
    assert cohen_kappa(PAIRS) == pytest.approx(0.4)
    assert raw_agreement(PAIRS) == pytest.approx(0.7)


def test_alpha_of_krippendorffs_example() -> None:
    """The example of the paper gives the paper's figure."""
    assert krippendorff_alpha(UNITS) == pytest.approx(0.743, abs=0.0005)


@given(st.lists(st.lists(st.sampled_from(["approve", "reject", None]), min_size=3, max_size=3), min_size=2))
def test_alpha_equals_the_reference(rows: list[list[str | None]]) -> None:
    """Alpha equals that of the `krippendorff` package, verdicts missing or not."""
    units = [[verdict for verdict in row if verdict] for row in rows]
    ours = krippendorff_alpha(units)
    assume(ours is not None)
    codes = {"approve": 1.0, "reject": 2.0, None: float("nan")}
    data = [[codes[verdict] for verdict in coder] for coder in zip(*rows, strict=True)]
    assert ours == pytest.approx(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


def test_what_cannot_be_measured_is_none() -> None:
    """Without a double reading, or when nothing could disagree, there is no figure."""
    assert raw_agreement([["approve"]]) is None
    assert cohen_kappa([]) is None
    assert cohen_kappa([("approve", "approve")] * 9) is None
    assert krippendorff_alpha([["approve"], ["reject"]]) is None
    assert krippendorff_alpha([["approve", "approve"]]) is None
    assert bootstrap(alpha_of, []) is None


def test_the_bootstrap_holds_the_figure_and_repeats() -> None:
    """The interval lies around the figure, narrows with more replies, and is the same each time."""
    once, more = bootstrap(alpha_of, PAIRS), bootstrap(alpha_of, PAIRS * 4)
    alpha = krippendorff_alpha(PAIRS)
    assert once is not None
    assert more is not None
    assert alpha is not None
    assert once.low < alpha < once.high
    assert more.high - more.low < once.high - once.low
    assert bootstrap(alpha_of, PAIRS) == once
