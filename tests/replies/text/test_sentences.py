import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.text.sentences import SentenceStream, split_sentences

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
    [
        "It costs 3.50 pounds.",
        "See e.g. the bill.",
        "We reply… eventually.",
        "Call Mr. Smith.",
        "Le no. 5 est prêt.",
        "Voir p. ex. l’art. 12 et la fig. 3.",
        "Il coûte 10.000 € le 5 janv. 2026.",
        "The U.S. Postal Service opens at 9 a.m. Monday.",
        "J.-C. Martin répond du S.A.V. Durand.",
        "Voir https://a.example/b.html?c=1.2 ou www.a.fr.",
        "« Vous avez 14 jours. » dit la page.",
        "Version 6.15.0 pèse 1.5 Go.",
        "Voici : 1. Ouvrez l’appli.",
    ],
)
def test_one_sentence_stays_one(whole: str) -> None:
    """A full stop inside a figure or an abbreviation ends nothing."""
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("He went to the U.S. Then he rested.", ["He went to the U.S.", "Then he rested."]),
        ("Lampes, bougies, etc. Elles sont belles.", ["Lampes, bougies, etc.", "Elles sont belles."]),
        ("Voici : 1. Ouvrez. 2. Cliquez.", ["Voici : 1. Ouvrez.", "2. Cliquez."]),
        ("a) Ouvrez. b) Fermez.", ["a) Ouvrez.", "b) Fermez."]),
        ("Attendez… Puis cliquez !", ["Attendez…", "Puis cliquez !"]),
        ("Fermé à 5 p.m. We reopen.", ["Fermé à 5 p.m.", "We reopen."]),
    ],
)
def test_an_abbreviation_may_end_a_sentence(whole: str, parts: list[str]) -> None:
    """What follows decides whether "U.S." or "etc." was the end, and steps in one line are sentences of their own."""
    assert sentences(whole) == parts


@pytest.mark.parametrize("seed", range(200))
def test_pieces_make_no_difference(seed: int) -> None:
    """However a chat model cuts its text into pieces, the same sentences leave, and no character is lost."""
    dice = random.Random(seed)
    stream, out, place = SentenceStream(), [], 0
    while place < len(LETTER):
        size = dice.randint(1, 7)
        out += stream.feed(LETTER[place : place + size])
        place += size
    out += stream.finish()
    assert [sentence for _, sentence in out] == sentences(LETTER)
    assert "".join(before + sentence for before, sentence in out) == LETTER


@given(
    st.lists(st.sampled_from(["U.S.", " In", "c. ", "etc.", " Th", "en ", "1. ", ": ", "a) ", "Le", "s ", "5", "."]))
)
def test_abbreviations_stream_as_they_are_whole(pieces: list[str]) -> None:
    """A word that is not finished yet never decides where a sentence ends."""
    stream, text = SentenceStream(), "".join(pieces)
    out = [pair for piece in pieces for pair in stream.feed(piece)] + stream.finish()
    assert [sentence for _, sentence in out] == sentences(text)


PIECES = st.lists(st.text(alphabet="aB. !?…»«[1]\n-é\"',:M", max_size=8), max_size=12)


@given(PIECES)
def test_any_stream_equals_its_whole(pieces: list[str]) -> None:
    """For any text at all, streaming gives the sentences of the whole text and nothing twice."""
    stream, text = SentenceStream(), "".join(pieces)
    out = [pair for piece in pieces for pair in stream.feed(piece)] + stream.finish()
    assert [sentence for _, sentence in out] == sentences(text)
    assert "".join(before + sentence for before, sentence in out) == text.rstrip()
