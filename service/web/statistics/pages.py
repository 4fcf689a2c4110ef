"""The page of statistics and its CSV files."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter, Response

from service.deps import PromptsDep, StatisticsDep
from service.review.statistics.statistics import Found, Statistic
from service.review.statistics.wanted import By, Source, Wanted, period
from service.web.routes import PageRoute
from service.web.statistics.charts import charts
from service.web.view import View, ViewDep

router = APIRouter(prefix="/statistics", route_class=PageRoute, include_in_schema=False)

_MAX_CHARS = 100
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")

Word = TypeVar("Word", bound=StrEnum)


@router.get("")
async def show_statistics(view: ViewDep, statistics: StatisticsDep, prompts: PromptsDep) -> Response:
    """Show every statistic of a period, with the table behind each and links to its replies."""
    wanted = wanted_of(view.request.query_params)
    found = await statistics.find(wanted)
    brands = await prompts.brands()
    return view.page(
        "statistics.html",
        here="statistics",
        wanted=wanted,
        found=found,
        charts=charts(view, wanted, found),
        heat=heat(found),
        choices={
            "brand": [(each.id, each.name) for each in brands.values()],
            "tone": [(each, each) for each in sorted({brand.tone for brand in brands.values()})],
            "language": _languages(view, found),
            "source": [(each.value, view.t(f"source.{each}")) for each in Source],
            "by": [(each.value, view.t(f"by.{each}")) for each in By],
        },
    )


@router.get("/{statistic}.csv")
async def download(statistic: Statistic, view: ViewDep, statistics: StatisticsDep) -> Response:
    """Return one statistic as the table shows it."""
    found = await statistics.find(wanted_of(view.request.query_params), statistic)
    sheet = io.StringIO()
    lines = [line.values() for line in found.lines[statistic]]
    if lines:
        writer = csv.writer(sheet)
        writer.writerow(lines[0])
        writer.writerows([_safe(value) for value in line.values()] for line in lines)
    named = {"Content-Disposition": f'attachment; filename="{statistic}.csv"'}
    return Response(sheet.getvalue(), media_type="text/csv; charset=utf-8", headers=named)


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """Read the address; a value that we do not know filters nothing, as an empty one does."""
    since, until = period(_day(query, "since"), _day(query, "until"))
    return Wanted(
        since=min(since, until.replace(hour=0, minute=0, second=0, microsecond=0)),
        until=until,
        brand=_text(query, "brand"),
        tone=_text(query, "tone"),
        language=_text(query, "language"),
        version=_text(query, "version"),
        source=_word(Source, query.get("source")) or Source.SAMPLE,
        by=_word(By, query.get("by")) or By.VERSION,
        baseline=_text(query, "baseline"),
    )


def heat(found: Found) -> dict[str, dict[str, object]]:
    """Return the lines of coverage by version and then language."""
    table: dict[str, dict[str, object]] = {}
    for line in found.lines[Statistic.COVERAGE]:
        values = line.values()
        table.setdefault(str(values["version"]), {})[str(values["language"])] = line
    return table


def _languages(view: View, found: Found) -> list[tuple[str, str]]:
    codes = sorted({str(line.values()["language"]) for line in found.lines[Statistic.COVERAGE]})
    return [(code, view.t(f"language.{code}", default=code)) for code in codes]


def _safe(value: object) -> object:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _text(query: Mapping[str, str], name: str) -> str | None:
    value = query.get(name, "").strip()
    return value if value and len(value) <= _MAX_CHARS else None


def _day(query: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(query.get(name, ""))
    except ValueError:
        return None


def _word(words: type[Word], value: str | None) -> Word | None:
    return next((word for word in words if word.value == value), None)
