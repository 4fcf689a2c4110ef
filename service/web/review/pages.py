"""The pages of review: the queues, and one reply and one decision at a time. They work without JavaScript."""

import re

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.deps import AuditDep, CallerDep, DeskDep, PickerDep, ReviewQueuesDep, SamplerDep
from service.errors import NotFoundError, ServiceError
from service.review.picking import MOST
from service.review.verdicts import QUEUES, Queue
from service.web.review.form import ReviewForm, remember, reviewer_of
from service.web.review.table import TableDep
from service.web.routes import PageRoute
from service.web.view import ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_DRAWN = 25
_FIGURE = re.compile(r"[0-9]{1,5}")


@router.get("/review")
async def show_queues(view: ViewDep, queues: ReviewQueuesDep) -> Response:
    """Show the queues and how much each holds."""
    reviewer = reviewer_of(view.request)
    rows = [(queue, await queues.progress(queue, reviewer)) for queue in QUEUES]
    asked = {name: view.request.query_params.get(name, "") for name in ("drawn", "picked", "left")}
    told = {name: value if _FIGURE.fullmatch(value) else "" for name, value in asked.items()}
    return remember(view.request, view.page("review.html", here="review", rows=rows, told=told), reviewer)


@router.post("/review/draw")
async def draw_sample(request: Request, sampler: SamplerDep, audit: AuditDep, caller: CallerDep) -> Response:
    """Draw more replies into the sample queue."""
    size = str((await request.form()).get("size", _DRAWN))
    draw = await sampler.draw(min(int(size), 500) if size.isdecimal() and int(size) else _DRAWN)
    await audit.note("sample.drawn", f"{draw.drawn} replies", who=caller, brand=caller.only_brand)
    return RedirectResponse(f"/review?drawn={draw.drawn}", 303)


@router.post("/review/pick")
async def pick(request: Request, picker: PickerDep, caller: CallerDep) -> Response:
    """Put the replies that were selected in the log into the queue of picked ones; none when none was selected."""
    selected = [str(value) for value in (await request.form()).getlist("reply")][:MOST]
    done = await picker.pick(selected, caller)
    return RedirectResponse(f"/review?picked={done.picked}&left={done.left}", 303)


@router.post("/review/undo")
async def undo(request: Request, desk: DeskDep) -> Response:
    """Take the newest verdict back and show its reply again, with all that was typed."""
    undone = await desk.undo(reviewer_of(request))
    if undone.queue is Queue.REPLY:
        return RedirectResponse(f"/replies/{undone.reply_id}?undone=1#judging", 303)
    return RedirectResponse(f"/review/{undone.queue.value}/{undone.reply_id}?undone=1", 303)


@router.get("/review/{queue}")
async def show_next(view: ViewDep, table: TableDep, saved: str = "") -> Response:
    """Reserve the queue's next reply and show it; at the end, what was done."""
    item = await table.next()
    told = view.t("review.saved") if saved else ""
    page = await (table.show(item, told=told) if item else table.finished(told))
    return remember(view.request, page, table.reviewer)


@router.get("/review/{queue}/{reply_id}")
async def show_item(reply_id: str, view: ViewDep, table: TableDep, undone: str = "") -> Response:
    """Show a reply that the reviewer holds or has judged, with what was said of it."""
    item = await table.item(reply_id)
    return await table.show(item, told=view.t("review.undone") if undone else "")


@router.post("/review/{queue}/{reply_id}")
async def judge(reply_id: str, request: Request, table: TableDep) -> Response:
    """Save the verdict and go on; when that is not possible, show what was typed and why."""
    form = ReviewForm.of(await request.form())
    judgement = form.judgement()
    try:
        await table.take(reply_id, form, judgement)
    except NotFoundError:
        raise
    except ServiceError as exc:
        return await table.failed(reply_id, form, exc)
    if form.do == "draft":
        return Response(status_code=204)
    return RedirectResponse(f"/review/{table.queue.value}" + ("?saved=1" if judgement else ""), 303)


@router.post("/review/{queue}/{reply_id}/reveal")
async def reveal(reply_id: str, request: Request, table: TableDep) -> Response:
    """Show a reply in hand with its personal values, and what was typed; when it is lost, why."""
    form = ReviewForm.of(await request.form())
    try:
        return await table.reveal(reply_id, form)
    except NotFoundError:
        raise
    except ServiceError as exc:
        return await table.failed(reply_id, form, exc)


@router.post("/replies/{reply_id}/review")
async def judge_reply(reply_id: str, request: Request, desk: DeskDep) -> Response:
    """Save a verdict that was given on the reply's own page."""
    reviewer, form = reviewer_of(request), ReviewForm.of(await request.form())
    judgement = form.judgement()
    if judgement:
        await desk.judge(reply_id, reviewer, judgement)
    return remember(request, RedirectResponse(f"/replies/{reply_id}#reviews", 303), reviewer)
