"""Where one reviewer sits in one queue: the reply in hand, what was said of it, and what comes next."""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request, Response

from service.assembly import Services
from service.deps import DeskDep, ServicesDep
from service.domain import LoggedReply
from service.errors import NotFoundError, PromptError, ReservationLostError, ServiceError
from service.review.desk import ReviewDesk
from service.review.queues import Draft, Item, Progress
from service.review.sessions import agreement_of, session_of
from service.review.statistics.intervals import FEW
from service.review.verdicts import Judgement, Queue, Review
from service.web.review.form import ReviewForm, reviewer_of
from service.web.shown.masks import masked
from service.web.shown.personal import Personal
from service.web.shown.reply import ReplyView
from service.web.view import View, ViewDep


@dataclass(frozen=True, slots=True)
class Table:
    """Where one reviewer sits in one queue."""

    view: View
    queue: Queue
    reviewer: str
    services: Services
    desk: ReviewDesk

    async def next(self) -> Item | None:
        """Reserve the queue's next reply; None when none is left."""
        return await self.services.review_queues.next(self.queue, self.reviewer)

    async def item(self, reply_id: str) -> Item:
        """Return what the reviewer holds or has judged; NotFoundError for a reply that the visitor does not see."""
        await self.services.reply_log.get(reply_id)
        return await self.services.review_queues.item(self.queue, reply_id, self.reviewer)

    async def take(self, reply_id: str, form: ReviewForm, judgement: Judgement | None) -> None:
        """Save the judgement, or else skip the reply or keep what was typed."""
        await self.services.reply_log.get(reply_id)
        queues = self.services.review_queues
        if judgement:
            await self.desk.judge(reply_id, self.reviewer, judgement, self.queue)
        elif form.do == "skip":
            await queues.skip(self.queue, reply_id, self.reviewer)
        else:
            await queues.keep(self.queue, reply_id, self.reviewer, form.draft)

    async def reveal(self, reply_id: str, form: ReviewForm) -> Response:
        """Show the reply with its personal values, this once, and keep what was typed; never on a second reading."""
        if self.queue is Queue.DOUBLE:
            raise NotFoundError("Personal values stay hidden where a reply is read blind.")
        item = await self.item(reply_id)
        draft = form.typed((await self.desk.reveal(reply_id)).reply.text)
        if item.review_id is None:
            await self.services.review_queues.keep(self.queue, reply_id, self.reviewer, draft)
            item = replace(item, draft=draft)
        return await self.show(item, is_open=True)

    async def show(self, item: Item, *, told: str = "", is_open: bool = False) -> Response:
        own = await self.services.reviews.of_item(item.review_id) if item.review_id else None
        before, after = await self.services.review_queues.neighbours(item, self.reviewer)
        return await self._page(
            item.reply_id, _said(own) or item.draft, item=item, own=own, told=told, before=before, after=after,
            is_open=is_open,
        )  # fmt: skip

    async def failed(self, reply_id: str, form: ReviewForm, error: ServiceError) -> Response:
        """Show the typed text again, and why it was not saved."""
        problem = self.view.t(f"error.{error.type}", default=self.view.t("error.other"))
        lost = isinstance(error, ReservationLostError)
        return await self._page(reply_id, form.draft, status=error.status, problem=problem, lost=lost)

    async def finished(self, told: str) -> Response:
        mine = await self.services.reviews.newest(self.reviewer, self.queue)
        return self.view.page(
            "review_done.html",
            here="review",
            queue=self.queue,
            progress=await self.services.review_queues.progress(self.queue, self.reviewer),
            mine=len(mine),
            session=session_of(mine),
            agreement=agreement_of(await self.services.reviews.beside_others(self.reviewer)),
            least=FEW,
            told=told,
        )

    async def _page(  # noqa: PLR0913 - what the page shows
        self,
        reply_id: str,
        draft: Draft,
        *,
        status: int = 200,
        item: Item | None = None,
        own: Review | None = None,
        told: str = "",
        problem: str = "",
        lost: bool = False,
        before: str | None = None,
        after: str | None = None,
        is_open: bool = False,
    ) -> Response:
        logged = await (self.services.reply_log.get(reply_id) if is_open else self._logged(reply_id))
        place = f"/review/{self.queue.value}/{reply_id}"
        offered = f"{place}/reveal" if item and self.queue is not Queue.DOUBLE else ""
        personal = Personal.of(logged, reveal=offered, hide=place if is_open else "")
        progress: Progress = await self.services.review_queues.progress(self.queue, self.reviewer)
        return self.view.page(
            "review_item.html", status, here="review", queue=self.queue, shown=ReplyView.of(logged, personal=personal),
            reasons=await self.desk.reasons(logged.reply.brand), draft=draft, item=item, own=own, told=told,
            problem=problem, lost=lost, before=before, after=after, progress=progress, shown_at=time.time(),
            action=place,
        )  # fmt: skip

    async def _logged(self, reply_id: str) -> LoggedReply:
        logged = await self.services.reply_log.get(reply_id)
        with suppress(NotFoundError, PromptError):
            return masked(logged, await self.services.prompts.brand(logged.reply.brand))
        return logged


async def _table(queue: Queue, request: Request, view: ViewDep, services: ServicesDep, desk: DeskDep) -> Table:
    if queue is Queue.REPLY:
        raise NotFoundError("There is no such queue.")
    return Table(view, queue, reviewer_of(request), services, desk)


TableDep = Annotated[Table, Depends(_table)]


def _said(review: Review | None) -> Draft | None:
    if review is None:
        return None
    said = review.judgement
    return Draft(reasons=said.reasons, note=said.note, correction=said.correction)
