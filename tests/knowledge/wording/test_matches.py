"""Which words of a text are those of a question."""

from hypothesis import given
from hypothesis import strategies as st

from service.knowledge.wording.matches import matches


def test_words_are_found_in_any_form() -> None:
    """Inflections match, function words do not, and the places are those of the text."""
    text = "Les colis retournés sont remboursés : le remboursement suit le retour."
    found = [text[start:end] for start, end in matches("Comment retourner mon colis et être remboursé ?", text, "fr")]
    assert found[:3] == ["colis", "retournés", "remboursés"]
    assert "le" not in found


@given(st.text(max_size=60), st.text(max_size=200), st.sampled_from([None, "fr", "en", "xx"]))
def test_any_texts_have_places_in_order(question: str, text: str, language: str | None) -> None:
    """Whatever is asked, the places lie within the text and do not overlap."""
    end = 0
    for start, stop in matches(question, text, language):
        assert end <= start < stop <= len(text)
        end = stop
