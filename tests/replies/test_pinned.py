from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts.measures.replies.obeying import ObeyingChatModel
from scripts.measures.replies.offline_desk import OfflineDesk
from service.domain import Message, Passage, ReasonCode, Reply, Sender, Support, Ticket
from service.errors import PromptError
from service.prompting.answers import VerifiedAnswer, parse_answers
from service.prompting.files import PromptFiles

PROMPTS = Path(__file__).parents[2] / "prompts"
VALUES = {"order_id": "20417", "delivery_date": "2026-11-24"}
SAID = "Le retour gratuit en boutique d’un article acheté en ligne est possible pendant 30 jours."
ARTICLE = f"Un colis part de Lyon. {SAID}"


async def ask(question: str, values: dict[str, Any], answers: dict[str, VerifiedAnswer] | None = None) -> Reply:
    passage = Passage(
        id="psg_1", brand="maison-lune", article="a.md", title="Colis", heading="", text=ARTICLE, position=0, start=0
    )
    known = PromptFiles(PROMPTS).answers("maison-lune") if answers is None else answers
    desk = OfflineDesk(PROMPTS, ObeyingChatModel(orders=()), [passage], answers=known)
    message = Message(sender=Sender.CUSTOMER, text=question)
    return await desk.writer.write(Ticket(brand="maison-lune", messages=(message,), variables=values))


def answer(text: str, expires: date = date(2099, 1, 1)) -> dict[str, VerifiedAnswer]:
    asked = {"fr": ("Combien de temps ai-je pour un retour ?",)}
    return {"returns": VerifiedAnswer(owner="Ana", expires=expires, asked=asked, answer={"fr": text})}


async def test_a_verified_answer_wins_with_its_values() -> None:
    """Asked in nearly its words, the answer is given as it was written, quoted and named, in the brand's frame."""
    reply = await ask("Bonjour, où est donc mon colis ?", VALUES)
    said = "Le transporteur annonce la livraison de la commande 20417 pour le 24 novembre 2026."
    assert said in reply.text
    quoted = next(sentence for sentence in reply.sentences if sentence.text == said)
    assert quoted.support is Support.QUOTED
    assert quoted.citations[0].article == "answers/maison-lune.yaml#where-is-my-parcel"
    assert (reply.chat_model.provider, reply.chat_model.name) == ("pinned", "where-is-my-parcel")


@pytest.mark.parametrize("question", ["Où acheter mon colis en carton ?", "Pourquoi mon colis n’est pas où il est ?"])
async def test_another_question_is_not_answered_by_it(question: str) -> None:
    """A question in other words, or turned round, goes its usual way."""
    assert (await ask(question, VALUES)).chat_model.provider != "pinned"


async def test_without_its_values_it_does_not_answer() -> None:
    """A missing value sends the question its usual way, and the reviewer hears of it."""
    reply = await ask("Où est mon colis ?", {"order_id": "20417"})
    assert reply.chat_model.provider != "pinned"
    assert ReasonCode.VARIABLE_MISSING in {reason.code for reason in reply.reasons}


async def test_an_expired_answer_never_answers() -> None:
    """After its last day an answer is as if it were not there."""
    reply = await ask("Combien de temps ai-je pour un retour ?", {}, answer("Vous avez 30 jours.", date(2020, 1, 1)))
    assert reply.chat_model.provider != "pinned"


async def test_a_conflict_with_an_article_is_a_reason() -> None:
    """An article that gives another figure for the same thing sends the verified answer to a person's eyes."""
    same = await ask("Combien de temps ai-je pour un retour ?", {}, answer(SAID))
    other = await ask("Combien de temps ai-je pour un retour ?", {}, answer(SAID.replace("30", "14")))
    assert same.chat_model.provider == other.chat_model.provider == "pinned"
    assert ReasonCode.ANSWERS_DISAGREE not in {reason.code for reason in same.reasons}
    assert ReasonCode.ANSWERS_DISAGREE in {reason.code for reason in other.reasons}


def test_a_broken_file_names_its_key() -> None:
    """An answer without an owner or with an unknown key is refused, by name."""
    with pytest.raises(PromptError, match=r"parcel\.owner"):
        parse_answers("b", "parcel: {expires: 2030-01-01, asked: {fr: [a]}, answer: {fr: b}}")
