from scripts.measures.review.looking import by_evidence, by_plain_test, reached, table


def test_looking_early_is_harmless_with_evidence_alone() -> None:
    """Between equal versions the plain test misleads who looks after each pair; evidence does so less than 1 in 20."""
    assert reached(by_evidence, 0.5, 100) < 0.05
    assert reached(by_plain_test, 0.5, 100) > 0.3
    assert reached(by_evidence, 0.8, 60) > 0.9


def test_the_first_stop_is_right_by_hand() -> None:
    """Eight wins in a row, of either side, are the first evidence of 20 : 1: two ways of 256, and no shorter row."""
    assert reached(by_evidence, 0.5, 7) == 0
    assert reached(by_evidence, 0.5, 8) == 2 / 256


def test_figures_are_shares() -> None:
    assert all(0 <= share <= 1 for share in table(20).values())
