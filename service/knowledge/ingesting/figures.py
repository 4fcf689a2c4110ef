"""Finds where two passages state different figures, dates or amounts of the same thing."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from service.domain import Passage
from service.knowledge.wording.words import stem, words

_SPLIT = re.compile(r"(?<=[.!?…])\s+|\n+")
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_DATE = re.compile(
    rf"\b(\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\d{{1,2}}(?:er|st|nd|rd|th)?\s(?:{_MONTHS})(?:\s\d{{4}})?"
    rf"|(?:{_MONTHS})\s\d{{1,2}}(?:,?\s\d{{4}})?)\b",
    re.IGNORECASE,
)
_NUMBER = r"\d+(?:[  ]\d{3})*(?:[.,]\d+)*"
_AMOUNT = re.compile(
    rf"([€$£])\s?({_NUMBER})|({_NUMBER})\s?(€|\$|£|%|euros?\b|eur\b|usd\b|dollars?\b|percent\b)", re.IGNORECASE
)
_QUANTITY = re.compile(
    rf"(?<![\w.,/-])({_NUMBER})(?:\s?(?:to|or|and|à|ou|et|-|–)\s?({_NUMBER}))?[ \u00a0\u202f-]"
    r"(?:(?:working|business|calendar|full|more|whole)\s)?([^\W\d_]{3,})",
    re.IGNORECASE,
)
_SIGNS = {"euro": "€", "euros": "€", "eur": "€", "usd": "$", "dollar": "$", "dollars": "$", "percent": "%"}

_SHARED = 0.7
"""Share of the shorter statement's content words that the longer one has too; below it they speak of two things:
"standard delivery takes 3 days" and "express delivery takes 1 day" share 0.67."""
_FEWEST_SHARED = 2
_SURE_SHARED = 5
"""Content words in common from which on the headings need not agree."""
_SUBJECT_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with its figures: unit → values."""

    quote: str
    words: frozenset[str]
    figures: dict[str, frozenset[str]]


class Claims:
    """What a passage states, worked out once for all its comparisons."""

    def __init__(self, passage: Passage) -> None:
        self.language = passage.language
        self.subject = _stems(f"{passage.title} {passage.heading}", passage.language)
        self.statements = tuple(_statements(passage))


def contradiction(left: Claims, right: Claims) -> tuple[str, str] | None:
    """Return the first two sentences, exactly as they stand, that give one thing two figures; None without any."""
    if left.language != right.language:
        return None
    for one in left.statements:
        for other in right.statements:
            if _disagree(one, other) and _is_one_thing(one.words, other.words, left.subject, right.subject):
                return one.quote, other.quote
    return None


def _statements(passage: Passage) -> Iterator[Statement]:
    """Yield the sentences that state a figure; table rows and headings state nothing by themselves."""
    for part in _SPLIT.split(passage.text):
        quote = part.strip()
        if not quote or quote[0] in "|#`" or not any(char.isdigit() for char in quote):
            continue
        figures, rest = _figures(quote, passage.language)
        if figures:
            yield Statement(quote, _stems(rest, passage.language), figures)


def _disagree(one: Statement, other: Statement) -> bool:
    units = one.figures.keys() & other.figures.keys()
    return any(one.figures[unit].isdisjoint(other.figures[unit]) for unit in units)


def _is_one_thing(
    one: frozenset[str], other: frozenset[str], subject: frozenset[str], other_subject: frozenset[str]
) -> bool:
    """Whether two statements under these titles and headings speak of the same."""
    # "An investigation of a late parcel takes 8 days" under "Late parcels": what sets it apart is its subject.
    if (one - other) & (subject - other_subject) or (other - one) & (other_subject - subject):
        return False
    akin = _share(subject, other_subject) >= _SUBJECT_SHARED
    fewest = _FEWEST_SHARED if akin else _SURE_SHARED
    return len(one & other) >= fewest and _share(one, other) >= _SHARED


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _stems(text: str, language: str | None) -> frozenset[str]:
    return frozenset(stem(word, language) for word in words(text) if not any(char.isdigit() for char in word))


def _figures(sentence: str, language: str | None) -> tuple[dict[str, frozenset[str]], str]:
    """Return unit → values, and the sentence without them."""
    found: defaultdict[str, set[str]] = defaultdict(set)

    def date(match: re.Match[str]) -> str:
        found["date"].add(match[1].lower())
        return " "

    def amount(match: re.Match[str]) -> str:
        sign = (match[1] or match[4]).lower()
        found[_SIGNS.get(sign, sign)].add(_value(match[2] or match[3]))
        return " "

    def quantity(match: re.Match[str]) -> str:
        found[stem(match[3].lower(), language)].update(_value(number) for number in match.groups()[:2] if number)
        return " "

    rest = _DATE.sub(date, sentence)
    rest = _AMOUNT.sub(amount, rest)
    rest = _QUANTITY.sub(quantity, rest)
    return {unit: frozenset(values) for unit, values in found.items()}, rest


def _value(number: str) -> str:
    """Return one spelling of *number*: "1 000", "1,000" and "1000" are one, "2,50" and "2.5" too."""
    plain = re.sub(r"\s", "", number)
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", plain).replace(",", ".")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
