"""What speaks against a reply before a chat model is called: the ticket, the customer, the passages."""

from service.domain import Decision, ReasonCode, Sender
from service.prompting.language import NAMES, detect_language
from service.replies.draft import Draft
from service.replies.guards.mood import moods
from service.replies.guards.suspicion import suspect

_FOREIGN_WORDS = 6
"""A shorter message is not handed off for its language: names and codes look like any."""
_LATIN_UP_TO = "\u024f"

_MOODS = {
    ReasonCode.CUSTOMER_IN_DANGER: ("The customer may be in danger.", Decision.HANDOFF),
    ReasonCode.LEGAL_THREAT: ("The customer speaks of legal action.", Decision.HANDOFF),
    ReasonCode.PERSON_REQUESTED: ("The customer asks for a person.", Decision.HANDOFF),
    ReasonCode.VULNERABLE_CUSTOMER: ("The customer may be going through a hard time.", Decision.REVIEW),
    ReasonCode.ANGRY_CUSTOMER: ("The customer is angry.", Decision.REVIEW),
}


def weigh(draft: Draft, min_answerability: float) -> None:
    """Note on *draft* every reason that its ticket and its passages give; some hand it off before any cost."""
    _weigh_subject(draft)
    _weigh_customer(draft)
    _weigh_language(draft)
    _weigh_orders(draft)
    _weigh_passages(draft, min_answerability)


def _weigh_subject(draft: Draft) -> None:
    topic = draft.prompt.brand.handoff_topic(f"{draft.ticket.subject or ''} {draft.question} {_told(draft)[-1]}")
    draft.handoff_topic = topic
    if topic:
        detail = f"The brand hands the subject “{topic}” to a person."
        draft.note(ReasonCode.HANDOFF_TOPIC, detail, Decision.HANDOFF)


def _weigh_customer(draft: Draft) -> None:
    """Danger counts in whatever the customer wrote; the rest where it is news: subject and last message."""
    told = _told(draft)
    now = moods([draft.ticket.subject or "", told[-1]])
    for code in dict.fromkeys([*(code for code in moods(told) if code is ReasonCode.CUSTOMER_IN_DANGER), *now]):
        draft.note(code, *_MOODS[code])


def _weigh_language(draft: Draft) -> None:
    last, offered = _told(draft)[-1], draft.prompt.brand.languages
    if draft.ticket.language is None and _is_in_another(last, offered):
        detail = "The customer writes a language that the brand does not."
        draft.note(ReasonCode.LANGUAGE_NOT_OFFERED, detail, Decision.HANDOFF)


def _is_in_another(text: str, offered: tuple[str, ...]) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    if sum(letter > _LATIN_UP_TO for letter in letters) > len(letters) / 2:
        return set(offered) <= set(NAMES)
    if len(text.split()) < _FOREIGN_WORDS or detect_language(text, offered):
        return False
    return detect_language(text, tuple(NAMES)) not in {None, *offered}


def _weigh_orders(draft: Draft) -> None:
    told = [draft.ticket.subject or "", *_told(draft), *(variable.text for variable in draft.variables)]
    draft.suspicion = suspect(told, [found.passage for found in draft.finding.passages])
    if draft.suspicion.in_ticket:
        draft.note(ReasonCode.INJECTION_SUSPECTED, "The ticket gives orders to the chat model; they are data.")
    if draft.suspicion.in_passages:
        draft.note(ReasonCode.INJECTION_SUSPECTED, "An article gives orders to the chat model; nothing rests on them.")


def _weigh_passages(draft: Draft, min_answerability: float) -> None:
    answerability = draft.finding.answerability
    if not draft.finding.passages:
        draft.note(ReasonCode.NO_PASSAGES, "The knowledge base has nothing on it.", Decision.HANDOFF)
    elif answerability < min_answerability:
        detail = f"The passages answer with probability {answerability:.2f} only."
        draft.note(ReasonCode.LOW_ANSWERABILITY, detail, Decision.HANDOFF)


def _told(draft: Draft) -> list[str]:
    """Return what the customer wrote, oldest first; a ticket holds at least one message of theirs."""
    return [message.text for message in draft.ticket.messages if message.sender is Sender.CUSTOMER]
