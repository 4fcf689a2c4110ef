"""The pages of review: the queues, and one reply and one decision at a time. They work without JavaScript."""

import time
from contextlib import suppress
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.deps import AuditDep, CallerDep, DeskDep, PromptsDep, ReplyLogDep, ReviewQueuesDep, ReviewsDep, SamplerDep
from service.domain import LoggedReply
from service.errors import NotFoundError, PromptError, ReservationLostError, ServiceError
from service.prompting.versions.kept import PromptVersions
from service.reply_log.store import ReplyLog
from service.review.desk import ReviewDesk
from service.review.queues import Draft, Item, Progress, ReviewQueues
from service.review.reviews import Reviews
from service.review.sessions import agreement_of, session_of
from service.review.statistics.intervals import FEW
from service.review.verdicts import QUEUES, Queue, Review
from service.web.review.form import ReviewForm, remember, reviewer_of
from service.web.routes import PageRoute
from service.web.shown.masks import masked
from service.web.shown.reply import ReplyView
from service.web.view import View, ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_DRAWN = 25


@router.get("/review")
async def show_queues(request: Request, view: ViewDep, queues: ReviewQueuesDep, drawn: str = "") -> Response:
    """Show the queues and how much each holds."""
    reviewer = reviewer_of(request)
    rows = [(queue, await queues.progress(queue, reviewer)) for queue in QUEUES]
    page = view.page("review.html", here="review", rows=rows, drawn=drawn if drawn.isdecimal() else "")
    return remember(request, page, reviewer)


@router.post("/review/draw")
async def draw_sample(request: Request, sampler: SamplerDep, audit: AuditDep, caller: CallerDep) -> Response:
    """Draw more replies into the sample queue."""
    size = str((await request.form()).get("size", _DRAWN))
    draw = await sampler.draw(min(int(size), 500) if size.isdecimal() and int(size) else _DRAWN)
    await audit.note("sample.drawn", f"{draw.drawn} replies", who=caller, brand=caller.only_brand)
    return RedirectResponse(f"/review?drawn={draw.drawn}", 303)


@router.post("/review/undo")
async def undo(request: Request, desk: DeskDep) -> Response:
    """Take the newest verdict back and show its reply again, with all that was typed."""
    undone = await desk.undo(reviewer_of(request))
    if undone.queue is Queue.REPLY:
        return RedirectResponse(f"/replies/{undone.reply_id}?undone=1#judging", 303)
    return RedirectResponse(f"/review/{undone.queue.value}/{undone.reply_id}?undone=1", 303)


@router.get("/review/{queue}")
async def show_next(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    queue: Queue,
    request: Request,
    view: ViewDep,
    queues: ReviewQueuesDep,
    reviews: ReviewsDep,
    desk: DeskDep,
    reply_log: ReplyLogDep,
    prompts: PromptsDep,
    saved: str = "",
) -> Response:
    """Reserve the queue's next reply and show it; at the end, what was done."""
    reviewer = reviewer_of(request)
    table = _Table(view, queue, reviewer, queues, reviews, desk, reply_log, prompts)
    item = await queues.next(_known(queue), reviewer)
    told = view.t("review.saved") if saved else ""
    page = await (table.show(item, told=told) if item else table.finished(told))
    return remember(request, page, reviewer)


@router.get("/review/{queue}/{reply_id}")
async def show_item(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    queue: Queue,
    reply_id: str,
    request: Request,
    view: ViewDep,
    queues: ReviewQueuesDep,
    reviews: ReviewsDep,
    desk: DeskDep,
    reply_log: ReplyLogDep,
    prompts: PromptsDep,
    undone: str = "",
) -> Response:
    """Show a reply that the reviewer holds or has judged, with what was said of it."""
    reviewer = reviewer_of(request)
    table = _Table(view, queue, reviewer, queues, reviews, desk, reply_log, prompts)
    await reply_log.get(reply_id)
    item = await queues.item(_known(queue), reply_id, reviewer)
    return await table.show(item, told=view.t("review.undone") if undone else "")


