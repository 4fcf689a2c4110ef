"""Lines that ask for opposite things: the same words with opposite polarity, or opposite ends of one matter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.function_words import ENGLISH, FRENCH, folded
from service.prompting.lint.polarity import is_negative, without_negation
from service.prompting.lint.rules.lengths import disagree, lengths, without_lengths
from service.prompting.lint.sentences import Sentence
from service.prompting.lint.sources import BrandSource, Sources

_SHARED = 0.75
"""Share of the forbidding line's content words that the other must hold."""
_STEM = 6

_CLAUSE = re.compile(r"\s*(?:[,;:.!?]|\b(?:but|however|mais|then|puis)\b)\s*", re.IGNORECASE)
_LISTED = re.compile(r"\b(?:or|nor|ou|ni)\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:unless|except|only|if|when|whenever|where|after|before|until|once|instead|about|than"
    r"|sauf|sinon|si|quand|lorsque?|après|avant|tant que|une fois|à moins|hormis|seulement|au lieu|à propos)\b",
    re.IGNORECASE,
)
_FUNCTION_WORDS = ENGLISH | FRENCH
_QUOTE = "[\"“”«»'‘’]"


class _Matter:
    """What a line can be for or against: words that name it or its one end, and words that name its other end."""

    def __init__(self, one: str, other: str | None = None) -> None:
        self._one = re.compile(rf"(?<!\w)(?:{one})(?!\w)", re.IGNORECASE)
        self._other = re.compile(rf"(?<!\w)(?:{other})(?!\w)", re.IGNORECASE) if other else None

    def stance(self, clause: str, *, forbidden: bool) -> bool | None:
        """Return whether *clause* is for the one end; None when it says nothing of the matter."""
        if self._other and self._other.search(clause):
            return forbidden
        return not forbidden if self._one.search(clause) else None


