"""Replies over HTTP: write one, whole or as a stream; list them; read one."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from service.api.problems import problem_responses, request_id_of, to_problem
from service.api.receipts import ReceiptOut, ReproductionOut
from service.api.schemas.finding import FindingOut
from service.api.schemas.logged import LoggedReplyOut, PersonalOut, ReplyList
from service.api.schemas.reply import PromptOut, ReplyOut, SentenceOut
from service.api.schemas.request import ReplyRequest
from service.deps import DeskDep, ReplyLogDep, ServicesDep
from service.domain import Decision, ReplyState
from service.errors import ServiceError
from service.replies.events import PassagesFound, ReplyEvent, ReplyFinished, ReplyStarted, SentenceWritten
from service.replies.privacy.filling import spoken
from service.reply_log.seals.proofs import bundle
from service.reply_log.store import MAX_PAGE, ReplyFilter
from service.review.judged import judged
from service.review.verdicts import Queue, Verdict

router = APIRouter(prefix="/v1/replies", tags=["replies"])

_STREAMED: dict[int | str, dict[str, Any]] = {
    201: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "The reply"}
}


_REPLAYED = {"Idempotent-Replayed": "true"}

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Yours for this request: a repetition with it gets the same reply, and no chat model is asked.",
    ),
]


class StartedOut(BaseModel):
    id: str
    language: str
    prompt: PromptOut


class FilterQuery(BaseModel):
    """Which replies: what the list and the export take alike."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str | None, Field(max_length=100, description="Words of subject, question or reply, or an id, whole.")
    ] = None
    brand: Annotated[str | None, Field(max_length=100)] = None
    state: ReplyState | None = None
    decision: Decision | None = None
    language: Annotated[str | None, Field(max_length=10)] = None
    ticket: Annotated[str | None, Field(max_length=200, description="The ticket's id.")] = None
    tone: Annotated[str | None, Field(max_length=100)] = None
    version: Annotated[
        str | None, Field(max_length=700, description="The prompt version; any of several with spaces between them.")
    ] = None
    reason: Annotated[str | None, Field(max_length=100, description="The code of one of its reasons.")] = None
    since: Annotated[date | None, Field(description="The first day (UTC).")] = None
    until: Annotated[date | None, Field(description="The last day (UTC).")] = None
    verdict: Annotated[Verdict | None, Field(description="Of a review that counts.")] = None
    why: Annotated[str | None, Field(max_length=100, description="A reviewer's reason.")] = None
    queue: Annotated[Queue | None, Field(description="Where that review was given.")] = None
    cites: Annotated[str | None, Field(max_length=600, description="The source of an article that it cites.")] = None

    @property
    def among(self) -> Any:  # noqa: ANN401 - the database's query, which the log takes as it is
        """The query of the replies that were judged so; None when that is not asked."""
        return judged(self.verdict, self.why, self.queue, article=self.cites)

    def to_filter(self) -> ReplyFilter:
        return ReplyFilter(
            q=self.q,
            brand=self.brand,
            state=self.state,
            decision=self.decision,
            language=self.language,
            ticket_id=self.ticket,
            tone=self.tone,
            version=self.version,
            reason=self.reason,
            since=self.since,
            until=self.until,
        )


class ListQuery(FilterQuery):
    after: Annotated[str | None, Field(max_length=40, description="The page before's `next_cursor`.")] = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50


@router.post(
    "",
    status_code=201,
    response_model=ReplyOut,
    operation_id="writeReply",
    responses={**_STREAMED, **problem_responses(404, 409, 413, 422, 429, 502, 503, 504)},
)
async def write_reply(
    body: ReplyRequest, request: Request, services: ServicesDep, idempotency_key: IdempotencyKey = None
) -> Response:
    """
    Write a reply and return it whole; with `Accept: text/event-stream`, sentence by sentence as each is checked.

    The same `Idempotency-Key` and body give the same reply again, with `Idempotent-Replayed: true`.
    """
    services.prompt_files.check_brand(body.brand)
    ticket, key = body.to_ticket(), body.to_key(idempotency_key)
    streamed = "text/event-stream" in request.headers.get("accept", "")
    once, writer = services.once, services.writer
    told = once.events(ticket, key, streamed=streamed) if key else writer.events(ticket, streamed=streamed)
    return await (_stream(told, request_id_of(request)) if streamed else _whole(told))


