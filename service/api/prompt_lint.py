"""The lint over HTTP: what is wrong with the prompt files, or with a version that was kept."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from service.api.problems import problem_responses
from service.api.schemas.lint import LintOut
from service.deps import CallerDep, PromptFilesDep, PromptLintDep, PromptsDep
from service.prompting.lint.lint import once

router = APIRouter(prefix="/v1/prompts", tags=["prompts"])

Spoken = Literal["en", "fr"]


class LintQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    brand: Annotated[str | None, Field(max_length=100, description="One brand only.")] = None
    language: Annotated[Spoken, Field(description="Of the explanations.")] = "en"


class VersionLintQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    language: Annotated[Spoken, Field(description="Of the explanations.")] = "en"


@router.get("/lint", operation_id="lintPrompts", responses=problem_responses(404, 422, 503))
async def lint_prompts(
    prompt_lint: PromptLintDep,
    prompt_files: PromptFilesDep,
    caller: CallerDep,
    wanted: Annotated[LintQuery, Query()],
) -> LintOut:
    """Lint the prompt files as they stand; each finding says why it matters and what to do."""
    if wanted.brand is not None:
        prompt_files.brand_text(wanted.brand)
    brands = (wanted.brand,) if wanted.brand or caller.brands is None else prompt_files.brand_ids()
    found = [each for brand in brands for each in await prompt_lint.files(datetime.now(UTC).date(), brand)]
    return LintOut.of(once(found), wanted.language)


@router.get("/{version}/lint", operation_id="lintPromptVersion", responses=problem_responses(404, 422, 503))
async def lint_prompt_version(
    version: Annotated[str, Path(max_length=100)],
    prompt_lint: PromptLintDep,
    prompts: PromptsDep,
    wanted: Annotated[VersionLintQuery, Query()],
) -> LintOut:
    """Lint a prompt version that was kept, and compare its cost with the version before."""
    await prompts.text(version)
    return LintOut.of(await prompt_lint.version(version, datetime.now(UTC).date()), wanted.language)
