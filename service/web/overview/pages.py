"""The overview: whether it goes well today, and what to do next."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Response

from service.deps import CallerDep, ServicesDep
from service.review.statistics.statistics import Statistic
from service.review.statistics.wanted import Wanted, period
from service.web import query as asked
from service.web.brands import answering
from service.web.overview.cards import cards
from service.web.overview.first_steps import first_steps, to_do
from service.web.routes import PageRoute
from service.web.statistics.charts import chart
from service.web.view import ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PERIODS = (7, 30, 90)
"""How many days up to today the figures may be of; the first unless asked for."""
_DRAWN = (Statistic.VOLUME, Statistic.REJECT_REASONS)
_BEFORE = (Statistic.FUNNEL, Statistic.HANDOFFS)
_READ = (
    Statistic.FUNNEL,
    Statistic.HANDOFFS,
    Statistic.LATENCY,
    Statistic.COSTS,
    *_DRAWN,
)


@router.get("/overview")
async def show_overview(view: ViewDep, services: ServicesDep, caller: CallerDep) -> Response:
    """Show a period beside the one before, what fails most, and the first steps until all are done."""
    days, wanted = _wanted(view.request.query_params)
    found = await services.statistics.find(wanted, *_READ)
    long = timedelta(days=days)
    earlier = replace(wanted, since=wanted.since - long, until=wanted.until - long)
    before = await services.statistics.find(earlier, *_BEFORE)
    return view.page(
        "overview.html",
        here="overview",
        days=days,
        periods=PERIODS,
        tone=wanted.tone,
        tones=sorted({brand.tone for brand in (await answering(services.prompts)).values()}),
        cards=cards(view, wanted, found, before),
        charts=[chart(view, wanted, each, found.lines[each]) for each in _DRAWN if found.lines[each]],
        to_do=await to_do(view, services),
        steps=await first_steps(view, services, caller),
    )


def _wanted(query: Mapping[str, str]) -> tuple[int, Wanted]:
    """Read the address: how many days, and of which tone."""
    days = next((each for each in PERIODS if str(each) == query.get("days")), PERIODS[0])
    today = datetime.now(UTC).date()
    since, until = period(today - timedelta(days=days - 1), today)
    return days, Wanted(since=since, until=until, tone=asked.text(query, "tone"))
