"""Pinned answers: a verified answer takes the chat model's place when the question is asked in nearly its words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from service.domain import ChatModelRef, Passage, ReasonCode, RelevantPassage
from service.knowledge.ingesting.figures import Claims, contradiction
from service.prompting.answers import VerifiedAnswer
from service.replies.draft import Draft
from service.replies.words import fold

log = structlog.get_logger()

PINNED = "pinned"
_ALIKE = 0.8
"""Share of common words (Jaccard) from which on a question is asked in a verified one's words."""
_TURNING = frozenset({"ne", "n", "pas", "plus", "jamais", "sans", "not", "no", "never", "without", "t", "cannot"})


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
    brand, article = draft.ticket.brand, f"answers/{draft.ticket.brand}.yaml#{name}"
    passage = Passage(
        id=Passage.make_id(brand, article, "", text),
        brand=brand,
        article=article,
        title=question,
        heading="",
        text=text,
        position=0,
        start=0,
        language=draft.language,
    )
    if any(_disagree(passage, found.passage) for found in draft.finding.passages):
        draft.note(ReasonCode.ANSWERS_DISAGREE, "The verified answer and an article give different figures.")
        log.warning("pinned_answer.contradicted", brand=brand, answer=name)
    found = (RelevantPassage(passage=passage, relevance=1.0), *draft.finding.passages)
    draft.finding = replace(draft.finding, passages=found, answerability=1.0)
    draft.chat_model = ChatModelRef(provider=PINNED, name=name)


def _disagree(answer: Passage, article: Passage) -> bool:
    """Whether they give one thing two figures; an article of unknown language is read in the answer's."""
    if article.language not in {None, answer.language}:
        return False
    return contradiction(Claims(answer), Claims(replace(article, language=answer.language))) is not None
