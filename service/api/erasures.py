"""Erasure over HTTP: a customer's words leave the log for good; the dry run comes first."""

from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.problems import problem_responses
from service.deps import AuditDep, CallerDep, EraserDep, PromptFilesDep
from service.reply_log.erasures import Selection

router = APIRouter(prefix="/v1/erasures", tags=["erasures"])


class ErasureIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"customer": "c_81", "dry_run": False}]})

    customer: Annotated[
        str | None, Field(max_length=200, description="The customer's id, as the helpdesk sends it.")
    ] = None
    ticket: Annotated[str | None, Field(max_length=200, description="The ticket's id.")] = None
    brand: Annotated[str | None, Field(max_length=100)] = None
    before: Annotated[datetime | None, Field(description="Only what was written before; UTC unless it says.")] = None
    dry_run: Annotated[bool, Field(description="Only say what would be erased.")] = True

    @model_validator(mode="after")
    def _selects(self) -> Self:
        if self.customer is None and self.ticket is None and self.before is None:
            raise ValueError("name a customer, a ticket or a moment")
        return self

    def to_selection(self) -> Selection:
        before = self.before if self.before is None or self.before.tzinfo else self.before.replace(tzinfo=UTC)
        return Selection(customer_id=self.customer, ticket_id=self.ticket, brand=self.brand, before=before)


class ErasureOut(BaseModel):
    erased: bool = Field(description="False after a dry run.")
    replies: list[str] = Field(description="The ids, oldest first; what was still being written is interrupted.")


@router.post("", operation_id="eraseReplies", responses=problem_responses(404, 422, 503))
async def erase_replies(
    body: ErasureIn, eraser: EraserDep, prompt_files: PromptFilesDep, audit: AuditDep, caller: CallerDep
) -> ErasureOut:
    """Empty the selected replies, their reviews and outcomes; their receipts stay, and the chain of seals verifies."""
    if body.brand is not None:
        prompt_files.check_brand(body.brand)
    if body.dry_run:
        return ErasureOut(erased=False, replies=list(await eraser.selected(body.to_selection())))
    erased = await eraser.erase(body.to_selection(), "request")
    # Not whose they were: that name is what was to be forgotten.
    await audit.note("replies.erased", f"{len(erased)} replies", who=caller, brand=body.brand or caller.only_brand)
    return ErasureOut(erased=True, replies=list(erased))
