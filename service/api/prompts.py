"""Prompts over HTTP: versions, labels, differences, previews and scenarios."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from service.access.audit import AuditLog
from service.access.callers import Caller, Scope, require
from service.api.problems import problem_responses
from service.api.schemas.prompts import (
    BrandPromptsOut,
    LabelIn,
    LabelOut,
    PreviewIn,
    PreviewOut,
    PromptDiff,
    PromptList,
    PromptTextOut,
    RollbackLabelIn,
    ScenarioIn,
    ScenarioOut,
)
from service.deps import AuditDep, CallerDep, PlaygroundDep, PromptFilesDep, PromptsDep, ReplyLogDep
from service.prompting.files import PromptFiles
from service.prompting.scenarios import Scenario, scenario_of
from service.prompting.versions.overview import overview
from service.replies.playground import scenario_of_trial
from service.replies.privacy.filling import restored

router = APIRouter(prefix="/v1/prompts", tags=["prompts"])

Version = Annotated[str, Path(max_length=100, description="A version; 12 hex digits.")]
Label = Annotated[str, Path(max_length=100)]


@router.get("", operation_id="listPrompts", responses=problem_responses(404, 422, 503))
async def list_prompts(
    prompts: PromptsDep, prompt_files: PromptFilesDep, brand: Annotated[str | None, Query(max_length=100)] = None
) -> PromptList:
    """Return what there is, by brand: what the files make, where the labels point, every version that was kept."""
    if brand is not None:
        prompt_files.check_brand(brand)
    brands = (brand,) if brand else prompt_files.brand_ids()
    return PromptList(prompts=[BrandPromptsOut.of(await overview(prompts, each)) for each in brands])


@router.post("/preview", operation_id="previewPrompt", responses=problem_responses(404, 409, 413, 422, 502, 503))
async def preview_prompt(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    body: PreviewIn,
    playground: PlaygroundDep,
    reply_log: ReplyLogDep,
    prompt_files: PromptFilesDep,
    audit: AuditDep,
    caller: CallerDep,
) -> PreviewOut:
    """
    Answer a ticket by any version, texts and parameters, beside the version in production; nothing is logged.

    It costs what the replies cost, unless `write` is false. With `save_as` the ticket, and what the reply did, become a
    scenario; a logged reply's customer is left out of it.
    """
    if body.reply:
        require(caller, Scope.REPLY_READ)
    logged = await reply_log.get(body.reply) if body.reply else None
    trial = body.to_trial(restored(logged) if logged else None)
    preview = await playground.preview(trial)
    saved = None
    if body.save_as:
        kept = replace(trial, ticket=replace(trial.ticket, customer=None)) if logged else trial
        saved = await _save(body.save_as, scenario_of_trial(kept, preview), prompt_files, audit, caller)
    return PreviewOut.of(preview, wrote=trial.write, scenario=saved)


@router.post(
    "/scenarios", status_code=201, operation_id="saveScenario", responses=problem_responses(404, 409, 422, 500)
)
async def save_scenario(
    body: ScenarioIn, prompt_files: PromptFilesDep, response: Response, audit: AuditDep, caller: CallerDep
) -> ScenarioOut:
    """Write a scenario file below prompts/scenarios; a name that is taken is refused."""
    scenario = scenario_of(body.scenario)
    prompt_files.check_brand(scenario.brand)
    response.headers["Cache-Control"] = "no-store"
    return await _save(body.name, scenario, prompt_files, audit, caller)


@router.put("/labels/{label}", operation_id="moveLabel", responses=problem_responses(404, 422, 503))
async def move_label(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    label: Label, body: LabelIn, prompts: PromptsDep, prompt_files: PromptFilesDep, audit: AuditDep, caller: CallerDep
) -> LabelOut:
    """Point a label at a version; the note and the author are kept."""
    prompt_files.check_brand(body.brand)
    move = await prompts.labels.move(body.brand, label, body.version, note=body.note, author=body.author)
    await audit.note("label.moved", label, who=caller, brand=body.brand, detail=move.version or "")
    return LabelOut.of(move)


@router.post("/labels/{label}/rollbacks", operation_id="rollBackLabel", responses=problem_responses(404, 422, 503))
async def roll_back_label(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    label: Label,
    body: RollbackLabelIn,
    prompts: PromptsDep,
    prompt_files: PromptFilesDep,
    audit: AuditDep,
    caller: CallerDep,
) -> LabelOut:
    """Undo the label's last move that was not undone yet."""
    prompt_files.check_brand(body.brand)
    move = await prompts.labels.roll_back(body.brand, label, note=body.note, author=body.author)
    await audit.note("label.moved_back", label, who=caller, brand=body.brand, detail=move.version or "")
    return LabelOut.of(move)


@router.get("/labels/{label}/history", operation_id="readLabelHistory", responses=problem_responses(404, 422, 503))
async def read_label_history(
    label: Label, prompts: PromptsDep, prompt_files: PromptFilesDep, brand: Annotated[str, Query(max_length=100)]
) -> list[LabelOut]:
    """Return the label's moves, newest first; `files` has one for each edit that was seen."""
    prompt_files.check_brand(brand)
    return [LabelOut.of(move) for move in await prompts.labels.history(brand, label)]


@router.get("/{version}", operation_id="readPrompt", responses=problem_responses(404, 422, 503))
async def read_prompt(version: Version, prompts: PromptsDep) -> PromptTextOut:
    """Return a version's full text."""
    return PromptTextOut.of(await prompts.text(version))


@router.get("/{version}/diff", operation_id="comparePrompts", responses=problem_responses(404, 422, 503))
async def compare_prompts(
    version: Version,
    prompts: PromptsDep,
    other: Annotated[str, Query(alias="with", max_length=100, description="The older version.")],
) -> PromptDiff:
    """Compare two versions word by word, file by file."""
    return PromptDiff.of(await prompts.text(other), await prompts.text(version))


async def _save(name: str, scenario: Scenario, files: PromptFiles, audit: AuditLog, caller: Caller) -> ScenarioOut:
    file, text = files.write_new("scenarios", f"{name}.yaml", scenario.as_yaml())
    await audit.note("scenario.saved", file, who=caller, brand=scenario.brand)
    return ScenarioOut(file=file, text=text)
