"""The content words and the figures of a sentence, comparable across inflections, accents and ways of writing."""

import re
import unicodedata
from functools import lru_cache

_STEM_CHARS = 6
_WORD = re.compile(r"[^\W_]+")
_FIGURE = re.compile(r"\d+(?:[ \u00a0\u202f.,']\d{3})*(?:[.,]\d{1,2})?(?!\d)|\d+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_STOPWORDS = frozenset(
    """
    a ai ainsi alors as au aucun aussi autre aux avec avez avoir avons bien bonjour c ca car ce ceci cela
    celle celui ces cet cette ceux chez comme comment cordialement d dans de depuis des deux dois doit donc
    dont du elle elles en encore entre est et etait ete etes etre eu fait faire faut il ils j jai je jusqu l
    la le les leur leurs lors lui m ma mais me meme merci mes moi mon n ne ni nos notre nous on ont ou par pas
    peu peut peuvent peux plus plutot pour pourquoi pouvez qu quand que quel quelle quelles quels qui quoi s
    sa sans se sera ses si soit son sont sous souhaite suis sur svp t ta te tes toi ton tous tout toute toutes
    tres tu un une vers voici voila vos votre vous y voudrais veux about after again all also am an and any
    are be because been before being but by can could did do does doing done for from get getting give go
    going got had has have having he hello help her here hi him his how i if im in into is it its ive just
    know let like me more most much my need no nor not now of off on one only or other our out over please she
    should so some such than thank thanks that the their them then there these they this those through to too
    until up us very want was way we were what when where which while who why will with would you your yours
    """.split()  # noqa: SIM905 - a list of quoted words would hide the words
)


def content_stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words that carry meaning, in order, repeats kept: accents folded, six letters at most."""
    return tuple(word[:_STEM_CHARS] for word in _WORD.findall(fold(text)) if word not in _STOPWORDS and len(word) > 1)


def figures(text: str) -> frozenset[str]:
    """Return the figures in *text* without separators of thousands, with a decimal point: 1 234,50 → 1234.5."""
    return frozenset(_figure(found.group()) for found in _FIGURE.finditer(text))


def links(text: str) -> tuple[str, ...]:
    """Return web and e-mail addresses in *text*, in order, without the punctuation that follows them."""
    return tuple(found.group().rstrip(".,;:!?…»”") for found in _LINK.finditer(text))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return *text* in small letters without accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _figure(written: str) -> str:
    decimals = re.search(r"[.,](\d{1,2})$", written)
    whole = re.sub(r"\D", "", written[: decimals.start()] if decimals else written)
    cents = decimals.group(1).rstrip("0") if decimals else ""
    return f"{whole.lstrip('0') or '0'}.{cents}" if cents else whole.lstrip("0") or "0"
