"""The review desk: what the pages, the API and the command line do with reviews and outcomes, by the same rules."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Self

import structlog

from service.access.audit import AuditLog
from service.access.callers import LOCAL, Caller
from service.domain import LoggedReply
from service.errors import AccessError, InvalidInputError, NotFoundError, Pointer, PromptError
from service.prompting.versions.kept import PromptVersions
from service.replies.privacy.filling import spoken
from service.reply_log.store import ReplyLog
from service.review.outcomes import Outcome, Outcomes
from service.review.reviews import Reviews
from service.review.statistics.edits import edit_distance
from service.review.verdicts import Judgement, Queue, Review, reasons_of

log = structlog.get_logger()


class ReviewDesk:
    def __init__(  # noqa: PLR0913, PLR0917 - the parts of the desk
        self,
        reply_log: ReplyLog,
        prompts: PromptVersions,
        reviews: Reviews,
        outcomes: Outcomes,
        audit: AuditLog,
        who: Caller = LOCAL,
    ) -> None:
        """Take the parts; what is changed is noted as *who*'s doing."""
        self._reply_log = reply_log
        self._prompts = prompts
        self._reviews = reviews
        self._outcomes = outcomes
        self._audit = audit
        self._who = who

    def of(self, who: Caller) -> Self:
        """Return the same desk for *who* sits at it."""
        sitting = copy(self)
        sitting._who = who  # noqa: SLF001 - a copy of our own kind
        return sitting

    async def reasons(self, brand: str) -> tuple[str, ...]:
        """Return the reasons that the brand's reviewers choose from; the usual ones when the brand is gone."""
        try:
            return reasons_of((await self._prompts.brand(brand)).review_reasons)
        except (NotFoundError, PromptError):
            return reasons_of(())

    async def checked(self, brand: str, given: Sequence[str]) -> tuple[str, ...]:
        """Return the reasons that were *given* in the brand's order; InvalidInputError when one is none of its own."""
        offered = await self.reasons(brand)
        if not set(given) <= set(offered):
            place = Pointer("/reasons", f"choose of: {', '.join(offered)}")
            raise InvalidInputError("A reason is none of the brand's.", (place,))
        return tuple(each for each in offered if each in given)

    async def judge(self, reply_id: str, reviewer: str, judgement: Judgement, queue: Queue = Queue.REPLY) -> Review:
        """
        Save a reviewer's judgement of a reply; a correction that says what the reply says is none.

        Raises:
            NotFoundError: There is no such reply, or its words were erased.
            InvalidInputError: A reason is none of the brand's.
            ReservationLostError: The reply is in other hands; nothing was saved.
        """
        logged = await self._reply(reply_id)
        reasons = await self.checked(logged.reply.brand, judgement.reasons)
        correction = judgement.correction.strip()
        # The pages show placeholders, the API the values: either way the reply's own words are no correction.
        own = {logged.reply.text.strip(), spoken(logged).text.strip()}
        changed = "" if correction in own else correction
        kept = replace(judgement, correction=changed, reasons=reasons)
        review = await self._reviews.save(reply_id, reviewer, kept, queue)
        log.info(
            "review.saved", reply_id=reply_id, review_id=review.id, queue=review.queue.value,
            verdict=kept.verdict.value, reasons=list(kept.reasons), corrected=bool(changed),
        )  # fmt: skip
        await self._note("review.saved", logged, _told(review))
        return review

    async def undo(self, reviewer: str) -> Review:
        """Take back the reviewer's newest review, and return it; NotFoundError when there is none."""
        review = await self._reviews.undo(reviewer)
        log.info("review.undone", reply_id=review.reply_id, review_id=review.id)
        await self._note("review.undone", await self._reply_log.get(review.reply_id), _told(review))
        return review

    async def reveal(self, reply_id: str) -> LoggedReply:
        """
        Return the reply for who wants to see its personal values; the audit log knows of it before they do.

        Raises:
            NotFoundError: There is no such reply, or its words were erased.
            AccessError: The audit log cannot be written.
        """
        logged = await self._reply(reply_id)
        try:
            await self._note("reply.revealed", logged, "")
        except AccessError as exc:
            raise AccessError("The values stay hidden: the audit log could not be written.") from exc
        log.info("reply.revealed", reply_id=reply_id, values=len(logged.personal))
        return logged

    async def put_outcome(self, reply_id: str, outcome: Outcome) -> Outcome:
        """
        Save what became of a reply, and return it with its edit distance; a sent text says whether it was edited.

        Raises:
            NotFoundError: There is no such reply, or its words were erased.
        """
        logged = await self._reply(reply_id)
        if outcome.sent_text is not None:
            # What was sent names the customer; the log holds a placeholder for the name.
            distance = edit_distance(outcome.sent_text, spoken(logged).text)
            outcome = replace(outcome, edit_distance=distance, edited=distance > 0)
        elif outcome.edited is False:
            outcome = replace(outcome, edit_distance=0.0)
        await self._outcomes.put(reply_id, outcome)
        log.info("outcome.saved", reply_id=reply_id, edit_distance=outcome.edit_distance, csat=outcome.csat)
        await self._note("outcome.saved", logged, "" if outcome.sent_text is None else "with the text that was sent")
        return outcome

    async def _note(self, action: str, logged: LoggedReply, detail: str) -> None:
        await self._audit.note(action, logged.reply.id, who=self._who, brand=logged.reply.brand, detail=detail)

    async def _reply(self, reply_id: str) -> LoggedReply:
        logged = await self._reply_log.get(reply_id)
        if logged.erased_at:
            raise NotFoundError("The words of this reply were erased.")
        return logged


def _told(review: Review) -> str:
    """Say of a review what holds none of its words."""
    said = review.judgement
    reasons = f" ({' '.join(said.reasons)})" if said.reasons else ""
    corrected = ", corrected" if said.correction else ""
    return f"{review.reviewer}: {said.verdict.value}{reasons}{corrected}, from {review.queue.value}"
