"""Adding articles: files are uploaded and read, what would change is shown, and then it is done or left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from json import dumps
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from fastapi.sse import format_sse_event
from starlette.datastructures import UploadFile

from service.api.ingests import apply_noted
from service.api.uploads import MAX_FILES, Upload
from service.assembly import Services
from service.deps import CallerDep, ServicesDep
from service.knowledge.ingesting.jobs import IngestJob, JobState
from service.knowledge.ingesting.plan import Plan
from service.web.knowledge.place import place_of
from service.web.messages.knowledge.refusals import in_words
from service.web.routes import PageRoute
from service.web.view import View, ViewDep

router = APIRouter(prefix="/knowledge", route_class=PageRoute, include_in_schema=False)

_LISTED = 100
_LOOKED_EVERY_S = 0.25


@router.get("/add")
async def show_upload(view: ViewDep, services: ServicesDep, brand: str = "") -> Response:
    """Show the form."""
    return await _form(view, services, brand)


@router.post("/uploads")
async def take_upload(request: Request, view: ViewDep, services: ServicesDep) -> Response:
    """Take the files, begin to read them, and go where their plan will be."""
    sent = await request.form()
    brand, whole = str(sent.get("brand") or ""), bool(sent.get("whole"))
    services.prompt_files.check_brand(brand)
    files = [each for each in sent.getlist("files") if isinstance(each, UploadFile) and each.filename]
    if not files or len(files) > MAX_FILES:
        wrong = view.t("add.too_many", n=MAX_FILES) if files else view.t("add.no_files")
        return await _form(view, services, brand, wrong, 422)
    languages = (await services.prompts.brand(brand)).languages
    upload = await Upload.of(files)

    async def plan(job: IngestJob) -> Plan:
        try:
            read = job.counted(upload.read(brand))
            return await services.ingest.plan_articles(read, brand, delete_missing=whole, languages=languages)
        finally:
            await asyncio.to_thread(upload.close)

    job = services.ingest_jobs.begin(brand, plan)
    return RedirectResponse(f"/knowledge/ingests/{job.id}", 303)


@router.get("/ingests/{job_id}")
async def show_ingest(job_id: str, view: ViewDep, services: ServicesDep) -> Response:
    """Show the plan, how far it is, or what was done."""
    job = _job(services, job_id)
    return view.page(
        "knowledge/ingest.html",
        here="knowledge",
        tab="add",
        place=await place_of(services, job.brand),
        job=job,
        step=told(view, job),
        lists=_lists(job),
        listed=_LISTED,
        in_words=lambda reason: in_words(view.language, reason),
    )


@router.post("/ingests/{job_id}")
async def decide(
    job_id: str, services: ServicesDep, caller: CallerDep, do: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Apply the plan, or forget it."""
    job = _job(services, job_id)
    if do == "discard":
        services.ingest_jobs.drop(job)
        return RedirectResponse((await place_of(services, job.brand)).address("/add"), 303)
    services.ingest_jobs.apply(job, lambda plan, tell: apply_noted(services, plan, caller, tell))
    return RedirectResponse(f"/knowledge/ingests/{job.id}", 303)


@router.get("/ingests/{job_id}/progress")
async def stream_progress(job_id: str, view: ViewDep, services: ServicesDep) -> Response:
    """Tell how far it is as server-sent events: `progress` in words, then `ended`."""
    return StreamingResponse(_steps(view, _job(services, job_id)), media_type="text/event-stream")


def told(view: View, job: IngestJob) -> dict[str, Any]:
    """Return how far the job is: `words`, and `done` of `total` where that is known."""
    if job.state is JobState.READING or job.progress is None:
        counted = view.t("job.read", n=job.articles_read) if job.articles_read else ""
        return {"words": counted, "done": None, "total": None}
    step = job.progress
    words = [f"{view.t(f'job.stage.{step.stage}')} {step.done} / {step.total}"]
    if step.rate:
        words.append(view.t("job.rate", n=view.number(step.rate, 0)))
    if step.seconds_left:
        words.append(view.t("job.left", left=view.span(step.seconds_left)))
    return {"words": " · ".join(words), "done": step.done, "total": step.total}


async def _steps(view: View, job: IngestJob) -> AsyncIterator[bytes]:
    before: dict[str, Any] = {}
    while job.is_busy:
        if (now := told(view, job)) != before:
            before = now
            yield format_sse_event(event="progress", data_str=dumps(now))
        with suppress(TimeoutError):
            await asyncio.wait_for(job.idle.wait(), _LOOKED_EVERY_S)
    yield format_sse_event(event="ended", data_str=dumps({"state": job.state}))


def _job(services: Services, job_id: str) -> IngestJob:
    """Return the job; one of a brand that the visitor does not see is as unknown as one that never was."""
    job = services.ingest_jobs.get(job_id)
    services.prompt_files.check_brand(job.brand)
    return job


def _lists(job: IngestJob) -> dict[str, tuple[str, ...]]:
    """Return the sources that change, by what becomes of them."""
    if job.report:
        report = job.report
        return {name: getattr(report, name) for name in ("added", "changed", "removed", "missing")}
    if job.plan is None:
        return {}
    plan = job.plan
    return {
        "added": tuple(version.article.source for version in plan.added),
        "changed": tuple(version.article.source for version in plan.changed),
        "removed": plan.removed,
        "missing": () if plan.removed else plan.missing,
    }


async def _form(view: View, services: Services, brand: str, wrong: str = "", status: int = 200) -> Response:
    return view.page(
        "knowledge/add.html",
        status,
        here="knowledge",
        tab="add",
        place=await place_of(services, brand),
        wrong=wrong,
        megabytes=services.settings.max_ingest_bytes // 1_000_000,
    )