_MATTERS = {
    "length": _Matter(
        r"brief(?:ly)?|concise(?:ly)?|short(?:er)?|terse(?:ly)?|succinct(?:ly)?"
        r"|bref|brefs|brève|brèves|brièvement|concise?s?|courte?s?|succincte?s?",
        r"in (?:full |great |more |every )?details?|detailed|at length|exhaustive(?:ly)?|thorough(?:ly)?|lengthy|long"
        r"|en détail|détaillée?s?|détaillez|longuement|exhaustive?s?|exhaustifs?|longue?s?|développez",
    ),
    "address": _Matter(
        rf"vouvo\w+|{_QUOTE}vous{_QUOTE}|(?:use|say|with|dites|employez|utilisez|dire) vous",
        rf"tutoi\w+|tutoye[rz]|{_QUOTE}tu{_QUOTE}|(?:use|say|with|dites|employez|utilisez|dire) tu",
    ),
    "formality": _Matter(
        r"formal(?:ly)?|formelle?s?|formels?|soutenue?s?",
        r"informal(?:ly)?|casual(?:ly)?|familière?s?|familiers?|informelle?s?|informels?|décontractée?s?",
    ),
    "emoji": _Matter(r"emojis?|émojis?|emoticons?|émoticônes?|smileys?"),
    "exclamation": _Matter(r"exclamation (?:marks?|points?)|points? d['’]exclamation"),
    "slang": _Matter(r"slang|argot"),
    "jargon": _Matter(r"jargon|technical (?:terms|words)|termes techniques"),
    "contractions": _Matter(r"contractions?"),
    "name": _Matter(
        r"by (?:(?:their|his or her) )?(?:first )?name|customer['’]s (?:first |last )?name|(?:their|first) name"
        r"|par (?:son|leur) (?:pré)?nom|prénom(?: du client)?|nom du client"
    ),
    "apology": _Matter(
        r"apologi[sz]e|apolog(?:y|ies)|say sorry|excuse[sz]?[- ](?:vous|toi)|(?:vous |t['’])excuse[sz]?"
        r"|(?:présentez )?(?:toujours )?des excuses"
    ),
    "bullets": _Matter(r"bullet points?|bulleted lists?|bullets|listes? à puces|puces"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    sentence: Sentence
    stances: dict[str, bool]
    """By matter: for it or against it."""
    content: frozenset[str]
    lengths: dict[str, tuple[int | None, int | None]]
    """By unit: the least and the most that it asks for."""
    negative: bool
    conditional: bool

    def contradicts(self, other: "_Line") -> bool:
        if self.conditional or other.conditional:
            return False
        if disagree(self.lengths, other.lengths):
            return True
        shared = self.stances.keys() & other.stances.keys()
        if any(self.stances[matter] != other.stances[matter] for matter in shared):
            return True
        if self.negative == other.negative:
            return False
        forbidden, asked = (self, other) if self.negative else (other, self)
        return _forbidden_share(forbidden.content, asked.content) >= _SHARED


def check(sources: Sources) -> Iterator[LintFinding]:
    template = [_line(each) for each in sources.template.sentences()]
    yield from _among(template, ())
    for tone in sources.tones:
        told = [_line(each) for each in tone.sentences()]
        yield from _among(told, template)
    for brand in sources.brands:
        yield from _register(brand, sources)


def _among(lines: Sequence[_Line], before: Sequence[_Line]) -> Iterator[LintFinding]:
    for number, line in enumerate(lines):
        for other in (*before, *lines[:number]):
            if line.contradicts(other):
                yield _finding(line.sentence, other.sentence.text, other.sentence.place)
                break


def _register(source: BrandSource, sources: Sources) -> Iterator[LintFinding]:
    """Yield lines that ask for “tu” where the brand says formal, or the reverse; it holds for French only."""
    voice = source.brand.voice.get("fr") if source.brand else None
    if source.brand is None or voice is None:
        return
    place = source.place("voice", "fr", "register")
    tones = [tone for tone in sources.tones if tone.id == source.brand.tone]
    for sentence in (*sources.template.sentences(), *(each for tone in tones for each in tone.sentences())):
        wants_formal = _stances(sentence.text).get("address")
        if wants_formal is not None and wants_formal != (voice.register_ == "formal"):
            yield _finding(sentence, f"register: {voice.register_}", place)


def _finding(sentence: Sentence, other: str, place: Place) -> LintFinding:
    shown = other if len(other) <= 80 else other[:79] + "…"  # noqa: PLR2004 - about a line of a terminal
    return sentence.place.warning("contradiction", other=shown, place=place)


def _line(sentence: Sentence) -> _Line:
    text = sentence.text
    # “No more than” forbids nothing and sets no condition.
    rest = without_lengths(text)
    return _Line(
        sentence,
        _stances(text),
        _content(text),
        lengths(text),
        negative=is_negative(rest),
        conditional=bool(_CONDITION.search(rest)),
    )


def _stances(text: str) -> dict[str, bool]:
    """Return what each clause wants; a list that ends in “or” is forbidden as a whole by its first clause."""
    stances: dict[str, bool] = {}
    forbidden = False
    clauses = [each for each in _CLAUSE.split(text) if each]
    for number, clause in enumerate(clauses):
        listed = forbidden and any(_LISTED.search(each) for each in clauses[number:])
        forbidden = is_negative(clause) or listed
        found = {name: matter.stance(clause, forbidden=forbidden) for name, matter in _MATTERS.items()}
        stances = {name: stance for name, stance in found.items() if stance is not None} | stances
    return stances


def _content(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]+", folded(without_negation(text)))
    return frozenset(word.rstrip("s")[:_STEM] for word in words if word not in _FUNCTION_WORDS and len(word) > 2)  # noqa: PLR2004 - letters


def _forbidden_share(forbidden: frozenset[str], asked: frozenset[str]) -> float:
    """Return how much of what the one line forbids the other asks for; 0 below two words: one may be chance."""
    # Words that only the forbidding line has make it an exception to the other.
    return len(forbidden & asked) / len(forbidden) if len(forbidden) > 1 else 0.0
