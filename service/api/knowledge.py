"""The knowledge base over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.api.problems import problem_responses
from service.api.schemas.finding import CandidateOut, FindingOut
from service.api.schemas.texts import clean_text
from service.deps import FinderDep, PromptFilesDep

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])


class SearchQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    brand: Annotated[str, Field(max_length=100)]
    q: Annotated[str, Field(min_length=1, max_length=2_000, description="The question."), AfterValidator(clean_text)]
    language: Annotated[str | None, Field(pattern=r"^[a-z]{2}$")] = None
    limit: Annotated[int, Field(ge=1, le=20)] = 5
    explain: Annotated[bool, Field(description="Add every candidate with its scores and why it was dropped.")] = False


@router.get("/search", operation_id="searchKnowledge", responses=problem_responses(404, 422, 503))
async def search_knowledge(
    finder: FinderDep, prompt_files: PromptFilesDep, wanted: Annotated[SearchQuery, Query()]
) -> FindingOut:
    """Return the passages that a reply to this question would rest on, most relevant first."""
    prompt_files.brand_text(wanted.brand)
    explanation = await finder.explain(wanted.brand, wanted.q, language=wanted.language, limit=wanted.limit)
    found = FindingOut.of(explanation.finding)
    if not wanted.explain:
        return found
    return found.model_copy(update={"candidates": [CandidateOut.of(each) for each in explanation.candidates]})
