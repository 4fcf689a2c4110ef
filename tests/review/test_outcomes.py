"""Outcomes: how much was edited, and what a helpdesk's export says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInputError
from service.review.outcome_import import read_outcomes
from service.review.statistics.edits import edit_distance


@given(st.text(), st.text())
def test_an_edit_distance_is_a_share(text: str, sent: str) -> None:
    """It lies in [0, 1], and is 0 for the same words."""
    assert 0 <= edit_distance(text, sent) <= 1
    assert edit_distance(text, text) == 0


def test_words_are_counted_not_letters() -> None:
    """One word of four replaced is a quarter, whatever its length."""
    assert edit_distance("Bonjour Ana à bientôt", "Bonjour Ana à jamais") == 0.25
    assert edit_distance("Bonjour", "") == 1


def test_a_french_export_is_read_and_wrong_rows_are_named(tmp_path: Path) -> None:
    """Semicolons, a byte order mark, oui and non are understood; a wrong row says what is wrong with it."""
    file = tmp_path / "o.csv"
    text = 'reply_id;csat;reopened;sent_text\nrep_1;5;non;"Bonjour,\nvoilà"\nrep_2;9;;\n;3;;\nrep_3;;peut-être;\n'
    file.write_text("\ufeff" + text, encoding="utf-8")

    rows = list(read_outcomes(file))

    assert rows[0].outcome
    assert (rows[0].outcome.csat, rows[0].outcome.reopened, rows[0].outcome.resolved) == (5, False, None)
    assert rows[0].outcome.sent_text == "Bonjour,\nvoilà"
    assert [row.fault for row in rows[1:]] == [
        "csat is not a whole number from 1 to 5", "reply_id is empty", "reopened is neither yes nor no",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"id,csat\n1,2\n", b"\xff\xfe\x00"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file without the column, or that is no text, is refused with what to do."""
    file = tmp_path / "o.csv"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError):
        list(read_outcomes(file))
