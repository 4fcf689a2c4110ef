"""Fences: the tags between which text from outside stands in a prompt, and which that text cannot close."""

import hashlib
from collections.abc import Sequence


class Fence:
    """
    Tags that carry a token which occurs in none of the texts they hold.

    The token comes from the texts themselves, so equal inputs give equal bytes.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.token = _token(texts)

    def hold(self, name: str, text: str, **attributes: str) -> str:
        """Return *text* between tags; attribute values are ours (ids, senders) or lose what could end them."""
        written = "".join(f' {key}="{_attribute(value)}"' for key, value in attributes.items())
        return f"<{name}-{self.token}{written}>\n{text}\n</{name}-{self.token}>"


def _token(texts: Sequence[str]) -> str:
    digest = hashlib.sha256("\x1f".join(texts).encode()).hexdigest()
    while any(digest[:8] in text for text in texts):
        digest = hashlib.sha256(digest.encode()).hexdigest()
    return digest[:8]


def _attribute(value: str) -> str:
    return " ".join(value.split()).translate({ord('"'): "'", ord("<"): "‹", ord(">"): "›"})
