from hypothesis import given
from hypothesis import strategies as st

from service.replies.text.plain import Plain, plain, strip_markdown


def quote(markdown: str, words: str) -> str | None:
    place = plain(markdown).locate(words)
    return None if place is None else markdown[place[0] : place[1]]


def test_quote_is_found_under_marks_links_and_typography() -> None:
    """Bold, links, line breaks, curly quotes and French spaces do not hide a quote."""
    markdown = "Les **colis** [standard](https://a.example) sont livrés\nsous 3 à 5 jours : « promis »."
    assert quote(markdown, "Les colis standard sont livrés sous 3 à 5 jours: “promis”.") == markdown


def test_quote_never_begins_or_ends_inside_a_word() -> None:
    """A base that says 13 days does not back a reply that says 3 days."""
    assert quote("Refunds take 13 days.", "3 days") is None
    assert quote("Refunds take 3 days.", "3 days") == "3 days"


def test_words_that_are_not_there_are_not_found() -> None:
    """A sentence that no passage says has no quote."""
    assert quote("Refunds take 3 days.", "Refunds take 4 days.") is None
    assert quote("Refunds take 3 days.", " ") is None


def test_marks_of_markdown_do_not_reach_a_customer() -> None:
    """Headings, lists, emphasis, code and images lose their marks; links keep their words."""
    assert strip_markdown("## **Retours** et `codes` [ici](https://a.example)") == "Retours et codes ici"


@given(st.text(max_size=200), st.data())
def test_every_located_slice_is_real(text: str, data: st.DataObject) -> None:
    """Whatever the text, a slice that is found lies within it and reads the same."""
    start = data.draw(st.integers(0, len(text)))
    words = text[start : data.draw(st.integers(start, len(text)))]
    place = Plain(text).locate(words)
    if place is not None:
        begin, end = place
        assert 0 <= begin < end <= len(text)
        assert Plain(text[begin:end]).locate(words) is not None
