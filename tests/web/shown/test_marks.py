"""Passages cut into lines and cells, with quotes marked at their offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.shown.marks import Block, Mark, marked

TABLE = "| Mode | Frais |\n|---|---|\n| Relais | 3,90 € |\n"


def text_of(blocks: tuple[Block, ...], key: str | None = None) -> str:
    parts = [part for block in blocks for line in block.lines for cell in line.cells for part in cell]
    return "".join(part.text for part in parts if key is None or key in part.keys)


@given(
    st.text("ab |#*[](x)\n-1. é\u202f", max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=4),
)
def test_a_passage_and_its_quotes_survive_any_cut(text: str, spans: list[tuple[int, int]]) -> None:
    """Whatever a passage holds and wherever its quotes lie, they are shown letter for letter."""
    ranges = [(min(span), min(max(span), len(text))) for span in spans if min(span) < min(max(span), len(text))]
    blocks = marked(text, [Mark(str(number), start, end) for number, (start, end) in enumerate(ranges)])
    assert text_of(blocks) == text
    for number, (start, end) in enumerate(ranges):
        assert text_of(blocks, str(number)) == text[start:end]


def test_a_table_keeps_its_cells() -> None:
    """A table of an article is shown as a table: two rows of two cells, its rule left out of sight."""
    (block,) = marked(TABLE, [])
    assert block.is_table
    assert [(line.kind, len(line.cells)) for line in block.lines] == [("row", 2), ("rule", 1), ("row", 2)]


def test_each_quote_begins_once() -> None:
    """A quote that runs over several lines is one place to jump to."""
    blocks = marked("# One\n\n- two\n- three\n", [Mark("1-1", 2, 15)])
    parts = [part for block in blocks for line in block.lines for cell in line.cells for part in cell]
    assert [key for part in parts for key in part.first] == ["1-1"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("**sous 3 jours**", "sous 3 jours"),
        ("Choisissez *Nuit*.", "Choisissez Nuit."),
        ("voir [Retours](https://x.example/r)", "voir Retours"),
        ("Offert* dès 69 €", "Offert* dès 69 €"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("## Délais", "Délais"),
        ("[1] noted", "[1] noted"),
    ],
)
def test_only_markdowns_own_signs_are_left_out_of_sight(text: str, seen: str) -> None:
    """Stars, brackets and addresses of Markdown are not shown; those that the article means are."""
    parts = [part for block in marked(text, []) for line in block.lines for cell in line.cells for part in cell]
    assert "".join(part.text for part in parts if not part.is_syntax) == seen
