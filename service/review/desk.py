"""The review desk: what the pages, the API and the command line do with reviews and outcomes, by the same rules."""

from dataclasses import replace

import structlog

from service.domain import LoggedReply
from service.errors import InvalidInputError, NotFoundError, Pointer, PromptError
from service.prompting.versions.kept import PromptVersions
from service.replies.privacy.filling import spoken
from service.reply_log.store import ReplyLog
from service.review.outcomes import Outcome, Outcomes
from service.review.reviews import Reviews
from service.review.statistics.edits import edit_distance
from service.review.verdicts import Judgement, Queue, Review, reasons_of

log = structlog.get_logger()


class ReviewDesk:
    def __init__(self, reply_log: ReplyLog, prompts: PromptVersions, reviews: Reviews, outcomes: Outcomes) -> None:
        self._reply_log = reply_log
        self._prompts = prompts
        self._reviews = reviews
        self._outcomes = outcomes

    async def reasons(self, brand: str) -> tuple[str, ...]:
        """Return the reasons that the brand's reviewers choose from; the usual ones when the brand is gone."""
        try:
            return reasons_of((await self._prompts.brand(brand)).review_reasons)
        except (NotFoundError, PromptError):
            return reasons_of(())

    async def judge(self, reply_id: str, reviewer: str, judgement: Judgement, queue: Queue = Queue.REPLY) -> Review:
        """
        Save a reviewer's judgement of a reply; a correction that says what the reply says is none.

        Raises:
            NotFoundError: There is no such reply, or its words were erased.
            InvalidInputError: A reason is none of the brand's.
            ReservationLostError: The reply is in other hands; nothing was saved.
        """
        logged = await self._reply(reply_id)
        offered = await self.reasons(logged.reply.brand)
        if not set(judgement.reasons) <= set(offered):
            place = Pointer("/reasons", f"choose of: {', '.join(offered)}")
            raise InvalidInputError("A reason is none of the brand's.", (place,))
        correction = judgement.correction.strip()
        # The pages show placeholders, the API the values: either way the reply's own words are no correction.
        own = {logged.reply.text.strip(), spoken(logged).text.strip()}
        changed = "" if correction in own else correction
        reasons = tuple(each for each in offered if each in judgement.reasons)
        kept = replace(judgement, correction=changed, reasons=reasons)
        review = await self._reviews.save(reply_id, reviewer, kept, queue)
        log.info(
            "review.saved", reply_id=reply_id, review_id=review.id, queue=review.queue.value,
            verdict=kept.verdict.value, reasons=list(kept.reasons), corrected=bool(changed),
        )  # fmt: skip
        return review

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
        return outcome

    async def _reply(self, reply_id: str) -> LoggedReply:
        logged = await self._reply_log.get(reply_id)
        if logged.erased_at:
            raise NotFoundError("The words of this reply were erased.")
        return logged
