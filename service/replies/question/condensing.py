"""The question: what retrieval searches with, condensed from the conversation without a call of a chat model."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from service.domain import Message, Sender, Ticket
from service.knowledge.wording.words import words
from service.replies.question.courtesies import bare, is_closed, is_thanks
from service.replies.text.sentences import split_sentences

MAX_CHARS = 1_200
_SILENCE = timedelta(days=28)
"""After so long a new message is a new matter: helpdesks close a solved ticket within 28 days (Zendesk's longest)."""
_TERSE = 3
"""
Content words below which a message that points back cannot be searched alone; at 4, 2, and whatever its length, fewer
of ibmcloud_mtrag's questions from their turns were answered. One noun alone can: "Invoices?" says what is asked.
"""
_TELLING = 2
"""Content words from which a message tells what a conversation is about."""

_CONTINUES = re.compile(
    r"^(?:et|mais|ou|sinon|donc|alors|quid|qu['’]en est-il|idem|and|but|or|so|then|also|what about|how about|what if"
    r"|same)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|this|that|these|those|they|them|their|the (?:same|first|second|last|other) one|ones?|instead|he|she"
    r"|ça|cela|ceci|celui|celle|ceux|celles|elles?|ils|lui|leurs?|cet|cette|ces|(?:le|la|les) (?:mêmes?|autres?)"
    r"|(?:premier|première|deuxième|second|seconde|dernier|dernière)$"
    r"|(?<!a-t-)(?<!est-)(?<!faut-)il(?! (?:y a|faut|est|suffit|s['’]agit))"
    r"|j['’]en|j['’]y|(?:n|s|m)['’](?:en|y)"
    r"|(?:comment|peux|peut|puis-je|peut-on|dois|dois-je|faut-il|pour) (?:les? |la |l['’])\w+(?:er|ir|re))\b",
    re.IGNORECASE,
)
_SAYS_LITTLE = """
oui non ok okay accord voilà exactement tout tous toute toutes savoir dire dites expliquer explique expliquez merci
voudrais veux souhaite aimerais besoin aide aider question chose autre bien sûr svp stp yes no yeah yep sure fine
right tell more about know want need like help explain understand mean meant example go ahead something anything
still really just too much many thing
"""
_SAYS_NOTHING = frozenset(_SAYS_LITTLE.split())
_REFERENCE = re.compile(r"^(?:(?:re|fwd?|tr|aw)\s*:\s*|\[[^\]]*\]\s*)+", re.IGNORECASE)


def condense(ticket: Ticket) -> str:
    """
    Return the customer's last message without its courtesies, at most 1,200 characters and never empty.

    What it cannot do without goes in front: the subject, the last message of the customer's that says what this is
    about, or the agent's question that it answers. What was settled before is left out; who says thanks or goodbye asks
    nothing anew.
    """
    *earlier, last = _current(ticket.messages)
    asked = bare(last.text)
    if not asked or is_closed(last.text):
        return _cut(last.text.strip(), MAX_CHARS)
    topic = "" if _is_clear(asked) else _topic(earlier, asked)
    subject = _REFERENCE.sub("", ticket.subject or "") if len(_content(asked)) < _TERSE else ""
    front = " ".join(_cut(part, MAX_CHARS // 4) for part in (subject, topic) if part)
    return _cut(f"{front} {asked}".strip(), MAX_CHARS)


def _current(messages: Sequence[Message]) -> list[Message]:
    """Return the messages since the last matter was settled, up to the customer's last."""
    until = max(place for place, message in enumerate(messages) if message.sender is Sender.CUSTOMER)
    asked = messages[until]
    begin = until
    while begin > 0 and not _is_settled(messages[begin - 1], messages[begin], asked):
        begin -= 1
    return list(messages[begin : until + 1])


def _is_settled(message: Message, following: Message, asked: Message) -> bool:
    """Whether *message* ends a matter that *asked* has no part in."""
    if message.at and following.at and _apart(message.at, following.at) > _SILENCE:
        return True
    if message.sender is not Sender.CUSTOMER:
        return False
    return is_closed(message.text) or (is_thanks(message.text) and not _leans(bare(asked.text)))


def _topic(earlier: Sequence[Message], asked: str) -> str:
    """Return what *asked* leans on; empty when nothing before says more."""
    if not _content(asked) and earlier and earlier[-1].sender is not Sender.CUSTOMER:
        # "Yes, the second one": what is asked is in the agent's question.
        questions = [sentence for sentence in _sentences(bare(earlier[-1].text)) if sentence.endswith("?")]
        if questions:
            return questions[-1]
    own = [bare(message.text) for message in reversed(earlier) if message.sender is Sender.CUSTOMER]
    clear = [text for text in own if _is_clear(text)]
    return next((text for text in clear if len(_content(text)) >= _TELLING), next(iter(clear), ""))


def _is_clear(text: str) -> bool:
    """Whether *text* can be searched alone."""
    return bool(_content(text)) and not _leans(text)


def _leans(text: str) -> bool:
    """Whether *text* openly goes on from what was said, and names little itself."""
    points = _CONTINUES.match(text) or _POINTS_BACK.search(text)
    return bool(points) and len(_content(text)) < _TERSE


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in _SAYS_NOTHING]


def _sentences(text: str) -> Iterator[str]:
    return (text[start:end] for start, end in split_sentences(text))


def _apart(left: datetime, right: datetime) -> timedelta:
    """Return how long it is from one to the other; times without a zone are taken as UTC."""
    return abs(
        (left if left.tzinfo else left.replace(tzinfo=UTC)) - (right if right.tzinfo else right.replace(tzinfo=UTC))
    )


def _cut(text: str, limit: int) -> str:
    """Return *text*, or its beginning and its end: a long letter tells first and asks last."""
    if len(text) <= limit:
        return text
    half = (limit - 3) // 2
    return f"{text[:half]} … {text[-half:]}"
