"""The page of statistics and its CSV files."""

from collections.abc import Iterable

from fastapi import APIRouter, Response
from starlette.datastructures import QueryParams

from service.deps import PromptsDep, StatisticsDep
from service.prompting.versions.kept import PromptVersions
from service.review.statistics.statistics import Found, Statistic
from service.review.statistics.wanted import MOST_VERSIONS, By, Source, Wanted, period
from service.spreadsheet import csv_line
from service.web import query as asked
from service.web.routes import PageRoute
from service.web.statistics.charts import charts, raw
from service.web.view import View, ViewDep

_KEPT = 20

router = APIRouter(prefix="/statistics", route_class=PageRoute, include_in_schema=False)


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
        versions=await _versions(prompts, brands, wanted, found),
        most_versions=MOST_VERSIONS,
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
    lines = [line.values() for line in found.lines[statistic]]
    sheet = [csv_line(raw(each) if isinstance(each, list) else each for each in line.values()) for line in lines]
    if lines:
        sheet.insert(0, csv_line(lines[0]))
    named = {"Content-Disposition": f'attachment; filename="{statistic}.csv"'}
    return Response("".join(sheet), media_type="text/csv; charset=utf-8", headers=named)


def wanted_of(query: QueryParams) -> Wanted:
    """Read the address; a value that we do not know filters nothing, as an empty one does."""
    since, until = period(asked.day(query, "since"), asked.day(query, "until"))
    return Wanted(
        since=min(since, until.replace(hour=0, minute=0, second=0, microsecond=0)),
        until=until,
        brand=asked.text(query, "brand"),
        tone=asked.text(query, "tone"),
        language=asked.text(query, "language"),
        versions=asked.texts(query, "version", MOST_VERSIONS),
        source=asked.word(query, "source", Source) or Source.SAMPLE,
        by=asked.word(query, "by", By) or By.VERSION,
        baseline=asked.text(query, "baseline"),
    )


def heat(found: Found) -> dict[str, dict[str, object]]:
    """Return the lines of coverage by version and then language."""
    table: dict[str, dict[str, object]] = {}
    for line in found.lines[Statistic.COVERAGE]:
        values = line.values()
        table.setdefault(str(values["version"]), {})[str(values["language"])] = line
    return table


async def _versions(prompts: PromptVersions, brands: Iterable[str], wanted: Wanted, found: Found) -> list[str]:
    """Return what can be chosen: versions that wrote in the period, then the brands' newest ones that were kept."""
    wrote = [str(line.values()["version"]) for line in found.lines[Statistic.VERSION_HANDOFFS]]
    shown = [wanted.brand] if wanted.brand in set(brands) else brands
    kept = [each for brand in shown if brand for each in await prompts.kept(brand)]
    kept.sort(key=lambda each: each.created_at, reverse=True)
    return list(dict.fromkeys([*wanted.versions, *wrote, *(each.text.version for each in kept[:_KEPT])]))


def _languages(view: View, found: Found) -> list[tuple[str, str]]:
    codes = sorted({str(line.values()["language"]) for line in found.lines[Statistic.COVERAGE]})
    return [(code, view.t(f"language.{code}", default=code)) for code in codes]
