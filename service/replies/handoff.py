"""The hand-off: what the agent who takes over reads, in the brand's first language."""

from collections.abc import Sequence

from service.domain import Finding, Reason, ReasonCode, Sender, Ticket
from service.prompting.brands import Brand
from service.replies.text.sentences import split_sentences

_MAX_CHARS = 400
_MOST_QUESTIONS = 5
_NEAREST = 3

_WORDS = {
    "en": {
        "asks": "The customer asks:",
        "searched": "Searched:",
        "nearest": "Nearest articles:",
        "nothing": "The knowledge base has nothing near it.",
        "open": "Still open:",
        "why": "Why a person:",
    },
    "fr": {
        "asks": "La demande :",
        "searched": "Recherche faite :",
        "nearest": "Articles les plus proches :",
        "nothing": "La base de connaissances n’a rien d’approchant.",
        "open": "Reste à répondre :",
        "why": "Pourquoi une personne :",
    },
}

_WHY = {
    "en": {
        ReasonCode.CUSTOMER_IN_DANGER: "the customer may be in danger; read this first",
        ReasonCode.HANDOFF_TOPIC: "the brand keeps this subject for people",
        ReasonCode.LEGAL_THREAT: "the customer speaks of legal action",
        ReasonCode.PERSON_REQUESTED: "the customer asks for a person",
        ReasonCode.LANGUAGE_NOT_OFFERED: "the brand does not write the customer's language",
        ReasonCode.MODEL_REFUSED: "the chat model refused to answer",
        ReasonCode.BUDGET_SPENT: "today's budget for chat models is spent",
        ReasonCode.NO_PASSAGES: "no article is on this subject",
        ReasonCode.NO_ANSWER: "the articles do not answer",
        ReasonCode.LOW_ANSWERABILITY: "the articles probably do not answer",
        ReasonCode.UNSUPPORTED_SENTENCE: "nothing backed what the chat model wrote",
    },
    "fr": {
        ReasonCode.CUSTOMER_IN_DANGER: "la personne est peut-être en danger, à lire en premier",
        ReasonCode.HANDOFF_TOPIC: "la marque réserve ce sujet à une personne",
        ReasonCode.LEGAL_THREAT: "le message évoque une action en justice",
        ReasonCode.PERSON_REQUESTED: "le message demande une personne",
        ReasonCode.LANGUAGE_NOT_OFFERED: "la marque n’écrit pas la langue du message",
        ReasonCode.MODEL_REFUSED: "le modèle a refusé de répondre",
        ReasonCode.BUDGET_SPENT: "le budget du jour pour les modèles est épuisé",
        ReasonCode.NO_PASSAGES: "aucun article sur ce sujet",
        ReasonCode.NO_ANSWER: "les articles ne répondent pas",
        ReasonCode.LOW_ANSWERABILITY: "les articles ne répondent sans doute pas",
        ReasonCode.UNSUPPORTED_SENTENCE: "rien n’appuyait ce que le modèle a écrit",
    },
}
_UNTRIED = frozenset({ReasonCode.HANDOFF_TOPIC, ReasonCode.CUSTOMER_IN_DANGER})
"""Subjects on which an article is no help to the agent."""


def summary(brand: Brand, ticket: Ticket, question: str, finding: Finding, reasons: Sequence[Reason]) -> str:
    """Return what is asked, why a person is needed, what was tried and what is open, in the brand's first language."""
    language = brand.languages[0] if brand.languages[0] in _WORDS else "en"
    words, why = _WORDS[language], _WHY[language]
    lines = [f"{words['asks']} {(ticket.subject or question)[:_MAX_CHARS]}"]
    given = [why[reason.code] for reason in reasons if reason.code in why]
    lines += [f"{words['why']} {'; '.join(given)}."] if given else []
    if reasons[0].code not in _UNTRIED:
        nearest = list(dict.fromkeys(found.passage.title for found in finding.passages))[:_NEAREST]
        lines += [f"{words['searched']} {question[:_MAX_CHARS]}"]
        lines += [f"{words['nearest']} {'; '.join(nearest)}."] if nearest else [words["nothing"]]
    return "\n".join([*lines, words["open"], *(f"- {each}" for each in _open_questions(ticket, question))])


def _open_questions(ticket: Ticket, question: str) -> list[str]:
    """Return the questions of the customer's last message; the condensed question when it has none."""
    last = next(message.text for message in reversed(ticket.messages) if message.sender is Sender.CUSTOMER)
    sentences = [" ".join(last[start:end].split()) for start, end in split_sentences(last)]
    asked = [sentence for sentence in sentences if sentence.endswith("?")]
    return [each[:_MAX_CHARS] for each in asked[:_MOST_QUESTIONS]] or [question[:_MAX_CHARS]]
