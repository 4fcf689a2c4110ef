"""Blind comparisons over HTTP: the same pairs, choices and figures as the pages."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from service.api.problems import problem_responses
from service.api.reviews import NO_NAME
from service.api.schemas.comparison import (
    ChoiceIn,
    ChosenOut,
    ComparisonIn,
    ComparisonList,
    ComparisonOut,
    PairOut,
    ResultsOut,
    ReviewerIn,
    UndoneOut,
)
from service.deps import (
    AuditDep,
    CallerDep,
    ComparisonResultsDep,
    ComparisonsDep,
    DeskDep,
    PairsDep,
    PromptFilesDep,
    ReplyLogDep,
    reviewer_name,
)
from service.review.comparison.sides import Said

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])

Id = Annotated[str, Path(max_length=40)]

_NOTHING: dict[int | str, dict[str, Any]] = {204: {"description": "No pair is left, or none is written yet"}}


@router.post("", status_code=201, operation_id="beginComparison", responses=problem_responses(404, 422, 503))
async def begin_comparison(
    body: ComparisonIn, request: Request, comparisons: ComparisonsDep, audit: AuditDep, caller: CallerDep
) -> ComparisonOut:
    """
    Let two versions answer the same logged tickets; the pairs are written one after the other from now on.

    Where the log has a side's reply already, from the same articles and by the same chat model, it is taken.
    """
    comparison = await comparisons.begin(body.to_order(), reviewer_name(request) or NO_NAME)
    await audit.note("comparison.begun", comparison.id, who=caller, brand=comparison.brand, detail=comparison.versions)
    return ComparisonOut.of(comparison, await comparisons.progress(comparison))


@router.get("", operation_id="listComparisons", responses=problem_responses(404, 422, 503))
async def list_comparisons(
    comparisons: ComparisonsDep,
    prompt_files: PromptFilesDep,
    brand: Annotated[str | None, Query(max_length=100)] = None,
) -> ComparisonList:
    """Return the newest fifty comparisons, newest first, with how far each is."""
    if brand is not None:
        prompt_files.check_brand(brand)
    found = await comparisons.newest(brand)
    return ComparisonList(comparisons=[ComparisonOut.of(each, await comparisons.progress(each)) for each in found])


@router.get("/{comparison_id}", operation_id="readComparison", responses=problem_responses(404, 422, 503))
async def read_comparison(comparison_id: Id, comparisons: ComparisonsDep) -> ComparisonOut:
    """Return what is compared and how far it is."""
    comparison = await comparisons.get(comparison_id)
    return ComparisonOut.of(comparison, await comparisons.progress(comparison))


@router.post(
    "/{comparison_id}/next",
    operation_id="reservePair",
    response_model=PairOut,
    responses={**_NOTHING, **problem_responses(404, 422, 503)},
)
async def reserve_pair(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    comparison_id: Id,
    body: ReviewerIn,
    request: Request,
    comparisons: ComparisonsDep,
    pairs: PairsDep,
    desk: DeskDep,
    reply_log: ReplyLogDep,
) -> Any:  # noqa: ANN401 - the pair, or an empty answer
    """Reserve the next pair for fifteen minutes, blind: nothing tells which side is which; 204 when none is left."""
    comparison = await comparisons.get(comparison_id)
    pair = await pairs.next(comparison, reviewer_name(request) or body.reviewer or NO_NAME)
    if pair is None:
        return Response(status_code=204)
    return PairOut.of(pair, await reply_log.get(pair.reply_id), await desk.reasons(comparison.brand))


@router.post(
    "/{comparison_id}/pairs/{pair_id}",
    status_code=201,
    operation_id="choosePair",
    responses=problem_responses(404, 409, 422, 503),
)
async def choose_pair(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    comparison_id: Id,
    pair_id: Id,
    body: ChoiceIn,
    request: Request,
    comparisons: ComparisonsDep,
    pairs: PairsDep,
    desk: DeskDep,
) -> ChosenOut:
    """Say which reply is better; the reservation must hold."""
    comparison = await comparisons.get(comparison_id)
    reasons = await desk.checked(comparison.brand, body.reasons)
    said = Said(choice=body.choice, reasons=reasons, seconds=body.seconds)
    chosen = await pairs.choose(comparison, pair_id, reviewer_name(request) or body.reviewer or NO_NAME, said)
    return ChosenOut(pair=pair_id, choice=chosen)


@router.post("/{comparison_id}/undo", operation_id="undoChoice", responses=problem_responses(404, 422, 503))
async def undo_choice(
    comparison_id: Id, body: ReviewerIn, request: Request, comparisons: ComparisonsDep, pairs: PairsDep
) -> UndoneOut:
    """Take back the reviewer's newest choice; of the ten newest all can be taken back."""
    comparison = await comparisons.get(comparison_id)
    return UndoneOut(pair=await pairs.undo(comparison, reviewer_name(request) or body.reviewer or NO_NAME))


@router.post("/{comparison_id}/stop", operation_id="stopComparison", responses=problem_responses(404, 422, 503))
async def stop_comparison(
    comparison_id: Id, comparisons: ComparisonsDep, audit: AuditDep, caller: CallerDep
) -> ComparisonOut:
    """End it where it is; what was judged stays."""
    comparison = await comparisons.get(comparison_id)
    await comparisons.stop(comparison)
    await audit.note("comparison.stopped", comparison.id, who=caller, brand=comparison.brand)
    return await read_comparison(comparison_id, comparisons)


@router.post("/{comparison_id}/retry", operation_id="retryComparison", responses=problem_responses(404, 422, 503))
async def retry_comparison(comparison_id: Id, comparisons: ComparisonsDep) -> ComparisonOut:
    """Let the pairs that failed be written again."""
    await comparisons.retry(await comparisons.get(comparison_id))
    return await read_comparison(comparison_id, comparisons)


@router.get("/{comparison_id}/results", operation_id="readResults", responses=problem_responses(404, 422, 503))
async def read_results(comparison_id: Id, comparisons: ComparisonsDep, results: ComparisonResultsDep) -> ResultsOut:
    """Return what was judged so far: counts, win rate, evidence, reasons and the pairs; looking early is harmless."""
    comparison = await comparisons.get(comparison_id)
    progress = await comparisons.progress(comparison)
    return ResultsOut.of(comparison, progress, await results.of(comparison, progress))
