"""Pinned answers: a verified answer takes the chat model's place when the question is asked in nearly its words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from service.domain import ChatModelRef, Passage, ReasonCode, RelevantPassage
from service.knowledge.ingesting.figures import Claims, contradiction
from service.prompting.answers import VerifiedAnswer
from service.replies.draft import Draft
from service.replies.question.searching import Finder
from service.replies.text.words import fold

log = structlog.get_logger()

PINNED = "pinned"
_ALIKE = 0.8
"""Share of common words (Jaccard) from which on a question is asked in a verified one's words."""
_TURNING = frozenset({"ne", "n", "pas", "plus", "jamais", "sans", "not", "no", "never", "without", "t", "cannot"})


@dataclass(frozen=True, slots=True)
class PinnedConflict:
    answer: str
    owner: str
    article: str
    """Source of the article that says otherwise."""
    quotes: tuple[str, str]
    """Of the answer, and of the article."""


def pin(draft: Draft, answers: Mapping[str, VerifiedAnswer]) -> str | None:
    """
    Return the verified answer to *draft*'s question, or None; it becomes the draft's first passage and only source.

    An expired answer never answers. A figure that another found passage gives differently is a reason for a review.
    """
    found = _asked(draft, answers)
    if found is None:
        return None
    name, answer = found
    if answer.expires < datetime.now(UTC).date():
        log.warning("pinned_answer.expired", brand=draft.ticket.brand, answer=name, expired=str(answer.expires))
        return None
    text = answer.written(draft.language, {variable.name: variable.text for variable in draft.variables})
    if text is None:
        draft.note(ReasonCode.VARIABLE_MISSING, "A verified answer needs a value that was not sent.")
        return None
    _put_first(draft, name, answer.asked[draft.language][0], text)
    return text


async def conflicts(brand: str, answers: Mapping[str, VerifiedAnswer], finder: Finder) -> tuple[PinnedConflict, ...]:
    """Return where a verified answer and a passage found for its question give different figures, by answer."""
    found: list[PinnedConflict] = []
    for name, answer in sorted(answers.items()):
        for language, text in answer.answer.items():
            question = next(iter(answer.asked.get(language, ())), "")
            if not question:
                continue
            pinned = _passage(brand, name, question, text, language)
            passages = [each.passage for each in (await finder.find(brand, question, language=language)).passages]
            found += [
                PinnedConflict(name, answer.owner, passage.article, quotes)
                for passage in passages
                if (quotes := _disagreement(pinned, passage))
            ]
    return tuple(dict.fromkeys(found))


def _asked(draft: Draft, answers: Mapping[str, VerifiedAnswer]) -> tuple[str, VerifiedAnswer] | None:
    wanted = _words(draft.question)
    nearest = [
        (_likeness(wanted, _words(phrase)), name)
        for name, answer in answers.items()
        for phrase in answer.asked.get(draft.language, ())
    ]
    likeness, name = max(nearest, default=(0.0, ""))
    return (name, answers[name]) if likeness >= _ALIKE else None


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    turned = (one ^ other) & _TURNING or any(word.isdigit() for word in one ^ other)
    return 0.0 if turned or not one else len(one & other) / len(one | other)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(text)))


def _put_first(draft: Draft, name: str, question: str, text: str) -> None:
    passage = _passage(draft.ticket.brand, name, question, text, draft.language)
    if any(_disagreement(passage, found.passage) for found in draft.finding.passages):
        draft.note(ReasonCode.ANSWERS_DISAGREE, "The verified answer and an article give different figures.")
        log.warning("pinned_answer.contradicted", brand=draft.ticket.brand, answer=name)
    found = (RelevantPassage(passage=passage, relevance=1.0), *draft.finding.passages)
    draft.finding = replace(draft.finding, passages=found, answerability=1.0)
    draft.chat_model = ChatModelRef(provider=PINNED, name=name)


def _passage(brand: str, name: str, question: str, text: str, language: str) -> Passage:
    article = f"answers/{brand}.yaml#{name}"
    return Passage(
        id=Passage.make_id(brand, article, "", text),
        brand=brand,
        article=article,
        title=question,
        heading="",
        text=text,
        position=0,
        start=0,
        language=language,
    )


def _disagreement(answer: Passage, article: Passage) -> tuple[str, str] | None:
    """Return the two that give one thing two figures; an article of unknown language is read in the answer's."""
    if article.language not in {None, answer.language}:
        return None
    return contradiction(Claims(answer), Claims(replace(article, language=answer.language)))