@router.get("", operation_id="listReplies", responses=problem_responses(422, 503))
async def list_replies(reply_log: ReplyLogDep, wanted: Annotated[ListQuery, Query()]) -> ReplyList:
    """Return logged replies, newest first."""
    page = await reply_log.page(wanted.to_filter(), wanted.after, wanted.limit, among=wanted.among)
    return ReplyList(replies=[ReplyOut.of(spoken(logged)) for logged in page.replies], next_cursor=page.next_cursor)


@router.get("/{reply_id}", operation_id="readReply", responses=problem_responses(404, 503))
async def read_reply(reply_id: str, reply_log: ReplyLogDep) -> LoggedReplyOut:
    """Return a reply with its ticket, its prompt, its passages and what the chat model wrote."""
    return LoggedReplyOut.of_logged(await reply_log.get(reply_id))


@router.get("/{reply_id}/receipt", operation_id="readReceipt", responses=problem_responses(404, 503))
async def read_receipt(reply_id: str, services: ServicesDep) -> ReceiptOut:
    """Return the hashes of everything from which the reply can be rebuilt, and the proof that it was logged so."""
    logged = await services.reply_log.get(reply_id)
    text = await services.prompts.text(logged.reply.prompt.version)
    return ReceiptOut.of(logged, text, await bundle(services.engine, reply_id))


@router.post("/{reply_id}/reproduce", operation_id="reproduceReply", responses=problem_responses(404, 503))
async def reproduce_reply(reply_id: str, services: ServicesDep) -> ReproductionOut:
    """Rebuild the request to the chat model, and an extract's text too, and compare them with what the log holds."""
    logged = await services.reply_log.get(reply_id)
    return ReproductionOut.of(await services.reproducer.reproduce(logged))


@router.post("/{reply_id}/reveal", operation_id="revealReply", responses=problem_responses(404, 503))
async def reveal_reply(reply_id: str, desk: DeskDep) -> PersonalOut:
    """Return the values behind the reply's placeholders; the audit log keeps who asked, and of which reply."""
    return PersonalOut.of(await desk.reveal(reply_id))


async def _whole(events: AsyncGenerator[ReplyEvent]) -> Response:
    headers: dict[str, str] = {}
    async with aclosing(events):
        async for event in events:
            match event:
                case ReplyStarted(replayed=True):
                    headers |= _REPLAYED
                case ReplyFinished():
                    reply = event.reply
    location = {"Location": f"/v1/replies/{reply.id}"}
    return Response(ReplyOut.of(reply).model_dump_json(), 201, location | headers, "application/json")


async def _stream(events: AsyncGenerator[ReplyEvent], request_id: str) -> Response:
    # The first event is awaited here, so that a wrong brand or variable is still an ordinary problem.
    first = await anext(events)
    headers = _REPLAYED if isinstance(first, ReplyStarted) and first.replayed else {}

    async def body() -> AsyncIterator[bytes]:
        async with aclosing(events):
            yield _wire(first)
            try:
                async for event in events:
                    yield _wire(event)
            except ServiceError as exc:
                # The 200 is already on the wire; the only way left to fail is an event.
                yield _event("error", to_problem(exc, request_id))

    return StreamingResponse(
        body(), 200, media_type="text/event-stream", headers={"Cache-Control": "no-store", **headers}
    )


def _wire(event: ReplyEvent) -> bytes:
    match event:
        case ReplyStarted():
            prompt = PromptOut.model_validate(event.prompt, from_attributes=True)
            return _event("reply.started", StartedOut(id=event.reply_id, language=event.language, prompt=prompt))
        case PassagesFound():
            return _event("passages", FindingOut.of(event.finding))
        case SentenceWritten():
            return _event("sentence", SentenceOut.of(event.sentence))
        case ReplyFinished():
            return _event("reply.finished", ReplyOut.of(event.reply))


def _event(name: str, data: BaseModel) -> bytes:
    return format_sse_event(event=name, data_str=data.model_dump_json())
