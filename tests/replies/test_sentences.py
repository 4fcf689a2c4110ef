import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.sentences import SentenceStream, split_sentences

LETTER = """Bonjour Ana,

Merci. Les colis (env. 3 kg) partent sous 3 à 5 jours, p. ex. à Lyon. [1] Voir l’art. 12 de M. Dupont. [2][3] « Oui. »
- 12,50 € au lieu de 15 € ! [1]
1. Ouvrez l’appli ; 2 min. suffisent.

Bien à vous,
L’équipe. [3]"""


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_letter_splits_where_a_reader_would() -> None:
    """Abbreviations, amounts, quotes, markers and list items do not break or join sentences."""
    assert sentences(LETTER) == [
        "Bonjour Ana,",
        "Merci.",
        "Les colis (env. 3 kg) partent sous 3 à 5 jours, p. ex. à Lyon. [1]",
        "Voir l’art. 12 de M. Dupont. [2][3]",
        "« Oui. »",
        "- 12,50 € au lieu de 15 € ! [1]",
        "1. Ouvrez l’appli ; 2 min. suffisent.",
        "Bien à vous,",
        "L’équipe. [3]",
    ]


@pytest.mark.parametrize(
    "whole",
    ["It costs 3.50 pounds.", "See e.g. the bill.", "We reply… eventually.", "Call Mr. Smith.", "Le no. 5 est prêt."],
)
def test_one_sentence_stays_one(whole: str) -> None:
    """A full stop inside a figure or an abbreviation ends nothing."""
    assert sentences(whole) == [whole]


@pytest.mark.parametrize("seed", range(200))
def test_pieces_make_no_difference(seed: int) -> None:
    """However a chat model cuts its text into pieces, the same sentences leave, and no character is lost."""
    dice = random.Random(seed)  # noqa: S311 - cuts, no secrets
    stream, out, place = SentenceStream(), [], 0
    while place < len(LETTER):
        size = dice.randint(1, 7)
        out += stream.feed(LETTER[place : place + size])
        place += size
    out += stream.finish()
    assert [sentence for _, sentence in out] == sentences(LETTER)
    assert "".join(before + sentence for before, sentence in out) == LETTER


PIECES = st.lists(st.text(alphabet="aB. !?…»«[1]\n-é\"',:M", max_size=8), max_size=12)


@given(PIECES)
def test_any_stream_equals_its_whole(pieces: list[str]) -> None:
    """For any text at all, streaming gives the sentences of the whole text and nothing twice."""
    stream, text = SentenceStream(), "".join(pieces)
    out = [pair for piece in pieces for pair in stream.feed(piece)] + stream.finish()
    assert [sentence for _, sentence in out] == sentences(text)
    assert "".join(before + sentence for before, sentence in out) == text.rstrip()
