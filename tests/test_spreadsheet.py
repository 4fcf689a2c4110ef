import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.spreadsheet import csv_line


@pytest.mark.parametrize("text", ["=1+1", "+33 1", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "－1"])
def test_a_text_that_a_spreadsheet_would_compute_stays_text(text: str) -> None:
    """Whatever a customer or a prompt engineer wrote, opening the file computes nothing."""
    assert list(csv.reader(io.StringIO(csv_line([text]), newline=""))) == [["'" + text]]


def test_figures_stay_figures() -> None:
    """A negative figure is no formula, and nothing is an empty cell."""
    assert csv_line([-2, 1.5, None, "a"]) == '"-2","1.5","","a"\r\n'


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_every_text_comes_back(cells: list[str]) -> None:
    """Quotes, commas, and ends of lines in a cell are read back as they were written."""
    [read] = csv.reader(io.StringIO(csv_line(cells), newline=""))
    assert [cell.removeprefix("'") for cell in read] == [cell.removeprefix("'") for cell in cells]
