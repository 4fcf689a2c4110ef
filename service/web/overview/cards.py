"""The figures of the overview: each beside that of the period before, and a link to what is behind it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from service.review.statistics.intervals import Interval, Rate, difference
from service.review.statistics.statistics import Found, Statistic
from service.review.statistics.wanted import Wanted
from service.web.statistics.charts import address_of
from service.web.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    name: str
    figure: str
    more: str
    link: str


def cards(view: View, wanted: Wanted, found: Found, before: Found) -> list[Card]:
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
    more = view.t("overview.per_reply", cost=view.dollars(cost / priced, 5)) if priced else ""
    return Card(name=view.t("overview.cost"), figure=view.dollars(cost) if priced else "–", more=more, link=link)


def _unedited(found: Found) -> Rate:
    line: dict[str, Any] = found.lines[Statistic.FUNNEL][2].values()
    return Rate.of(line["k"], line["n"])


def _handed(found: Found) -> Rate:
    lines: list[dict[str, Any]] = [line.values() for line in found.lines[Statistic.HANDOFFS]]
    return Rate.of(sum(line["k"] for line in lines), sum(line["n"] for line in lines))
