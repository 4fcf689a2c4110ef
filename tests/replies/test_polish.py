from pathlib import Path

from service.domain import Citation, Decision, ReasonCode, Sentence, Support
from service.prompting.prompts import Frame
from service.prompting.voices import Voice
from service.replies.polish import Polish
from tests.replies.desk import PASSAGE, desk, ticket
from tests.replies.openai_server import OpenAiServer, running

FRAME = Frame("fr", "Bonjour Ana,", "", "", "Bien à vous,", "L’équipe")
VOICE = Voice.model_validate(
    {
        "greeting": "Bonjour {name},",
        "greeting_unnamed": "Bonjour,",
        "closing": "Bien à vous,",
        "signature": "L’équipe",
        "handoff": "Nous vous lisons.",
        "avoid": ["pas de souci"],
        "prefer": {"mail": "e-mail"},
    }
)
POLISH = Polish(VOICE, FRAME, ())


def sentence(text: str, support: Support = Support.UNSUPPORTED) -> Sentence:
    citation = Citation(passage="p", article="a", title="t", url=None, quote=text, start=0, end=len(text))
    return Sentence(text=text, before=" ", support=support, citations=(citation,) if support is Support.QUOTED else ())


def test_a_sentence_leaves_in_the_brands_words() -> None:
    """Dates, hours and preferred words are mended, and what is mended is no reason for a review."""
    polished, reservations = POLISH.polish(sentence("Un mail part le 1 mai à 9h30."))
    assert polished.text == "Un e-mail part le 1er mai à 9\u00a0h\u00a030."
    assert reservations == ()


def test_a_quote_keeps_its_words() -> None:
    """A quoted sentence stays as the passage says it, so that its citation can be checked."""
    quoted = sentence("Un mail part le 1 mai à 9h30.", Support.QUOTED)
    assert POLISH.polish(quoted) == (quoted, ())


def test_what_cannot_be_mended_is_a_reason() -> None:
    """Tu for vous, another language and an avoided word each send the reply to a person's eyes."""
    for text, reason in (
        ("Vérifie ta boîte de réception.", ReasonCode.WRONG_REGISTER),
        ("The refund arrives within five working days.", ReasonCode.WRONG_LANGUAGE),
        ("Pas de souci, nous vous remboursons.", ReasonCode.AVOIDED_WORD),
    ):
        _, reservations = POLISH.polish(sentence(text))
        assert [code for code, _ in reservations] == [reason]


def test_the_frames_own_lines_are_let_through() -> None:
    """A line that the brand itself wrote is not held against the reply."""
    frame = Frame("fr", "Salut toi,", "", "", "Bien à vous,", "The team of the shop")
    assert Polish(VOICE, frame, ()).polish(sentence("Salut toi,", Support.COURTESY))[1] == ()


def test_a_reply_without_its_frame_is_a_reason() -> None:
    """A missing or doubled greeting or closing is said once."""
    assert POLISH.framed([sentence("Bonjour Ana,\n\nVoilà.\n\nBien à vous,\nL’équipe")]) == ()
    assert [code for code, _ in POLISH.framed([sentence("Voilà.")])] == [ReasonCode.WRONG_FRAME]


async def test_a_chat_models_slips_are_mended_or_named(tmp_path: Path) -> None:
    """French marks are set, the quote keeps the passage's bytes, and a slip into tu is a reason for the review."""
    answer = [
        'Bonjour [NAME_1],\n\nLe "remboursement" par carte arrive sous 5 jours ouvrés! [1] ',
        "N'hésite pas à nous écrire.\n\nBien à vous,\nL’équipe Maison Lune",
    ]
    with running(OpenAiServer(answer)) as server:
        async with desk(tmp_path, server.settings) as at:
            reply = await at.writer.write(ticket())
    assert reply.sentences[1].text == "Le «\u00a0remboursement\u00a0» par carte arrive sous 5 jours ouvrés\u202f!"
    citations = [citation for each in reply.sentences for citation in each.citations]
    assert all(citation.quote == PASSAGE.text[citation.start : citation.end] for citation in citations)
    assert reply.decision is Decision.REVIEW
    assert {ReasonCode.WRONG_REGISTER} <= {reason.code for reason in reply.reasons}
    assert ReasonCode.WRONG_FRAME not in {reason.code for reason in reply.reasons}
