"""Reviews over HTTP: the queues, what reviewers judge, and what became of a reply."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.functional_validators import AfterValidator

from service.api.problems import problem_responses
from service.api.schemas.texts import MAX_MESSAGE_CHARS, clean_text
from service.deps import (
    AuditDep,
    CallerDep,
    DeskDep,
    OutcomesDep,
    PickerDep,
    ReplyLogDep,
    ReviewQueuesDep,
    ReviewsDep,
    SamplerDep,
    reviewer_name,
)
from service.review.outcomes import Outcome
from service.review.picking import MOST
from service.review.queues import Item
from service.review.reviews import Seen
from service.review.verdicts import MAX_REASONS, Judgement, Queue, Review, Verdict

router = APIRouter(prefix="/v1", tags=["reviews"])

Reviewer = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(clean_text)]
Words = Annotated[str, StringConstraints(max_length=MAX_MESSAGE_CHARS), AfterValidator(clean_text)]
QueueName = Literal["sample", "low_confidence", "unhappy", "handed_off", "double", "picked"]
MAX_SECONDS = 86_400
NO_NAME = "api"


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReviewIn(_Request):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reviewer": "Ana", "verdict": "reject", "reasons": ["tone"], "note": "Sec."}]}
    )

    reviewer: Annotated[
        Reviewer | None, Field(description="Who judges; with an access key, the key's name is taken.")
    ] = None
    verdict: Verdict
    reasons: Annotated[list[Annotated[str, StringConstraints(max_length=63)]], Field(max_length=MAX_REASONS)] = []
    note: Words = ""
    correction: Annotated[Words, Field(description="The better text, whole; kept beside the reply.")] = ""
    seconds: Annotated[float | None, Field(ge=0, le=MAX_SECONDS)] = None
    queue: Annotated[
        QueueName | None, Field(description="The queue that gave the reply out; its reservation must hold.")
    ] = None

    def to_judgement(self) -> Judgement:
        return Judgement(
            verdict=self.verdict,
            reasons=tuple(self.reasons),
            note=self.note.strip(),
            correction=self.correction,
            seconds=self.seconds,
        )


class ReviewOut(BaseModel):
    id: str
    reply: str
    queue: str = Field(description="`reply` when no queue gave it out. Only `sample` is representative.")
    reviewer: str
    verdict: Verdict
    reasons: list[str]
    note: str
    correction: str
    seconds: float | None
    stratum: str | None
    inclusion_probability: float | None
    created_at: datetime

    @classmethod
    def of(cls, review: Review) -> "ReviewOut":
        said = review.judgement
        return cls(
            id=review.id, reply=review.reply_id, queue=review.queue.value, reviewer=review.reviewer,
            verdict=said.verdict, reasons=list(said.reasons), note=said.note, correction=said.correction,
            seconds=said.seconds, stratum=review.stratum, inclusion_probability=review.inclusion_probability,
            created_at=review.created_at,
        )  # fmt: skip


class ReviewList(BaseModel):
    reviews: list[ReviewOut]
    hidden: int = Field(description="Others' reviews, shown once the reader has judged the reply.")

    @classmethod
    def of(cls, seen: Seen) -> "ReviewList":
        return cls(reviews=[ReviewOut.of(review) for review in seen.reviews], hidden=seen.hidden)


class OutcomeIn(_Request):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sent_text": "Bonjour, …", "csat": 5, "reopened": False, "resolved": True}]}
    )

    sent_text: Annotated[Words | None, Field(description="What the agent sent, whole.")] = None
    edited: Annotated[bool | None, Field(description="Worked out by us when `sent_text` is given.")] = None
    csat: Annotated[int | None, Field(ge=1, le=5, description="The customer's rating, 5 the best.")] = None
    reopened: bool | None = None
    resolved: bool | None = None

    def to_outcome(self) -> Outcome:
        return Outcome(**self.model_dump())


class OutcomeOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    sent_text: str | None
    edited: bool | None
    edit_distance: float | None = Field(description="Share of words changed, in [0, 1]; 0 is sent as it was.")
    csat: int | None
    reopened: bool | None
    resolved: bool | None
    at: datetime


class NextIn(_Request):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reviewer": "Ana"}]})

    reviewer: Reviewer | None = None


class ItemOut(BaseModel):
    queue: str
    reply: str = Field(description="The reply's id.")
    reserved_until: datetime | None
    reasons: list[str] = Field(description="What the brand's reviewers choose from.")

    @classmethod
    def of(cls, item: Item, reasons: tuple[str, ...]) -> "ItemOut":
        return cls(
            queue=item.queue.value, reply=item.reply_id, reserved_until=item.reserved_until, reasons=list(reasons)
        )


class SampleIn(_Request):
    model_config = ConfigDict(json_schema_extra={"examples": [{"size": 60}]})

    size: Annotated[int, Field(ge=1, le=2_000)] = 60


class SampleOut(BaseModel):
    drawn: int = Field(description="Replies that came into the queue; 0 when all of the last 30 days are in it.")
    strata: int


class PickedIn(_Request):
    model_config = ConfigDict(json_schema_extra={"examples": [{"replies": ["rep_01M848MG43G9T3397QFHV1P0KV"]}]})

    replies: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(clean_text)]],
        Field(min_length=1, max_length=MOST, description="Ids; one that is named twice is picked once."),
    ]


class PickedOut(BaseModel):
    picked: int = Field(description="Replies that came into the queue.")
    left: int = Field(description="Others: in the queue already, judged there, or not finished.")


_NOTHING: dict[int | str, dict[str, Any]] = {204: {"description": "The queue is finished"}}


@router.post(
    "/replies/{reply_id}/reviews",
    status_code=201,
    operation_id="createReview",
    responses=problem_responses(404, 409, 422, 503),
)
async def create_review(reply_id: str, body: ReviewIn, request: Request, desk: DeskDep) -> ReviewOut:
    """Judge a reply; a later review of the same reviewer supersedes it."""
    queue = Queue(body.queue or Queue.REPLY)
    reviewer = reviewer_name(request) or body.reviewer or NO_NAME
    return ReviewOut.of(await desk.judge(reply_id, reviewer, body.to_judgement(), queue))


@router.get("/replies/{reply_id}/reviews", operation_id="listReviews", responses=problem_responses(404, 422, 503))
async def list_reviews(
    reply_id: str,
    request: Request,
    reply_log: ReplyLogDep,
    reviews: ReviewsDep,
    reviewer: Annotated[Reviewer | None, Query(description="Who reads: others' reviews wait for the own one.")] = None,
) -> ReviewList:
    """Return the reviews that count, oldest first."""
    await reply_log.get(reply_id)
    return ReviewList.of(await reviews.of_reply(reply_id, reviewer or reviewer_name(request)))


@router.put("/replies/{reply_id}/outcome", operation_id="putOutcome", responses=problem_responses(404, 422, 503))
async def put_outcome(reply_id: str, body: OutcomeIn, desk: DeskDep) -> OutcomeOut:
    """Say what was sent and what the customer did; a repetition replaces it."""
    return OutcomeOut.model_validate(await desk.put_outcome(reply_id, body.to_outcome()))


@router.get("/replies/{reply_id}/outcome", operation_id="readOutcome", responses=problem_responses(404, 503))
async def read_outcome(reply_id: str, reply_log: ReplyLogDep, outcomes: OutcomesDep) -> OutcomeOut:
    """Return what became of a reply."""
    await reply_log.get(reply_id)
    return OutcomeOut.model_validate(await outcomes.get(reply_id))


@router.post(
    "/review/{queue}/next",
    operation_id="reserveNext",
    response_model=ItemOut,
    responses={**_NOTHING, **problem_responses(422, 503)},
)
async def reserve_next(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    queue: QueueName, body: NextIn, request: Request, queues: ReviewQueuesDep, desk: DeskDep, reply_log: ReplyLogDep
) -> Any:  # noqa: ANN401 - the item, or an empty answer
    """Reserve the next reply of a queue for fifteen minutes; 204 when there is none left."""
    item = await queues.next(Queue(queue), reviewer_name(request) or body.reviewer or NO_NAME)
    if item is None:
        return Response(status_code=204)
    return ItemOut.of(item, await desk.reasons((await reply_log.get(item.reply_id)).reply.brand))


@router.post("/review/samples", status_code=201, operation_id="drawSample", responses=problem_responses(422, 503))
async def draw_sample(body: SampleIn, sampler: SamplerDep, audit: AuditDep, caller: CallerDep) -> SampleOut:
    """Draw replies of the last 30 days into the sample queue, each prompt version at least 30 if it has them."""
    draw = await sampler.draw(body.size)
    await audit.note("sample.drawn", f"{draw.drawn} replies", who=caller, brand=caller.only_brand)
    return SampleOut(drawn=draw.drawn, strata=draw.strata)


@router.post("/review/picked", status_code=201, operation_id="pickReplies", responses=problem_responses(404, 422, 503))
async def pick_replies(body: PickedIn, picker: PickerDep, caller: CallerDep) -> PickedOut:
    """Put replies into the queue of picked ones, all or none; they never come into the sample, hence into no rate."""
    done = await picker.pick(body.replies, caller)
    return PickedOut(picked=done.picked, left=done.left)
