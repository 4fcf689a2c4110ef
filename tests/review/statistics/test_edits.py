"""The distance between what was offered and what was sent."""

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.review.statistics.edits import ecdf, edit_distance

WORDS = st.lists(st.sampled_from(["colis", "livré", "sous", "3", "jours"]), max_size=12)


@given(WORDS, WORDS)
def test_it_is_the_distance_of_words(left: list[str], right: list[str]) -> None:
    """The distance is the fewest words to add, drop or change, over those of the longer text."""
    longer = max(len(left), len(right), 1)
    assert edit_distance(" ".join(left), " ".join(right)) == pytest.approx(_plain(left, right) / longer)


def test_one_changed_word_of_five_is_a_fifth() -> None:
    """A sent text with one word of five changed was edited by 20 %, the same text by none, another one whole."""
    assert edit_distance("livré sous trois jours ouvrés", "livré sous cinq jours ouvrés") == pytest.approx(0.2)
    assert edit_distance("Bonjour.", "Bonjour.") == 0
    assert edit_distance("", "") == 0
    assert edit_distance("", "tout est neuf") == 1


def test_the_ecdf_counts_up_to_each_place() -> None:
    """Half of the replies went out as they were, and all were changed by 60 % at most."""
    assert ecdf([0, 0, 0.6, 0.1], [0, 0.1, 0.5, 0.6, 1]) == [0.5, 0.75, 0.75, 1, 1]


def _plain(left: Sequence[str], right: Sequence[str]) -> int:
    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i or j
        return min(
            distance(i - 1, j) + 1, distance(i, j - 1) + 1, distance(i - 1, j - 1) + (left[i - 1] != right[j - 1])
        )

    return distance(len(left), len(right))
