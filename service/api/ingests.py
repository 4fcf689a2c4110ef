"""Ingest over HTTP: articles as JSON or files as an upload; the report whole, or progress as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime
from json import dumps
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from service.access.callers import Caller
from service.api.problems import problem_responses, request_id_of, to_problem
from service.api.schemas.texts import Line, Name, clean_text
from service.api.uploads import Upload
from service.assembly import Services
from service.deps import CallerDep, ServicesDep
from service.domain import Article, Audience, Generation
from service.errors import ServiceError
from service.knowledge.ingesting.plan import Plan
from service.knowledge.ingesting.progress import OnProgress, Progress
from service.knowledge.ingesting.report import IngestReport, plan_as_json
from service.knowledge.reading import Refusal

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])

_going_on: set[asyncio.Task[IngestReport]] = set()
"""Ingests whose caller may have gone away: the event loop alone would forget them half-way."""

Source = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(clean_text)]


class ArticleIn(BaseModel):
    """One article; `source` is its stable name within the brand: the same again replaces it."""

    model_config = ConfigDict(extra="forbid")

    source: Source
    title: Line
    text: Annotated[str, StringConstraints(max_length=2_000_000), AfterValidator(clean_text)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    url: Line | None = None
    audience: Audience = Audience.PUBLIC
    product: Line | None = None
    updated: date | None = None
    owner: Line | None = None
    expires: date | None = None

    def to_article(self, brand: str) -> Article:
        return Article(brand=brand, **dict(self))


class RefusalIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: Source
    reason: Line


class IngestIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    brand: Name
    articles: Annotated[list[ArticleIn], Field(max_length=200_000)]
    refused: list[RefusalIn] = Field(default=[], description="Files that the caller could not read; kept, not missing.")
    delete_missing: bool = Field(default=False, description="The articles are all that the brand has.")
    plan: bool = Field(default=False, description="Only say what would change.")

    def read(self) -> Iterable[Article | Refusal]:
        yield from (Refusal(source=each.source, reason=each.reason) for each in self.refused)
        yield from (each.to_article(self.brand) for each in self.articles)


class GenerationOut(BaseModel):
    number: int
    created_at: datetime
    articles: int
    passages: int
    restores: int | None = Field(default=None, description="The earlier generation that a rollback brought back.")


class GenerationList(BaseModel):
    brand: str
    generations: list[GenerationOut] = Field(description="Newest first; the first one is served.")


class RollbackIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    brand: Name
    generation: Annotated[int, Field(ge=1, description="To be served again, as a new generation.")]


_PROBLEMS = problem_responses(404, 409, 413, 422, 503)


@router.post("/ingests", operation_id="ingestArticles", responses=_PROBLEMS)
async def ingest_articles(body: IngestIn, request: Request, services: ServicesDep, caller: CallerDep) -> Response:
    """Bring a brand's knowledge base to these articles; with `Accept: text/event-stream`, tell the progress."""
    languages = (await services.prompts.brand(body.brand)).languages
    plan = await services.ingest.plan_articles(
        body.read(), body.brand, delete_missing=body.delete_missing, languages=languages
    )
    return await _answer(services, plan, request, caller, plan_only=body.plan)


@router.post("/uploads", operation_id="uploadArticles", responses=_PROBLEMS)
async def upload_articles(
    request: Request,
    services: ServicesDep,
    caller: CallerDep,
    brand: Annotated[str, Form(max_length=100)],
    files: Annotated[list[UploadFile], File(description="Files in any form that the ingest reads.")],
) -> Response:
    """Read uploaded files as articles and add them; what cannot be read is in the report with its reason."""
    languages = (await services.prompts.brand(brand)).languages
    upload = await Upload.of(files)
    try:
        plan = await services.ingest.plan_articles(upload.read(brand), brand, languages=languages)
    finally:
        await asyncio.to_thread(upload.close)
    return await _answer(services, plan, request, caller, plan_only=False)


