"""The statistics over HTTP: the same lines as the page of statistics shows."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from service.api.problems import problem_responses
from service.deps import StatisticsDep
from service.review.statistics.lines import Line
from service.review.statistics.statistics import Statistic
from service.review.statistics.wanted import MOST_VERSIONS, By, Source, Wanted, period

router = APIRouter(prefix="/v1/statistics", tags=["statistics"])


class StatisticsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    since: Annotated[date | None, Field(description="The first day (UTC); 30 days up to the last one if left out.")] = (
        None
    )
    until: Annotated[date | None, Field(description="The last day (UTC); today if left out.")] = None
    brand: Annotated[str | None, Field(max_length=100)] = None
    tone: Annotated[str | None, Field(max_length=100)] = None
    language: Annotated[str | None, Field(max_length=10)] = None
    version: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S+$")]],
        Field(max_length=MOST_VERSIONS, description="Prompt versions, the parameter repeated; all if left out."),
    ] = []
    source: Annotated[Source, Field(description="Ratings of the sample tell rates; others tell what goes wrong.")] = (
        Source.SAMPLE
    )
    by: Annotated[By, Field(description="What approval is compared by.")] = By.VERSION
    baseline: Annotated[str | None, Field(max_length=100, description="What the others are compared with.")] = None

    def to_wanted(self) -> Wanted:
        since, until = period(self.since, self.until)
        return Wanted(
            since=since,
            until=until,
            versions=tuple(self.version),
            **self.model_dump(exclude={"since", "until", "version"}),
        )


class LineOut(BaseModel):
    model_config = ConfigDict(extra="allow")

    filters: Annotated[dict[str, str], Field(description="What `GET /v1/replies` takes to list the replies behind it.")]


class StatisticOut(BaseModel):
    statistic: Statistic
    since: date
    until: date
    source: Source
    replies: Annotated[int, Field(description="Finished replies of the period.")]
    lines: Annotated[
        list[LineOut],
        Field(description="`k` of `n`, the `rate` and its 95 % interval, and the statistic's own columns."),
    ]

    @classmethod
    def of(cls, statistic: Statistic, wanted: Wanted, replies: int, lines: Sequence[Line]) -> "StatisticOut":
        since, until = wanted.days
        return cls(
            statistic=statistic,
            since=since,
            until=until,
            source=wanted.source,
            replies=replies,
            lines=[LineOut.model_validate(line_out(wanted, line)) for line in lines],
        )


def line_out(wanted: Wanted, line: Line) -> dict[str, Any]:
    return {**line.values(), "filters": {**wanted.filters, **line.filters}}


@router.get("/{statistic}", operation_id="readStatistic", responses=problem_responses(422, 503))
async def read_statistic(
    statistic: Statistic, statistics: StatisticsDep, query: Annotated[StatisticsQuery, Query()]
) -> StatisticOut:
    """Return one statistic of the finished replies of a period, as the page of statistics shows it."""
    wanted = query.to_wanted()
    found = await statistics.find(wanted, statistic)
    return StatisticOut.of(statistic, wanted, found.replies, found.lines[statistic])
