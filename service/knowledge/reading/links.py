"""Decides which links of an article are worth keeping: those a customer could follow."""

import re
from urllib.parse import urljoin

_FOLLOWABLE = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@|tel:[+\d])", re.IGNORECASE)


def target(href: str, base: str | None = None) -> str | None:
    """Return the absolute address of *href*, or None when it leads nowhere outside its own folder."""
    href = href.strip().strip("<>")
    if base and href and not href.startswith("#") and ":" not in href.split("/")[0] and not href.endswith(".md"):
        href = _join(base, href)
    return href.replace(" ", "%20").replace("(", "%28").replace(")", "%29") if _FOLLOWABLE.match(href) else None


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def link(words: str, href: str, base: str | None = None) -> str:
    """Return a Markdown link, or only its *words* when *href* leads nowhere; an empty link vanishes."""
    address = target(href, base)
    inside = " ".join(words.split())
    if address is None or not any(char.isalnum() for char in inside):
        return words
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{before}<{address}>{after}" if inside == address else f"{before}[{inside}]({address}){after}"
