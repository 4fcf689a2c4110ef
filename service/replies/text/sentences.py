"""Where a sentence ends, in French and English, in a whole text and in a stream of pieces."""

import re
from collections.abc import Iterator
from functools import lru_cache

_ABBREVIATION = re.compile(
    r"(?:^|[\s(«\"'’])(?:M|MM|Mme|Mlle|Dr|Me|St|Ste|Mr|Mrs|Ms|Prof|Sr|Jr|art|al|p|pp|n|no|nos|tél|tel|env|ex|cf|vs"
    r"|av|bd|min|max|approx|dept|e\.g|i\.e|p\.\s?ex|c\.-à-d)\.$",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION = 12
"""With its stop, and what stands before it."""
_BEFORE_FIGURE = re.compile(
    r"(?:^|[\s(])(?:fig|sect?|chap|vol|éd|ed|ch|l|r|d|janv?|févr?|feb|avr|apr|juil|aug|août|sept?|oct|nov|déc|dec)\.$",
    re.IGNORECASE,
)
"""Abbreviations before a figure: "Fig. 3", "5 janv. 2026"."""
_MAY_END = re.compile(r"(?:^|[\s(«\"'’-])(?:(?:[A-Z]\.-?)*[A-Z]|(?i:etc|inc|ltd|corp|[ap]\.m))\.$")
"""Abbreviations that a sentence may end with: what follows decides."""
_OPENER = re.compile(
    r"[«“\"(]?\s?(?:[LC]['’]|(?:An?|The|This|That|These|Those|It|If|In|On|At|As|For|To|When|We|You|They|He|She|I|Our|Your|Then|But|And"
    r"|Please|There|However|Le|La|Les|Un|Une|Des|Il|Elle|Ils|Elles|On|Nous|Vous|Je|Ce|Cette|Ces|Si|Pour"
    r"|Dans|En|À|Au|Aux|Votre|Vos|Notre|Nos|Puis|Ensuite|Mais|Et|Merci|Quand|Après|Avant|Voir)(?!\w))"
)
_MARKERS = r"(?:[ \t\u00a0\u202f]*\[\d{1,3}\])*"
_BOUNDARY = re.compile(
    rf"(?:\.{{3}}|[.!?…]+)(?:[ \u00a0\u202f]?[\"»”)\]])*{_MARKERS}"
    r"(?=\s)(?!\s*(?:[a-zà-ÿ](?!\))|[,;:.!?…»”)\]]|\[\d{1,3}\]))"  # what follows can begin a sentence
)
_END = re.compile(r"[.!?…\n]")
_LIST_NUMBER = re.compile(r"\d{1,3}\.")
_STEP_NUMBER = re.compile(r"[:;][ \u00a0\u202f]\d{1,2}\.$")
_UNDECIDED = re.compile(rf"(?:[ \u00a0\u202f]?[\"»”)\]])*{_MARKERS}[ \t\u00a0\u202f]*(?:\[\d{{0,3}})?\Z")
"""What may still come to belong to a sentence that seems to have ended: closing quotes and markers."""


@lru_cache(maxsize=512)
def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """
    Return the slices of *text* that are sentences, in order, without white space around; a line ends one.

    A passage is cut by each check that looks at its sentences, and again in the next reply that rests on it.
    """
    return tuple(_split(text, whole=True)[0])


class SentenceStream:
    """
    Gives out the sentences of a text that arrives in pieces.

    However the text is cut into pieces, the sentences are those of `split_sentences` on the whole.
    """

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> list[tuple[str, str]]:
        """Return the sentences that *piece* finished, each after the white space before it."""
        self._rest += piece
        # A chat model's pieces are words: in most of them nothing can end.
        return self._take(whole=False) if _END.search(self._rest) else []

    def finish(self) -> list[tuple[str, str]]:
        """Return what is left once the text has ended."""
        return self._take(whole=True)

    def _take(self, *, whole: bool) -> list[tuple[str, str]]:
        slices, end = _split(self._rest, whole=whole)
        starts = [0, *(stop for _, stop in slices[:-1])]
        taken = [
            (self._rest[before:start], self._rest[start:stop])
            for before, (start, stop) in zip(starts, slices, strict=False)
        ]
        self._rest = self._rest[end:]
        return taken


def _split(text: str, *, whole: bool) -> tuple[list[tuple[int, int]], int]:
    slices: list[tuple[int, int]] = []
    start = _skip_space(text, 0)
    end = 0
    for sign, stop in _boundaries(text):
        following = _skip_space(text, stop)
        if stop <= start or (sign < stop and _is_inside(text, start, _dot(text, sign), following)):
            continue
        if not whole and (_ends_open(text, following) or _UNDECIDED.match(text, stop)):
            break
        slices.append((start, stop))
        end = stop
        start = following
    if whole and start < len(text):
        slices.append((start, len(text.rstrip())))
        end = len(text)
    return slices, end


def _boundaries(text: str) -> Iterator[tuple[int, int]]:
    """
    Yield where sentences may end: the place of the sign that ends one, and the place behind it; equal, a line's end.

    Looking for the signs alone is much faster than trying the whole pattern at each letter.
    """
    place = 0
    while found := _END.search(text, place):
        before, place = place, found.end()
        if found.group() == "\n":
            line = _skip_space_back(text, found.start(), before)
            yield line, line
        elif boundary := _BOUNDARY.match(text, found.start()):
            place = boundary.end()
            yield boundary.span()


def _ends_open(text: str, following: int) -> bool:
    """Whether the first word after a sentence may still grow: "In" may become "Inc"."""
    return following >= len(text) or bool((opener := _OPENER.match(text, following)) and opener.end() == len(text))


def _is_inside(text: str, start: int, dot: int, following: int) -> bool:
    """Whether the full stop before *dot* belongs to an abbreviation, or to the number of a step."""
    before = max(start - 1, 0)
    return bool(
        _ABBREVIATION.search(text, max(before, dot - _LONGEST_ABBREVIATION), dot)
        or _LIST_NUMBER.fullmatch(text, start, dot)
        or _STEP_NUMBER.search(text, max(start, dot - 5), dot)
        or (_MAY_END.search(text, before, dot) and not _OPENER.match(text, following))
        or (text[following : following + 1].isdigit() and _BEFORE_FIGURE.search(text, before, dot))
    )


def _dot(text: str, start: int) -> int:
    """Return the place after a single full stop at *start*, else *start*: only a lone stop can end an abbreviation."""
    return start + 1 if text.startswith(".", start) and not text.startswith("..", start) else start


def _skip_space_back(text: str, place: int, until: int) -> int:
    while place > until and text[place - 1].isspace():
        place -= 1
    return place


def _skip_space(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place
