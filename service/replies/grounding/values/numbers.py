"""The numbers in a levelled text, written in figures or in French or English words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FIGURE = (
    r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\d)"  # 1 234,50
    r"|\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?(?![\d])"  # 1,234.50 and 1.234,50
    r"|\d+(?:[.,]\d+)?"
)
_ONE = {"un": 1, "une": 1, "one": 1, "a": 1, "an": 1}
_MANY = {
    "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4,
    "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10,
    "ten": 10, "onze": 11, "eleven": 11, "douze": 12, "twelve": 12, "treize": 13, "thirteen": 13, "quatorze": 14,
    "fourteen": 14, "quinze": 15, "fifteen": 15, "seize": 16, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "vingt": 20, "vingts": 20, "twenty": 20, "trente": 30, "thirty": 30, "quarante": 40, "forty": 40,
    "cinquante": 50, "fifty": 50, "soixante": 60, "sixty": 60, "septante": 70, "seventy": 70, "eighty": 80,
    "nonante": 90, "ninety": 90, "cent": 100, "cents": 100, "hundred": 100, "mille": 1000, "thousand": 1000,
    "douzaine": 12, "dozen": 12, "dizaine": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
}  # fmt: skip
_WORDS = _ONE | _MANY
_DOUBTFUL = frozenset({*_ONE, "neuf", "seize"})
_WORD = "|".join(sorted(_MANY, key=len, reverse=True))
SPOKEN = "|".join(_WORDS)
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<figure>{_FIGURE})(?:er|e|eme|st|nd|rd|th)?(?![a-z]|[.,]?\d)"
    rf"|(?<![\w.,])(?P<attached>{_FIGURE})(?=[a-z])"
    rf"|(?<![\w-])(?P<words>(?:{_WORD})(?:(?:-et-| et |-| | and )(?:{_WORD}|une?|one)(?!\w))*|une?|one"
    r"|an?(?=[ -](?:hour|day|week|fortnight|month|quarter|year|minute|dozen|hundred)))(?!\w)"
)
_SCALE = re.compile(r" ?(?:(k)(?= ?[€£$])|(m)(?= ?[€£$])|(?:(millions?)|(milliards?|billions?))(?: d['e] ?)?)\b ?")


@dataclass(frozen=True, slots=True)
class Number:
    start: int
    end: int
    amounts: frozenset[float]
    """More than one when the writing is ambiguous: 1.500."""
    is_doubtful: bool
    """Whether it may be no number: the articles of "a week" and "un jour", and "neuf", which is also "new"."""


def numbers(levelled: str) -> Iterator[Number]:
    """Yield the numbers in their order."""
    for found in _NUMBER.finditer(levelled):
        written = found["figure"] or found["attached"]
        start, end = found.start(), found.start() + len(written) if written else found.end()
        if written:
            factor, stop = _scale(levelled, end)
            yield Number(start, stop, frozenset(amount * factor for amount in amounts(written)), is_doubtful=False)
        else:
            words = found["words"]
            yield Number(start, end, frozenset({_spoken(words)}), is_doubtful=words in _DOUBTFUL)


def amounts(figure: str) -> frozenset[float]:
    """Return what *figure* may mean; a last group of three digits is thousands or, after one separator, decimals."""
    digits = re.sub(r"[ ']", "", figure)
    groups = re.split(r"[.,]", digits)
    if len(groups) == 1:
        return frozenset({float(digits)})
    whole, last = "".join(groups[:-1]), groups[-1]
    decimal = float(f"{whole}.{last}")
    if len(last) != 3 or len({mark for mark in digits if mark in ".,"}) > 1:  # noqa: PLR2004 - a group of thousands
        return frozenset({decimal})
    thousands = float(whole + last)
    if len(groups) > 2:  # noqa: PLR2004 - 1.234.567
        return frozenset({thousands})
    return frozenset({decimal}) if whole == "0" else frozenset({thousands, decimal})


def _scale(levelled: str, end: int) -> tuple[float, int]:
    found = _SCALE.match(levelled, end)
    if not found:
        return 1, end
    thousand, short_million, million, _ = found.groups()
    return (1e3 if thousand else 1e6 if short_million or million else 1e9), found.end()


def _spoken(words: str) -> float:
    """Add up spoken numbers: soixante-dix-sept, quatre-vingt-dix, two hundred and fifty, trois mille."""
    total, part = 0, 0
    for word in re.split(r"-et-| et | and |-| ", words):
        value = _WORDS[word]
        if value == 1000:  # noqa: PLR2004
            total, part = total + max(part, 1) * value, 0
        elif value == 100 or (value == 20 and part == 4):  # noqa: PLR2004 - cent, quatre-vingts
            part = max(part, 1) * value
        else:
            part += value
    return float(total + part)
