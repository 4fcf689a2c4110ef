"""What people who do not know YAML write, and what they are told."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from service.prompting import key_faults, yaml_faults
from service.prompting.lint.messages import TERMS
from service.prompting.yaml_text import read_matter, read_yaml

TEXT = """name: Lune
voice:
  fr:
    closing: "Bien à vous,"
    avoid: [a, b]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("    closing", "\tclosing", 4, yaml_faults.TAB),
        ("    avoid", "   avoid", 5, yaml_faults.QUOTE_OR_INDENT),
        ('vous,"', "vous,", 4, yaml_faults.UNENDED),
        ("Lune", "Lune: Lyon", 1, yaml_faults.COLON),
        ("name: ", "name:", 2, yaml_faults.COLON),
        ('"Bien à vous,"', "'L'équipe'", 4, yaml_faults.QUOTE_OR_INDENT),
        ("b]", "b", 5, yaml_faults.BRACKET),
        ("Lune", "{a: b", 1, yaml_faults.BRACE),
        ("b]", "]\n  x: [", 7, yaml_faults.VALUE),
        ("Lune", "@Lune", 1, yaml_faults.SIGN),
        ("Bien à", "C:\\Bien", 4, yaml_faults.ESCAPE),
        ("Lune", "!Lune", 1, yaml_faults.TAG),
        ("Lune", "*Lune", 1, yaml_faults.ALIAS),
        ("Lune", "!!int x", 1, yaml_faults.WRONG_VALUE),
        ("Lune", "a\x07b", 1, yaml_faults.CONTROL),
        ("voice", "---\nvoice", 2, yaml_faults.DOCUMENTS),
        ("name: Lune\n", "? [a]\n: b\n", 1, yaml_faults.KEY),
        ("Lune", "[" * 100_000, 1, yaml_faults.NESTED),
        ("Lune", "[" * 50_000 + "]" * 50_000, 1, yaml_faults.NESTED),
        (TEXT, "- a\n", 1, yaml_faults.NO_MAPPING),
        (TEXT, "# nothing\n", 1, yaml_faults.EMPTY),
    ],
)
def test_a_slip_is_told_in_plain_words_with_its_line(old: str, new: str, line: int, reason: str) -> None:
    """Tabs, quotes, colons, brackets: the line is where one has to look, the words are no parser's."""
    assert old in TEXT
    fault = read_yaml(TEXT.replace(old, new, 1)).fault
    assert fault is not None
    assert (fault.line, fault.reason) == (line, reason)


def test_every_reason_is_told_in_french_too() -> None:
    """A French reader of the lint gets no English inside a sentence."""
    for module in (yaml_faults, key_faults):
        for name, reason in vars(module).items():
            if name.isupper() and not name.startswith("_"):
                assert TERMS["fr"][reason] != reason, name


def test_values_are_read_as_editors_read_them() -> None:
    """Numbers with a leading zero, hours, Norwegian and dates stay the texts that people wrote."""
    text = "a: 020417\nb: 10:30\nc: [no, yes]\nd: 2026-11-31\ne: 1.5\nf: -3\ng: ~\nh: true\ni: 0\n"
    wanted = {"a": "020417", "b": "10:30", "c": ["no", "yes"], "d": "2026-11-31"}
    assert read_yaml(text).data == wanted | {"e": 1.5, "f": -3, "g": None, "h": True, "i": 0}


def test_front_matter_is_told_from_what_stands_below_it() -> None:
    """Lines are counted in the whole file; a text that opens front matter and never closes it is a fault."""
    read = read_matter("\n---\na: 1\nb: [1\n---\nText.\n")
    assert (read.body, read.body_line) == ("Text.\n", 6)
    assert read.yaml.fault is not None
    assert read.yaml.fault.line == 4
    assert read_matter("---\na: 1\nText.").yaml.fault is not None
    for text in ("Text.", "---\n---\nText.", "---\n# nothing yet\n---\nText."):
        assert (read_matter(text).yaml.fault, read_matter(text).body) == (None, "Text.")


plain = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.dictionaries(plain, plain | st.integers() | st.booleans() | st.none() | st.lists(plain, max_size=3)))
def test_what_is_written_as_yaml_is_read_back(document: dict[str, object]) -> None:
    """Every mapping that PyYAML writes is read as it was."""
    text = yaml.safe_dump(document, allow_unicode=True)
    read = read_yaml(text)
    if document:
        assert read.data == document


@given(st.text(max_size=200))
def test_any_text_is_read_or_told_of(text: str) -> None:
    """Nothing that stands in a file stops the reading of it."""
    read = read_yaml(text)
    assert read.fault is None or read.fault.line >= 1
    assert read_matter(text).body_line >= 1
