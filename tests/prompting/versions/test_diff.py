import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.prompting.versions.diff import Change, Piece, word_diff

texts = st.text("ab é.\n,'", max_size=60)


@given(texts, texts)
def test_a_diff_holds_both_texts_letter_for_letter(old: str, new: str) -> None:
    """Without what was inserted it is the old text, without what was deleted the new one; neighbours differ in kind."""
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.INSERTED) == old
    assert "".join(piece.text for piece in pieces if piece.change is not Change.DELETED) == new
    assert all(piece.text for piece in pieces)
    assert all(one.change is not other.change for one, other in pairwise(pieces))


def test_a_changed_word_is_one_change() -> None:
    """One word in a line is marked, not the line, and words that changed side by side are one change."""
    assert word_diff("Say it calmly.\nAnswer at once.\n", "Say it calmly.\nAnswer very soon.\n") == (
        Piece(Change.EQUAL, "Say it calmly.\nAnswer "),
        Piece(Change.DELETED, "at once"),
        Piece(Change.INSERTED, "very soon"),
        Piece(Change.EQUAL, ".\n"),
    )


def test_long_texts_are_compared_in_time() -> None:
    """Two files of 200 kB that have nothing in common are compared within two seconds."""
    old = "".join(f"line {number} of old words\n" for number in range(8_000))
    new = "".join(f"row {number} with other words\n" for number in range(8_000))
    began = time.perf_counter()
    word_diff(old, new)
    assert time.perf_counter() - began < 2
