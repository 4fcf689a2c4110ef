"""What may not leave, whatever the chat model wrote: markup that loads or hides something, and foreign addresses."""

import re
import unicodedata
from collections.abc import Sequence

from service.replies.words import links

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]")
_NAMED_LINK = re.compile(r"\[([^\]\n]+)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s*\S+.*$")
_HTML = re.compile(r"</?[a-zA-Z!][^<>]*>")
_CONTROL = {code: None for code in [*range(32), *range(127, 160)] if chr(code) not in "\t\n"}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


def clean(text: str) -> str:
    """Return *text* in NFC without control, bidirectional, zero-width and tag characters; a lone surrogate is a `?`."""
    whole = text.encode("utf-8", "replace").decode()
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", whole).translate(_CONTROL))


def defuse(sentence: str) -> str:
    """Return *sentence* without images, raw HTML and reference links; a named link shows its address."""
    shown = _NAMED_LINK.sub(_spell_out, _IMAGE.sub("", sentence))
    return _HTML.sub("", _REFERENCE.sub("", shown))


def foreign_links(sentence: str, allowed: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses in *sentence* that neither stand in *texts* nor below one of the *allowed* ones."""
    known = {address for text in texts for address in links(text)}
    return tuple(address for address in links(sentence) if address not in known and not _is_below(address, allowed))


def _is_below(address: str, allowed: Sequence[str]) -> bool:
    return any(address == base or address.startswith(base.rstrip("/") + "/") for base in allowed)


def _spell_out(link: re.Match[str]) -> str:
    words, address = link.groups()
    return words if address in words else f"{words} ({address})"
