"""Markup that would load, hide or disguise something: taken out of what a chat model wrote, in every Markdown form."""

import html
import re
import unicodedata

from service.replies.privacy.spans import PLACEHOLDER

_CONTROL = {code: None for code in [*range(32), *range(127, 160)] if chr(code) not in "\t\n"}
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_NAMED = rf"\[(?!{PLACEHOLDER.pattern[2:]})"
"""Opens a bracket that is no placeholder of a personal value."""
_DESTINATION = r"\(\s*<?(?P<to>[^()\s<>]*(?:\([^()\s<>]*\)[^()\s<>]*)*)>?[^()]*\)"
_IMAGE = re.compile(rf"!\[[^\[\]]*\](?:{_DESTINATION}|[ \n]?\[[^\[\]]*\]|\([^()]*\)?)?")
_LINK = re.compile(rf"{_NAMED}(?P<words>[^\[\]\n]+)\]{_DESTINATION}")
_EMPTY_LINK = re.compile(rf"\[\s*\]{_DESTINATION}")
_REFERENCE = re.compile(
    rf"{_NAMED}(?P<words>[^\[\]\n]*[^\[\]\n\d][^\[\]\n]*)\][ \n]?{_NAMED}(?!\d{{1,3}}\])[^\[\]\n]*\]"
)
_DEFINITION = re.compile(rf"^[\s>]*{_NAMED}[^\[\]\n]+\]:.*$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\n]+\]")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>|\s]+|[^<>|\s@]+@[^<>|\s]+)>", re.IGNORECASE)
_HTML = re.compile(r"<!--.*?(?:-->|\Z)|<[a-zA-Z/!?][^<>]*(?:>|\Z)", re.DOTALL)
_MOST_ROUNDS = 6
"""Nested deeper than this, what is left has no brackets that mean anything."""


def clean(text: str) -> str:
    """Return *text* in NFC without control, bidirectional, zero-width and tag characters; a lone surrogate is a `?`."""
    if text.isascii() and text.isprintable():
        return text
    whole = text.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", unicodedata.normalize("NFC", whole).translate(_CONTROL)))


def defuse(sentence: str) -> str:
    """
    Return *sentence* without images, raw HTML, reference links and footnotes; a named link shows its address.

    Entities are resolved first, and what a removal brings to light is taken out too.
    """
    for _ in range(_MOST_ROUNDS):
        shown = _once(sentence)
        if shown == sentence:
            break
        sentence = shown
    return sentence


def _once(sentence: str) -> str:
    if "<" not in sentence and "[" not in sentence and "&" not in sentence:
        return sentence
    shown = clean(html.unescape(sentence))
    shown = _EMPTY_LINK.sub(r"\g<to>", _IMAGE.sub("", shown))
    shown = _REFERENCE.sub(r"\g<words>", _LINK.sub(_spell_out, shown))
    shown = _FOOTNOTE.sub("", _DEFINITION.sub("", shown))
    shown = _HTML.sub("", _AUTOLINK.sub(r"\1", shown))
    # What is left of these would come to life with the next line's bracket.
    return shown.replace("![", "").replace("](", "] (")


def _spell_out(link: re.Match[str]) -> str:
    words, address = link["words"], link["to"]
    return words if not address or address in words else f"{words} ({address})"
