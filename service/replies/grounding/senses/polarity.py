"""Which way a text points: its negations, exceptions and opposites, each with the words it is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.knowledge.wording.words import stem, words
from service.replies.grounding.level import level
from service.replies.grounding.senses.opposites import DENYING, NOT, TURNING, turned_round, turns

_JOINED = (
    (re.compile(r"\bau moins\b|\bat least\b|\bno less than\b|\bno fewer than\b|\bau minimum\b"), " atleast "),
    (re.compile(r"\bau plus\b(?! tard| tot| vite)|\bat most\b|\b(?:no|not) more than\b|\bau maximum\b"), " atmost "),
    (re.compile(r"\bn(?:e |')(?:[\w']+ ){1,3}?(?:que |qu')(?!il)"), lambda found: f" only {found.group()[2:]} "),
    (re.compile(r"\bne? ?'?(?=\b)(?P<verb>(?:[ ']?[\w-]+){1,4}?) (?:pas|plus|jamais|rien|aucune?s?|guere|ni)\b"),
     lambda found: f" negated {found['verb'].strip(' ' + chr(39))} "),
    (re.compile(r"\bne (?:pas|plus|jamais|rien)\b"), " negated "),
    (re.compile(r"\bno longer\b|\bnot yet\b|\bpas encore\b"), " negated "),
    (re.compile(r"n't\b"), " negated "),
    (re.compile(r"\bcannot\b"), " can negated "),
    (re.compile(r"\bnot only\b|\bnon seulement\b|\bpas seulement\b"), " "),
    (re.compile(r"\b(?:a l')?exception\b|\bhormis\b|\bexcepte\b|\bsauf\b|\bunless\b|\ba moins\b|\bhors\b"), " except "),
    (re.compile(r"\bapart from\b|\bother than\b|\bexcluding\b|\bexcept(?:ed|ing)?\b"), " except "),
)  # fmt: skip
_TURNED = frozenset(
    {"allow", "accept", "active", "easy", "free", "inside", "legal", "must", "often", "possible", "valid"}
)
_WORD = re.compile(r"[^\W_]+")
_ANSWER = re.compile(r"^(?:oui|non|yes|no)\b[ ,.:!-]+")
_REACH = 3
"""Content words on each side that a negation or an opposite is taken to be about."""


@dataclass(frozen=True, slots=True)
class Mark:
    kind: str
    side: int
    """1 or -1: which of two opposites; 1 for negations, exceptions and restrictions."""
    ahead: frozenset[str]
    """Stems of the next content words."""
    near: frozenset[str]
    """Stems of the content words on both sides."""


@lru_cache(maxsize=8192)
def marks(text: str, language: str) -> tuple[Mark, ...]:
    """Return the marks of *text* in their order; a leading yes or no is none."""
    found = directed(text)
    content = [(place, stem(word, language)) for place, word in enumerate(found) if _is_content(word)]
    return tuple(
        Mark(kind, side, *_about(place, content)) for place, word in enumerate(found) for kind, side in turns(word)
    )


@lru_cache(maxsize=8192)
def directed(text: str) -> tuple[str, ...]:
    """Return the words of *text*, levelled; phrases that turn it ("au plus", "ne … pas") are a word each."""
    return tuple(_spend(_WORD.findall(_join(_ANSWER.sub("", level(text))))))


def _spend(found: Sequence[str]) -> Iterator[str]:
    """Yield the words; a negation is spent on an opposite that soon follows: "not possible" is "impossible"."""
    left = list(found)
    for place, word in enumerate(found):
        if turns(word) == ((NOT, 1),):
            for after in range(place + 1, min(place + 3, len(found))):
                spent = [turned_round(kind, side) for kind, side in turns(found[after]) if kind in _TURNED]
                if spent:
                    left[place], left[after] = "", spent[0]
                    break
    return filter(None, left)


def conflicts(claim: Sequence[Mark], source: Sequence[Mark], said: frozenset[str]) -> tuple[str, ...]:
    """
    Return the kinds in which *claim* points another way than *source*; empty when they agree.

    *said* are the stems of the claim: what the source negates and the claim leaves out makes no difference.
    """
    return tuple(dict.fromkeys((*_one_sided(claim, source, said), *_opposed(claim, source))))


def turns_what_follows(text: str, language: str) -> bool:
    """Whether *text* denies, excepts or restricts, so that a quote without it would say something else."""
    return any(mark.kind in TURNING or (mark.kind in DENYING and mark.side < 0) for mark in marks(text, language))


def _join(levelled: str) -> str:
    for pattern, replacement in _JOINED:
        levelled = pattern.sub(replacement, levelled)
    return levelled


@lru_cache(maxsize=65536)
def _is_content(word: str) -> bool:
    return bool(words(word)) and not turns(word)


def _about(place: int, content: Sequence[tuple[int, str]]) -> tuple[frozenset[str], frozenset[str]]:
    after = [word for at, word in content if at > place][:_REACH]
    before = [word for at, word in content if at < place][-_REACH:]
    return frozenset(after[:2]), frozenset((*before, *after))


def _one_sided(claim: Sequence[Mark], source: Sequence[Mark], said: frozenset[str]) -> Iterator[str]:
    """Yield negations, exceptions and restrictions that only one of the two makes of the same words."""
    for kind in TURNING:
        ours = [mark for mark in claim if mark.kind == kind]
        theirs, matching = _like(kind, source), _like(kind, claim)
        unmatched = [mark for mark in ours if not any(mark.near & other.near for other in theirs)]
        dropped = [mark for mark in theirs if _is_said(mark, said) and not any(mark.near & o.near for o in matching)]
        if unmatched or dropped:
            yield kind


def _like(kind: str, found: Sequence[Mark]) -> list[Mark]:
    """Return what may stand for *kind*: "impossible", "refused" and "without" also say no."""
    return [mark for mark in found if mark.kind == kind or (kind == NOT and mark.kind in DENYING and mark.side < 0)]


def _is_said(mark: Mark, said: frozenset[str]) -> bool:
    """Whether the claim says what the mark is about: the words after it, or around it when none follow."""
    about = mark.ahead or mark.near
    return bool(about) and len(about & said) * 2 > len(about)


def _opposed(claim: Sequence[Mark], source: Sequence[Mark]) -> Iterator[str]:
    """Yield the kinds of opposites of which the source, about the same words, has only the other one."""
    for mark in claim:
        if mark.kind in TURNING:
            continue
        about = [other for other in source if other.kind == mark.kind and other.near & mark.near]
        if about and all(other.side != mark.side for other in about):
            yield mark.kind