@router.post("/review/{queue}/{reply_id}")
async def judge(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    queue: Queue,
    reply_id: str,
    request: Request,
    view: ViewDep,
    queues: ReviewQueuesDep,
    reviews: ReviewsDep,
    desk: DeskDep,
    reply_log: ReplyLogDep,
    prompts: PromptsDep,
) -> Response:
    """Save the verdict and go on; when that is not possible, show what was typed and why."""
    reviewer, form = reviewer_of(request), ReviewForm.of(await request.form())
    table = _Table(view, queue, reviewer, queues, reviews, desk, reply_log, prompts)
    judgement = form.judgement()
    await reply_log.get(reply_id)
    try:
        if judgement:
            await desk.judge(reply_id, reviewer, judgement, _known(queue))
        elif form.do == "skip":
            await queues.skip(queue, reply_id, reviewer)
        else:
            await queues.keep(queue, reply_id, reviewer, form.draft)
    except ServiceError as exc:
        return await table.failed(reply_id, form, exc)
    if form.do == "draft":
        return Response(status_code=204)
    return RedirectResponse(f"/review/{queue.value}" + ("?saved=1" if judgement else ""), 303)


@router.post("/replies/{reply_id}/review")
async def judge_reply(reply_id: str, request: Request, desk: DeskDep) -> Response:
    """Save a verdict that was given on the reply's own page."""
    reviewer, form = reviewer_of(request), ReviewForm.of(await request.form())
    judgement = form.judgement()
    if judgement:
        await desk.judge(reply_id, reviewer, judgement)
    return remember(request, RedirectResponse(f"/replies/{reply_id}#reviews", 303), reviewer)


def _known(queue: Queue) -> Queue:
    if queue is Queue.REPLY:
        raise NotFoundError("There is no such queue.")
    return queue


@dataclass(frozen=True, slots=True)
class _Table:
    """Where one reviewer sits in one queue."""

    view: View
    queue: Queue
    reviewer: str
    queues: ReviewQueues
    reviews: Reviews
    desk: ReviewDesk
    reply_log: ReplyLog
    prompts: PromptVersions

    async def show(self, item: Item, *, told: str = "") -> Response:
        own = await self.reviews.of_item(item.review_id) if item.review_id else None
        before, after = await self.queues.neighbours(item, self.reviewer)
        return await self._page(
            item.reply_id, _said(own) or item.draft, item=item, own=own, told=told, before=before, after=after
        )

    async def failed(self, reply_id: str, form: ReviewForm, error: ServiceError) -> Response:
        """Show the typed text again, and why it was not saved."""
        problem = self.view.t(f"error.{error.type}", default=self.view.t("error.other"))
        lost = isinstance(error, ReservationLostError)
        return await self._page(reply_id, form.draft, status=error.status, problem=problem, lost=lost)

    async def finished(self, told: str) -> Response:
        mine = await self.reviews.newest(self.reviewer, self.queue)
        return self.view.page(
            "review_done.html",
            here="review",
            queue=self.queue,
            progress=await self.queues.progress(self.queue, self.reviewer),
            mine=len(mine),
            session=session_of(mine),
            agreement=agreement_of(await self.reviews.beside_others(self.reviewer)),
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
    ) -> Response:
        logged = await self._logged(reply_id)
        progress: Progress = await self.queues.progress(self.queue, self.reviewer)
        return self.view.page(
            "review_item.html", status, here="review", queue=self.queue, shown=ReplyView.of(logged),
            reasons=await self.desk.reasons(logged.reply.brand), draft=draft, item=item, own=own, told=told,
            problem=problem, lost=lost, before=before, after=after, progress=progress, shown_at=time.time(),
            action=f"/review/{self.queue.value}/{reply_id}",
        )  # fmt: skip

    async def _logged(self, reply_id: str) -> LoggedReply:
        logged = await self.reply_log.get(reply_id)
        with suppress(NotFoundError, PromptError):
            return masked(logged, await self.prompts.brand(logged.reply.brand))
        return logged


def _said(review: Review | None) -> Draft | None:
    if review is None:
        return None
    said = review.judgement
    return Draft(reasons=said.reasons, note=said.note, correction=said.correction)
