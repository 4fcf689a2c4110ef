"""Checks what backs a sentence: an exact quote, a passage that says the same, a variable, courtesy, or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain import Citation, Passage, Sentence, Support
from service.prompting.prompts import Frame
from service.prompting.variables import Variable
from service.replies.plain import plain, strip_markdown
from service.replies.sentences import split_sentences
from service.replies.words import content_stems, figures, fold

_MARKER = re.compile(r"[ \t\u00a0\u202f]*\[(\d{1,3})\]")
_LIST_MARK = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_MIN_SHARED = 0.7
"""Share of a sentence's content stems that one passage sentence must say for the sentence to count as entailed."""
_COURTESY = re.compile(
    r"\b(merci|desole|desoles|navre|excus|regret|plaisir|disposition|bonne journee|thank|sorry|apolog|happy to help"
    r"|glad|let us know|let me know|have a (?:good|nice|great))"
)
_MAX_COURTESY_STEMS = 8


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a reply may rest on."""

    passages: Sequence[Passage]
    """In the order in which the prompt numbered them, from 1."""
    variables: Sequence[Variable]
    frame: Frame


def ground(written: str, before: str, grounds: Grounds) -> Sentence:
    """Return the sentence that the chat model *wrote*, without its markers, with the support that was found for it."""
    text = _MARKER.sub("", written).strip()
    named = [int(number) for number in _MARKER.findall(written)]
    support, citations = _support(_LIST_MARK.sub("", text), _in_order(grounds.passages, named), grounds)
    return Sentence(text=text, before=before, support=support, citations=citations)


def _support(statement: str, passages: Sequence[Passage], grounds: Grounds) -> tuple[Support, tuple[Citation, ...]]:
    if statement in grounds.frame.lines:
        return Support.COURTESY, ()
    quoted = _quote(statement, passages, grounds)
    if quoted:
        return Support.QUOTED, (quoted,)
    entailing = _entailing(statement, passages, grounds)
    if entailing:
        return Support.ENTAILED, (entailing,)
    if _says_variable(statement, grounds):
        return Support.VARIABLE, ()
    if _is_courtesy(statement, grounds):
        return Support.COURTESY, ()
    return Support.UNSUPPORTED, ()


def _in_order(passages: Sequence[Passage], named: Sequence[int]) -> list[Passage]:
    """Return all passages, those that the model named first: a wrong marker must not hide the right passage."""
    first = [passages[number - 1] for number in named if 0 < number <= len(passages)]
    return first + [passage for passage in passages if passage not in first]


def _quote(statement: str, passages: Sequence[Passage], grounds: Grounds) -> Citation | None:
    if len(content_stems(statement, grounds.frame.language)) < 2:  # noqa: PLR2004 - one word alone is found everywhere and proves nothing
        return None
    for passage in passages:
        place = plain(passage.text).locate(statement)
        if place:
            return cite(passage, *place)
    return None


def _entailing(statement: str, passages: Sequence[Passage], grounds: Grounds) -> Citation | None:
    language = grounds.frame.language
    stems = set(content_stems(statement, language))
    wanted = figures(statement) - _variable_figures(grounds)
    best: tuple[float, Passage, int, int] | None = None
    for passage in passages:
        for start, end in split_sentences(passage.text):
            said = passage.text[start:end]
            shared = len(stems & set(content_stems(strip_markdown(said), language))) / len(stems) if stems else 0.0
            if shared >= _MIN_SHARED and wanted <= figures(said) and (best is None or shared > best[0]):
                best = (shared, passage, start, end)
    return cite(*best[1:]) if best else None


def _variable_figures(grounds: Grounds) -> frozenset[str]:
    return frozenset().union(*(figures(variable.text) for variable in grounds.variables))


def _says_variable(statement: str, grounds: Grounds) -> bool:
    says = any(fold(variable.text) in fold(statement) for variable in grounds.variables)
    return says and figures(statement) <= _variable_figures(grounds)


def _is_courtesy(statement: str, grounds: Grounds) -> bool:
    short = len(content_stems(statement, grounds.frame.language)) <= _MAX_COURTESY_STEMS
    return short and not figures(statement) and bool(_COURTESY.search(fold(statement)))


def cite(passage: Passage, start: int, end: int) -> Citation:
    """Return the citation of `passage.text[start:end]`."""
    return Citation(
        passage=passage.id,
        article=passage.article,
        title=passage.title,
        url=passage.url,
        quote=passage.text[start:end],
        start=start,
        end=end,
    )