@router.delete("/articles", operation_id="deleteArticle", responses=_PROBLEMS)
async def delete_article(
    services: ServicesDep,
    caller: CallerDep,
    brand: Annotated[str, Query(max_length=100)],
    source: Annotated[str, Query(max_length=500)],
) -> Response:
    """Remove one article by its source; the next generation is without it."""
    services.prompt_files.brand_text(brand)
    report = await services.ingest.apply(await services.ingest.plan_removal([source], brand))
    await services.audit.note("article.deleted", source, who=caller, brand=brand)
    return JSONResponse(report.as_json())


@router.get("/generations", operation_id="listGenerations", responses=problem_responses(404, 422, 503))
async def list_generations(services: ServicesDep, brand: Annotated[str, Query(max_length=100)]) -> GenerationList:
    """Return the states of a brand's knowledge base after each ingest."""
    services.prompt_files.brand_text(brand)
    generations = await services.knowledge.generations(brand)
    shown = [GenerationOut.model_validate(each, from_attributes=True) for each in generations]
    return GenerationList(brand=brand, generations=shown)


@router.post("/rollbacks", operation_id="rollBack", responses=_PROBLEMS)
async def roll_back(body: RollbackIn, services: ServicesDep, caller: CallerDep) -> GenerationOut:
    """Serve an earlier generation again, at once; its articles and passages come back as they were."""
    generation = await roll_back_to(services, body.brand, body.generation, caller)
    return GenerationOut.model_validate(generation, from_attributes=True)


async def roll_back_to(services: Services, brand: str, number: int, caller: Caller) -> Generation:
    """Serve generation *number* of *brand* again, and note who wanted it; a brand that is not seen is unknown."""
    services.prompt_files.brand_text(brand)
    generation = await services.ingest.roll_back(brand, number)
    await services.audit.note("knowledge.rolled_back", str(number), who=caller, brand=brand)
    return generation


async def _answer(services: Services, plan: Plan, request: Request, caller: Caller, *, plan_only: bool) -> Response:
    streams = "text/event-stream" in request.headers.get("accept", "")
    if streams:
        told = _progress(services, plan, request_id_of(request), caller, plan_only=plan_only)
        return StreamingResponse(told, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
    if plan_only:
        return JSONResponse(plan_as_json(plan))
    return JSONResponse((await apply_noted(services, plan, caller)).as_json())


async def apply_noted(services: Services, plan: Plan, caller: Caller, tell: OnProgress | None = None) -> IngestReport:
    """Do what *plan* says, and note in the audit log who wanted it."""
    report = await services.ingest.apply(plan, tell)
    await services.audit.note("articles.ingested", f"generation {report.generation}", who=caller, brand=report.brand)
    return report


async def _progress(
    services: Services, plan: Plan, request_id: str, caller: Caller, *, plan_only: bool
) -> AsyncIterator[bytes]:
    if plan_only:
        yield _event("finished", plan_as_json(plan))
        return
    steps: asyncio.Queue[Progress | None] = asyncio.Queue()
    # An ingest goes on to its end when the caller goes away: half of the work would only be done again.
    task = asyncio.create_task(apply_noted(services, plan, caller, _teller(steps)))
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)
    task.add_done_callback(lambda _: steps.put_nowait(None))
    while (step := await steps.get()) is not None:
        yield _event("progress", asdict(step))
    try:
        report = await task
    except ServiceError as exc:
        yield _event("error", to_problem(exc, request_id).model_dump(mode="json"))
    else:
        yield _event("finished", report.as_json())


def _teller(steps: asyncio.Queue[Progress | None]) -> Callable[[Progress], None]:
    """Return what puts progress into *steps* from whatever thread it comes."""
    loop = asyncio.get_running_loop()

    def tell(step: Progress) -> None:
        loop.call_soon_threadsafe(steps.put_nowait, step)

    return tell


def _event(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=dumps(data))
