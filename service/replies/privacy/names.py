"""Finds names of people: the one given with the ticket, and those that a text introduces itself."""

import re
from collections.abc import Iterator

from service.replies.privacy.spans import Kind, Span

_WORD = r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?"
_CAPITALISED = rf"(?=[^\W\d_a-zà-ÿ]){_WORD}"
_PARTICLE = r"(?:de|du|la|le|van|von|der|den|da|dos|el|al|ben|bin)"
_NAME = rf"{_CAPITALISED}(?:[ \u00a0]+(?:{_PARTICLE}[ \u00a0]+)?{_CAPITALISED}){{0,3}}"
_INTRODUCED = re.compile(
    r"(?i:\bje m['’]appelle|\bje suis (?:m\.|mme|monsieur|madame)|\bmon nom(?: complet)? est|\bau nom de"
    r"|\bmy (?:full )?name is|\bname['’]?s|\bthis is|\bon behalf of|\bin the name of|\bname on the (?:account|card) is)"
    rf"[ :]+(?P<name>{_NAME})"
)
_TITLED = re.compile(
    rf"(?<!\w)(?:M\.|Mme|Mlle|Monsieur|Madame|Mademoiselle|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?)[ \u00a0]+(?P<name>{_NAME})"
)
_SIGNED = re.compile(
    r"(?i:cordialement|bien (?:à vous|cordialement)|sincères salutations|salutations|merci(?: d['’]avance)?|à bientôt"
    r"|bonne journée|(?:best|kind|warm)(?: regards| wishes)?|regards|sincerely|yours(?: \w+)?|thanks(?: in advance)?"
    rf"|thank you|cheers)[ \t]*[,.!]?[ \t]*\n\s*(?P<name>{_NAME})[ \t]*(?:\n|$)"
)
_NOT_NAMES = frozenset(
    [
        *(
            "madame",
            "monsieur",
            "mademoiselle",
            "bonjour",
            "merci",
            "je",
            "nous",
            "vous",
            "votre",
            "le",
            "la",
            "les",
            "un",
        ),
        *("une", "client", "service", "équipe", "envoyé", "hello", "thanks", "the", "this", "that", "your", "our", "i"),
        *("it", "a", "an", "customer", "support", "team", "sent"),
    ]
)
_MIN_PART_CHARS = 2
_MIN_SINGLE_CHARS = 3


def given(text: str, name: str) -> Iterator[Span]:
    """Yield where *name* or one of its parts stands; a part counts only when capitalised, as Pierre and not pierre."""
    parts = [part for part in re.split(r"\s+", name.strip()) if len(part.strip(".")) >= _MIN_PART_CHARS]
    if not parts:
        return
    if len(parts) > 1:
        whole = r"[ \u00a0]+".join(map(re.escape, parts))
        for found in re.finditer(rf"(?<!\w){whole}(?!\w)", text, re.IGNORECASE):
            yield Span(found.start(), found.end(), Kind.NAME, identity(name))
    for part in parts:
        if len(part) < _MIN_SINGLE_CHARS and len(parts) > 1:
            continue
        written = {part, part.capitalize(), part.title(), part.upper()} - {part.lower()}
        pattern = "|".join(map(re.escape, sorted(written, key=len, reverse=True)))
        for found in re.finditer(rf"(?<![\w@])(?:{pattern})(?![\w@])", text) if pattern else ():
            yield Span(found.start(), found.end(), Kind.NAME, identity(part))


def introduced(text: str) -> Iterator[Span]:
    """Yield names behind "je m'appelle", "my name is", a title (Mme, Mr), or below a closing."""
    for pattern in (_INTRODUCED, _TITLED, _SIGNED):
        for found in pattern.finditer(text):
            start, end = found.span("name")
            written = text[start:end].rstrip(".")
            if written.split()[0].casefold() not in _NOT_NAMES:
                yield Span(start, start + len(written), Kind.NAME, identity(written))


def identity(name: str) -> str:
    return " ".join(name.casefold().split())
