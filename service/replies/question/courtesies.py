"""What stands in a message besides its matter: greetings, signatures, quoted mail; and the words that end a matter."""

import re

from service.prompting.language.own_words import own_words

_COURTESY_LINE = re.compile(
    r"^\s*(?:(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|dear|good (?:morning|afternoon|evening))\b"
    r"[^.?!\n]{0,40}[,.!]?|(?:(?:bien )?cordialement|bien à vous|merci(?: d['’]avance| beaucoup| bien)?|sincèrement"
    r"|salutations"
    r"|(?:best|kind|warm)? ?regards|best|cheers|thanks(?: in advance| a lot| so much)?|thank you(?: (?:so|very) much)?"
    r"|sent from my .*|envoyé de(?:puis)? mon .*)\s*[,.!]*)\s*$",
    re.IGNORECASE,
)
_OPENING_WORDS = re.compile(
    r"^\s*(?:bonjour|bonsoir|salut|coucou|hello|hi there|hi|hey|good (?:morning|afternoon|evening))\b"
    r"(?: madame| monsieur)?[\s,.!]+",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:c['’]est (?:bon|réglé|résolu|réparé|tout|parfait)|(?:problème|tout est) (?:réglé|résolu)"
    r"|ça (?:marche|fonctionne)|bonne (?:journée|soirée|fin de journée|continuation)|au revoir|à bientôt"
    r"|(?:it|that|this)(?:['’]s| is| has been)? (?:now )?(?:works?|working|worked|solved|fixed|resolved|did it)"
    r"|(?:issue|problem) (?:is )?(?:solved|resolved|fixed)|(?:solved|resolved|fixed|works now)\s*[.!]*$"
    r"|that(?:['’]s| is| will be| was) (?:all|it|everything)|good ?bye|bye|have a (?:nice|good|great) \w+)",
    re.IGNORECASE,
)
_NOT_CLOSED = re.compile(r"\?|\b(?:pas|jamais|not|never|but|mais|toujours|still|n['’]t)\b", re.IGNORECASE)
_THANKS = re.compile(
    r"\b(?:merci|remercie|thanks|thank you|thx|ty|parfait|super|perfect|great|awesome)\b", re.IGNORECASE
)
_LONGEST_THANKS = 12
"""Words of a message that only says thanks or goodbye."""


def bare(text: str) -> str:
    """Return *text* on one line without greetings, signatures and the mail it quotes; possibly empty."""
    lines = [line for line in own_words(text).splitlines() if not _COURTESY_LINE.match(line)]
    return " ".join(_OPENING_WORDS.sub("", " ".join(lines)).split())


def is_closed(text: str) -> bool:
    """Whether the message says in so many words that the matter is settled, and asks nothing more."""
    return _is_short(text) and bool(_CLOSED.search(text)) and not _NOT_CLOSED.search(text)


def is_thanks(text: str) -> bool:
    """Whether the message only gives thanks, which may end a matter or just acknowledge an answer."""
    return _is_short(text) and bool(_THANKS.search(text)) and not _NOT_CLOSED.search(text)


def _is_short(text: str) -> bool:
    return len(text.split()) <= _LONGEST_THANKS
