"""The audit log over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from service.api.problems import problem_responses
from service.deps import AuditDep, CallerDep

router = APIRouter(prefix="/v1/audit", tags=["audit"])


class ChangeOut(BaseModel):
    id: str
    at: datetime
    who: str = Field(description="The name of a key, or `local`.", examples=["helpdesk"])
    action: str = Field(examples=["label.moved"])
    brand: str | None
    target: str = Field(examples=["production"])
    detail: str


class AuditPage(BaseModel):
    changes: list[ChangeOut] = Field(description="Newest first.")
    next_cursor: str | None = Field(description="Pass it as `after` for the next page; null on the last one.")


class AuditQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    after: Annotated[str | None, Field(max_length=40, description="The page before's `next_cursor`.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    action: Annotated[str | None, Field(max_length=40, description="Only what was done so.")] = None
    who: Annotated[str | None, Field(max_length=100, description="Only of the key of this name.")] = None


@router.get("", operation_id="listAudit", responses=problem_responses(422, 503))
async def list_audit(audit: AuditDep, caller: CallerDep, wanted: Annotated[AuditQuery, Query()]) -> AuditPage:
    """Return who changed what, newest first; a key for some brands sees those brands' changes only."""
    found = await audit.page(wanted.after, wanted.limit + 1, caller.brands, action=wanted.action, who=wanted.who)
    shown = [ChangeOut.model_validate(each, from_attributes=True) for each in found[: wanted.limit]]
    return AuditPage(changes=shown, next_cursor=shown[-1].id if len(found) > wanted.limit else None)
