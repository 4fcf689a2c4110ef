"""The log over HTTP in the formats of spreadsheets and trainers, streamed as it is read."""

from collections.abc import AsyncGenerator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import Field

from service.api.problems import problem_responses
from service.api.replies import FilterQuery
from service.deps import AuditDep, CallerDep, ExporterDep
from service.reply_log.exchange.export import Exporter, Format
from service.reply_log.exchange.reading import Wanted

router = APIRouter(prefix="/v1/replies", tags=["replies"])

_LINES = "application/x-ndjson"
_MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BLOCK = 1 << 16


class ExportQuery(FilterQuery):
    format: Annotated[
        Literal["jsonl", "csv", "xlsx", "preference", "finetune", "promptfoo"],
        Field(description="Whole replies, two tables, or examples for trainers and for promptfoo."),
    ] = "jsonl"
    after: Annotated[str | None, Field(max_length=40, description="Go on after this reply, the last one you have.")] = (
        None
    )
    limit: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="Read so many replies; a `Link` header names the rest.")
    ] = None

    def to_wanted(self) -> Wanted:
        return Wanted(filter=self.to_filter(), among=self.among, after=self.after)

    @property
    def told(self) -> str:
        """The filters, for the audit log, which outlives an erasure: neither whose ticket it was nor words."""
        asked = self.model_dump(mode="json", exclude={"format", "brand", "ticket", "q"}, exclude_none=True)
        return " ".join(f"{name}={value}" for name, value in asked.items())


@router.get(
    "/export",
    operation_id="exportReplies",
    response_class=Response,
    responses={
        200: {
            "description": "The replies, oldest first",
            "content": {media: {} for media in (_LINES, *_MEDIA_TYPES.values())},
            "headers": {"Link": {"description": "`rel=next`: what follows this part", "schema": {"type": "string"}}},
        },
        **problem_responses(422, 503),
    },
)
async def export_replies(
    wanted: Annotated[ExportQuery, Query()], request: Request, exporter: ExporterDep, audit: AuditDep, caller: CallerDep
) -> Response:
    """
    Return logged replies, oldest first, as a table, as examples for models, or whole.

    Personal values stay hidden. One that broke off goes on `after` the last reply that arrived; whoever leaves ends it.
    """
    form = Format(wanted.format)
    part, more = await exporter.part(wanted.to_wanted(), wanted.limit)
    brand = wanted.brand or caller.only_brand
    await audit.note("replies.exported", form.value, who=caller, brand=brand, detail=wanted.told)
    ending = form.value if form in _MEDIA_TYPES else "jsonl"
    headers = {"Content-Disposition": f'attachment; filename="replies.{ending}"', "Cache-Control": "no-store"}
    if more:
        headers["Link"] = f'<{request.url.include_query_params(after=part.last)}>; rel="next"'
    body = _workbook(exporter, part) if form is Format.XLSX else _blocks(exporter.lines(form, part))
    return StreamingResponse(body, media_type=_MEDIA_TYPES.get(form, _LINES), headers=headers)


async def _blocks(lines: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Join lines into pieces that are worth a packet."""
    block = bytearray()
    async for line in lines:
        block += line
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    yield bytes(block)


async def _workbook(exporter: Exporter, wanted: Wanted) -> AsyncGenerator[bytes]:
    with TemporaryDirectory(prefix="aplomb-export-") as folder:
        path = Path(folder) / "replies.xlsx"
        await exporter.write_xlsx(path, wanted)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
