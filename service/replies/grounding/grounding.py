"""Checks what backs a sentence: an exact quote, a passage that says the same, a variable, courtesy, or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from service.domain import Citation, Passage, Sentence, Support
from service.prompting.prompts import Frame
from service.prompting.variables.declared import Variable
from service.replies.grounding.entailment import scorer
from service.replies.grounding.evidence import Evidence, Sources
from service.replies.grounding.level import level
from service.replies.grounding.senses.polarity import turns_what_follows
from service.replies.grounding.statements import Statement, source_of
from service.replies.text.plain import plain, strip_markdown
from service.replies.text.sentences import split_sentences
from service.replies.text.words import fold

_MARKER = re.compile(r"[ \t\u00a0\u202f]*\[(\d{1,3})\]")
_LIST_MARK = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_STEP = re.compile(
    r"(?<=[:;]) \d{1,2}[.)](?=\s|$)|^(?:step|étape) \d{1,2}\s?[:.-]|^#{1,6} (?:step|étape) \d{1,2}", re.IGNORECASE
)
_COURTESY = re.compile(
    r"\b(merci|desole|desoles|navre|excus|regret|plaisir|disposition|bonne journee|thank|sorry|apolog|happy to help"
    r"|glad|let us know|let me know|have a (?:good|nice|great))"
)
_MAX_COURTESY_STEMS = 8
_ADMISSION = re.compile(
    r"^(?:(?:unfortunately|sorry|malheureusement|desolee?s?|i'm sorry|nous sommes desoles)[ ,:]*(?:mais |but )?)?"
    r"(?:(?:i|we) (?:currently )?(?:do not|don't) (?:currently )?(?:have|know|find)\b.{0,25}"
    r"\b(?:information|details?|answer|data|anything)"
    r"|(?:je|nous) n'(?:ai|avons) (?:malheureusement )?(?:pas|aucune?)\b.{0,25}"
    r"\b(?:informations?|precisions?|reponse|detail)"
    r"|(?:je|nous) ne (?:sais|savons|trouvons|disposons) pas\b)"
)
"""Saying that one does not know states nothing that could be false."""
_MAX_STEMS_BESIDE_VARIABLES = 4
"""A sentence that says more than this beside its variables states something of its own."""

_AS_NEAR = 0.1
"""Windows that say so much less of a sentence's words, as a share, are as near as the nearest."""


@dataclass(frozen=True)
class Grounds:
    """What a reply may rest on."""

    passages: Sequence[Passage]
    """In the order in which the prompt numbered them, from 1."""
    variables: Sequence[Variable]
    frame: Frame

    @cached_property
    def sources(self) -> Sources:
        language = self.frame.language
        return Sources([source_of(passage, language) for passage in self.passages], self.beside)

    @cached_property
    def beside(self) -> Statement:
        """What is known without a passage: the variables and the frame's names."""
        lines = (*(variable.text for variable in self.variables), *self.frame.lines)
        return Statement(" ; ".join(lines), self.frame.language)

    @cached_property
    def variable_words(self) -> Statement:
        said = (f"{variable.description} {variable.text}" for variable in self.variables)
        return Statement(" ; ".join(said), self.frame.language)


def ground(written: str, before: str, grounds: Grounds) -> Sentence:
    """Return the sentence that the chat model *wrote*, without its markers, with the support that was found for it."""
    text = _MARKER.sub("", written).strip()
    order = _in_order(grounds, [int(number) for number in _MARKER.findall(written)])
    claim = claim_of(text, grounds.frame.language)
    support, citations, unbacked = _support(claim, order, grounds)
    return Sentence(text=text, before=before, support=support, citations=citations, unbacked=unbacked)


def claim_of(sentence: str, language: str) -> Statement:
    """Return what *sentence* states: its words without Markdown's marks, list marks and the numbers of steps."""
    return Statement(_STEP.sub("", strip_markdown(_LIST_MARK.sub("", sentence))), language)


_Backing = tuple[Support, tuple[Citation, ...], tuple[str, ...]]


def _support(claim: Statement, order: Sequence[int], grounds: Grounds) -> _Backing:
    if claim.text in grounds.frame.lines:
        return Support.COURTESY, (), ()
    quoted = _quote(claim, order, grounds)
    if quoted:
        return Support.QUOTED, (quoted,), ()
    found = grounds.sources.evidence(claim, order) if claim.stems else []
    entailing = max(filter(scorer().entails, found), key=lambda each: scorer().probability(each.features), default=None)
    if entailing:
        return Support.ENTAILED, (_cite_window(entailing, grounds),), ()
    if _says_variable(claim, grounds):
        return Support.VARIABLE, (), ()
    if _is_courtesy(claim):
        return Support.COURTESY, (), ()
    return Support.UNSUPPORTED, (), _unbacked(claim, found, grounds)


def _in_order(grounds: Grounds, named: Sequence[int]) -> list[int]:
    """Return all passages' places, those that the model named first: a wrong marker must not hide the right passage."""
    first = [number - 1 for number in dict.fromkeys(named) if 0 < number <= len(grounds.passages)]
    return first + [place for place in range(len(grounds.passages)) if place not in first]


def _quote(claim: Statement, order: Sequence[int], grounds: Grounds) -> Citation | None:
    if len(claim.stems) < 2:  # noqa: PLR2004 - one word alone is found everywhere and proves nothing
        return None
    for place in order:
        passage = grounds.passages[place]
        if not grounds.sources.may_say(claim, place):
            continue
        located = plain(passage.text).locate(claim.text)
        if located and _is_whole(passage.text, *located, grounds.frame.language):
            return cite(passage, *located)
    return None


def _is_whole(text: str, start: int, end: int, language: str) -> bool:
    """Whether the quote leaves out nothing of its sentence that turns it: "not", "only", "unless"."""
    inside = [(first, last) for first, last in split_sentences(text) if first < end and start < last]
    left_out = strip_markdown(f"{text[inside[0][0] : start]} … {text[end : inside[-1][1]]}") if inside else ""
    return not turns_what_follows(left_out, language)


def _cite_window(found: Evidence, grounds: Grounds) -> Citation:
    passage = next(each for each in grounds.passages if source_of(each, grounds.frame.language) is found.window.source)
    return cite(passage, found.window.start, found.window.end)


def _says_variable(claim: Statement, grounds: Grounds) -> bool:
    says = any(fold(variable.text) in fold(claim.text) for variable in grounds.variables)
    beside = claim.stem_set - grounds.variable_words.stem_set
    return says and not any(grounds.sources.unbacked(claim, None)) and len(beside) <= _MAX_STEMS_BESIDE_VARIABLES


def admits(claim: Statement) -> bool:
    """Whether a sentence says that we do not know."""
    return bool(_ADMISSION.match(level(claim.text)))


def _is_courtesy(claim: Statement) -> bool:
    if admits(claim):
        return True
    short = len(claim.stems) <= _MAX_COURTESY_STEMS
    return short and not claim.values and bool(_COURTESY.search(fold(claim.text)))


def _unbacked(claim: Statement, found: Sequence[Evidence], grounds: Grounds) -> tuple[str, ...]:
    """Return the values that the window which comes nearest does not say either."""
    near = [each for each in found if each.features[0] >= found[0].features[0] - _AS_NEAR]
    nearest = min(near, key=lambda each: len(each.unbacked), default=None)
    missing = nearest.unbacked if nearest else grounds.sources.unbacked(claim, None)
    return tuple(dict.fromkeys(value.written for value in missing))


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
