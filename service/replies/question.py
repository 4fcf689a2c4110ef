"""The question: what retrieval searches with, condensed from the conversation without a call of a chat model."""

import re

from service.domain import Message, Sender, Ticket

_MAX_CHARS = 1_200
_SHORT_WORDS = 6
"""A message below this many words rarely stands alone: the subject, or the customer's message before, goes in front."""
_COURTESY_LINE = re.compile(
    r"^\s*(?:(?:bonjour|bonsoir|salut|hello|hi|hey|dear|good (?:morning|afternoon|evening))\b[^.?!\n]{0,40}[,.!]?"
    r"|(?:cordialement|bien cordialement|bien à vous|merci(?: d['’]avance| beaucoup)?|sincèrement|salutations"
    r"|(?:best|kind|warm)? ?regards|best|cheers|thanks(?: in advance| a lot)?|thank you|sent from my .*)\s*[,.!]*)\s*$",
    re.IGNORECASE,
)
_OPENING_WORDS = re.compile(
    r"^\s*(?:bonjour|bonsoir|salut|hello|hi there|hi|hey|good (?:morning|afternoon|evening))\b"
    r"(?: madame| monsieur)?[\s,.!]+",
    re.IGNORECASE,
)


def condense(ticket: Ticket) -> str:
    """Return the customer's last message without its courtesies, with its topic in front when it is short."""
    asked = [message for message in ticket.messages if message.sender is Sender.CUSTOMER]
    question = _without_courtesies(asked[-1])
    if len(question.split()) < _SHORT_WORDS:
        before = _without_courtesies(asked[-2]) if len(asked) > 1 else ""
        question = " ".join(filter(None, (ticket.subject, before, question)))
    return question[:_MAX_CHARS] or asked[-1].text[:_MAX_CHARS]


def _without_courtesies(message: Message) -> str:
    lines = [line for line in message.text.splitlines() if not _COURTESY_LINE.match(line)]
    return " ".join(_OPENING_WORDS.sub("", " ".join(lines)).split())
