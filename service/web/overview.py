"""The overview: whether it goes well today, and what to do next."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from service.assembly import Services
from service.deps import ServicesDep
from service.reply_log.store import ReplyFilter
from service.review.statistics.intervals import Interval, Rate, difference
from service.review.statistics.statistics import Found, Statistic
from service.review.statistics.wanted import Wanted, period
from service.review.verdicts import Queue
from service.web.knowledge.place import place_of
from service.web.review.form import reviewer_of
from service.web.routes import PageRoute
from service.web.statistics.charts import address_of, chart
from service.web.view import View, ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_WEEK = timedelta(days=7)
_STALE = timedelta(days=2)
_TO_RATE = 3
_DRAWN = (Statistic.VOLUME, Statistic.REJECT_REASONS)
_BEFORE = (Statistic.FUNNEL, Statistic.HANDOFFS)
_READ = (
    Statistic.FUNNEL,
    Statistic.HANDOFFS,
    Statistic.LATENCY,
    Statistic.COSTS,
    *_DRAWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    name: str
    figure: str
    more: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    words: str
    link: str
    done: bool


@router.get("/overview")
async def show_overview(view: ViewDep, services: ServicesDep) -> Response:
    """Show the week beside the one before, what fails most, and the first steps until all are done."""
    today = datetime.now(UTC).date()
    since, until = period(today - _WEEK + timedelta(days=1), today)
    wanted = Wanted(since=since, until=until)
    found = await services.statistics.find(wanted, *_READ)
    before = await services.statistics.find(replace(wanted, since=since - _WEEK, until=until - _WEEK), *_BEFORE)
    steps = await _steps(view, services)
    return view.page(
        "overview.html",
        here="overview",
        cards=_cards(view, wanted, found, before),
        charts=[chart(view, wanted, each, found.lines[each]) for each in _DRAWN if found.lines[each]],
        to_do=await _to_do(view, services),
        steps=[] if all(step.done for step in steps) else steps,
    )


def _cards(view: View, wanted: Wanted, found: Found, before: Found) -> list[Card]:
    log, figures = "/replies?" + urlencode(wanted.filters), "/statistics?" + urlencode(address_of(wanted))
    total = found.lines[Statistic.LATENCY][-1:]
    slow = total[0].values()["p95_ms"] if total else None
    return [
        Card(
            name=view.t("overview.replies"),
            figure=view.count(found.replies),
            more=view.t("overview.before", n=view.count(before.replies)),
            link=log,
        ),
        _rate(view, "approved", found.approved, before.approved, figures + "#chart-approval"),
        _rate(view, "unedited", _unedited(found), _unedited(before), figures + "#chart-funnel"),
        _rate(view, "handed_off", _handed(found), _handed(before), log + "&decision=handoff"),
        Card(
            name=view.t("overview.latency"),
            figure=view.duration(float(slow)) if slow is not None else "–",
            more="",
            link=figures + "#chart-latency",
        ),
        _cost(view, found, figures + "#chart-costs"),
    ]


def _rate(view: View, name: str, rate: Rate, before: Rate, link: str) -> Card:
    if rate.value is None or rate.interval is None:
        return Card(name=view.t(f"overview.{name}"), figure="–", more=view.t("statistics.not_rated"), link=link)
    low, high = view.percent(rate.interval.low), view.percent(rate.interval.high)
    said = view.t("overview.range", low=low, high=high, k=rate.k, n=rate.n)
    few = view.t("statistics.few") if rate.is_few else None
    more = " · ".join(filter(None, (said, few, _changed(view, difference(rate, before)))))
    return Card(name=view.t(f"overview.{name}"), figure=view.percent(rate.value), more=more, link=link)


def _changed(view: View, change: Interval | None) -> str | None:
    if change is None:
        return None
    if change.low <= 0 <= change.high:
        return view.t("overview.unclear")
    return view.t("overview.more" if change.low > 0 else "overview.less")


def _cost(view: View, found: Found, link: str) -> Card:
    lines: list[dict[str, Any]] = [line.values() for line in found.lines[Statistic.COSTS]]
    cost, priced = sum(line["cost_usd"] or 0 for line in lines), sum(line["n"] for line in lines)
    more = view.t("overview.per_reply", cost=f"{view.number(cost / priced, 5)} $") if priced else ""
    return Card(name=view.t("overview.cost"), figure=f"{view.number(cost)} $" if priced else "–", more=more, link=link)


def _unedited(found: Found) -> Rate:
    line: dict[str, Any] = found.lines[Statistic.FUNNEL][2].values()
    return Rate.of(line["k"], line["n"])


def _handed(found: Found) -> Rate:
    lines: list[dict[str, Any]] = [line.values() for line in found.lines[Statistic.HANDOFFS]]
    return Rate.of(sum(line["k"] for line in lines), sum(line["n"] for line in lines))


async def _steps(view: View, services: Services) -> list[FirstStep]:
    """Return what a newcomer does first, with what is done already."""
    passages = sum([await _passages(services, brand) for brand in services.prompt_files.brand_ids()])
    tally = await services.glances.tally(services.reply_log.chosen(ReplyFilter()))
    rated = sum(tally.by_verdict.values())
    said = view.t("overview.step.articles_done", n=passages) if passages else view.t("overview.step.articles")
    tried = await services.reply_log.page(ReplyFilter(), limit=1)
    return [
        FirstStep(words=said, link="/knowledge" if passages else "/knowledge/add", done=passages > 0),
        FirstStep(words=view.t("overview.step.reply"), link="/", done=bool(tried.replies)),
        FirstStep(words=view.t("overview.step.rate", n=min(rated, _TO_RATE)), link="/review", done=rated >= _TO_RATE),
        FirstStep(words=view.t("overview.step.model"), link="", done=not view.offline),
    ]


async def _to_do(view: View, services: Services) -> list[tuple[str, str]]:
    """Return what waits for somebody, in words, and where."""
    waits = []
    for queue in (Queue.SAMPLE, Queue.UNHAPPY, Queue.LOW_CONFIDENCE):
        progress = await services.review_queues.progress(queue, reviewer_of(view.request))
        if progress.open:
            waits.append((view.t(f"overview.do.{queue}", n=progress.open), f"/review/{queue}"))
    for brand in services.prompt_files.brand_ids():
        place = await place_of(services, brand)
        if place.to_look_at:
            said = view.t("overview.do.findings", n=place.to_look_at, brand=dict(place.brands)[brand])
            waits.append((said, place.address("/findings")))
        if place.generation and datetime.now(UTC) - place.generation.created_at > _STALE:
            said = view.t(
                "overview.do.stale", brand=dict(place.brands)[brand], ago=view.ago(place.generation.created_at)
            )
            waits.append((said, place.address("/generations")))
    return waits


async def _passages(services: Services, brand: str) -> int:
    generations = await services.knowledge.generations(brand)
    return generations[0].passages if generations else 0
