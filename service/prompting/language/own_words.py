"""What somebody wrote in a message, without the mail that it quotes or forwards."""

import re

_QUOTED_FROM_HERE = re.compile(
    r"^(?:-- ?$|-{3,}\s*(?:original message|message d['’]origine|forwarded message|message transféré)[^\n]*"
    r"|on [^\n]{6,200} wrote:\s*$|le [^\n]{6,200} a écrit\s?:\s*$|_{10,}\s*$"
    r"|\*?(?:from|de)\s?:[^\n]+(?:\n\*?(?:sent|envoyé|date|to|à|cc|subject|objet)\s?:[^\n]*)+)",
    re.IGNORECASE | re.MULTILINE,
)


def own_words(text: str) -> str:
    """
    Return the lines of *text* above what it quotes, without those marked `>`; possibly empty.

    Of a forwarded mail with nothing above it, the heading is left out and the mail stays.
    """
    quoted = _QUOTED_FROM_HERE.search(text)
    while quoted and not text[: quoted.start()].strip():
        text = text[quoted.end() :]
        quoted = _QUOTED_FROM_HERE.search(text)
    own = text[: quoted.start()] if quoted else text
    return "\n".join(line for line in own.splitlines() if not line.lstrip().startswith(">"))
