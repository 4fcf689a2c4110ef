"""A statistic as its page shows it: a title that says the result, a drawing in two widths, and the table behind it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from service.review.statistics.intervals import Rate, more_to_tell
from service.review.statistics.lines import Line, Value
from service.review.statistics.sending import Step
from service.review.statistics.statistics import Found, Statistic
from service.review.statistics.wanted import Wanted
from service.web.statistics.drawing import QUARTERS, WIDTHS, Mark, Point, bars, curves, dots, pareto, series
from service.web.view import View

_CURVES = 4
_PANELS = 6
"""Versions drawn beside each other; the table has all."""
_OF_REASONS = frozenset({Statistic.REJECT_REASONS, Statistic.VERSION_REASONS})
_WORDED = {"comparison": "comparison", "step": "step", "measure": "measure", "stage": "stage", "language": "language"}
_SHARES = frozenset({"rate", "low", "high", "change", "change_low", "change_high", "p50", "p90", "cumulative"})


@dataclass(frozen=True, slots=True)
class Cell:
    value: str
    """As the API has it."""
    words: str
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    key: str
    title: str
    drawings: Mapping[str, Markup]
    """By width, "both" where one serves either; empty where a table says more."""
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    csv: str


def charts(view: View, wanted: Wanted, found: Found) -> list[Chart]:
    return [chart(view, wanted, statistic, lines) for statistic, lines in found.lines.items()]


def chart(view: View, wanted: Wanted, statistic: Statistic, lines: Sequence[Any]) -> Chart:
    title = _title(view, statistic, lines)
    return Chart(
        key=statistic.value,
        title=title,
        drawings=_drawings(view, statistic, title, lines) if lines else {},
        columns=list(lines[0].values()) if lines else [],
        rows=[_row(view, wanted, statistic, line) for line in lines],
        csv=f"/statistics/{statistic}.csv?{urlencode(address_of(wanted))}",
    )


def _drawings(view: View, statistic: Statistic, title: str, lines: Sequence[Any]) -> Mapping[str, Markup]:
    if statistic is Statistic.VERSION_REASONS:
        return {"both": _panels(view, title, lines)}
    draw = _DRAWN.get(statistic)
    return {name: draw(view, title, lines, width) for name, width in WIDTHS.items()} if draw else {}


def address_of(wanted: Wanted) -> list[tuple[str, str]]:
    """Return the statistic's own address: its filters, each version apart, and what it rests on."""
    filters = [(name, value) for name, value in wanted.filters.items() if name != "version"]
    filters += [("version", version) for version in wanted.versions]
    more = [("source", wanted.source.value), ("by", wanted.by.value)]
    return [*filters, *more, *([("baseline", wanted.baseline)] if wanted.baseline else [])]


def log_of(wanted: Wanted, filters: Mapping[str, str]) -> str:
    """Return where the log lists the replies behind a line of these *filters*: of a rate of judged ones, its *k*."""
    return "/replies?" + urlencode({**wanted.filters, "state": "finished", **filters})


def named(view: View, statistic: Statistic, name: str, value: Value) -> str:
    """Return a value of a line in the visitor's words."""
    if name == "reason":
        kind = "why" if statistic in _OF_REASONS else "reason"
        return view.t(f"{kind}.{value}", default=str(value))
    if name in _WORDED:
        return view.t(f"{_WORDED[name]}.{value}", default=str(value))
    return str(value)


def rated(view: View, line: Any) -> str:  # noqa: ANN401 - any line with a rate
    """Say a rate and what stands behind it."""
    if not line.n:
        return view.t("statistics.not_rated")
    if line.rate is None:
        return view.t("statistics.too_few", n=line.n)
    few = f" · {view.t('statistics.few')}" if line.few else ""
    return f"{view.percent(line.rate)} ({line.k}/{line.n}){few}"


def _row(view: View, wanted: Wanted, statistic: Statistic, line: Line) -> list[Cell]:
    cells = [Cell(raw(value), said(view, statistic, name, value), None) for name, value in line.values().items()]
    if line.filters:
        names = list(line.values())
        place = next((names.index(each) for each in _FIRST if each in names), 0)
        cells[place] = replace(cells[place], link=log_of(wanted, line.filters))
        if "replies" in names and "verdict" in line.filters:
            judged_or_not = {name: value for name, value in line.filters.items() if name not in _OF_REVIEWS}
            cells[names.index("replies")] = replace(cells[names.index("replies")], link=log_of(wanted, judged_or_not))
    return cells


_OF_REVIEWS = ("verdict", "queue", "why")
_FIRST = ("group", "reason", "week", "day", "version")


def raw(value: Any) -> str:  # noqa: ANN401 - any of a line's values
    """Write a figure as tables and CSV files have it: what the API says, a missing one empty, a list with spaces."""
    return "" if value is None else " ".join(map(str, value)) if isinstance(value, list) else str(value)


def said(view: View, statistic: Statistic, name: str, value: Any) -> str:  # noqa: ANN401 - any of a line's values
    """Return a figure of a line as its page writes it; a missing one as a dash."""
    match value:
        case str() if name in {"day", "week"}:
            words = view.day(date.fromisoformat(value))
        case None:
            words = "–"
        case bool():
            words = view.t("statistics.yes" if value else "statistics.no")
        case list():
            words = " ".join(view.percent(each) for each in value)
        case int() | float() if name in _SHARES:
            words = view.number(value) if statistic is Statistic.AGREEMENT else view.percent(value)
        case int() | float() if name.endswith("_ms"):
            words = view.duration(value)
        case int() | float() if name.startswith("cost"):
            words = view.dollars(value, 2 if value >= 1 or not value else 5)
        case _:
            words = named(view, statistic, name, value)
    return words


def _title(view: View, statistic: Statistic, lines: Sequence[Any]) -> str:
    if not lines:
        return view.t(f"chart.{statistic}.empty", default=view.t(f"chart.{statistic}"))
    if statistic is Statistic.APPROVAL:
        return _compared(view, lines)
    if statistic is Statistic.REJECT_REASONS:
        return view.t("chart.reject-reasons.found", reason=named(view, statistic, "reason", lines[0].reason))
    result = _result(view, statistic, lines)
    return view.t(f"chart.{statistic}.found", **result) if result else view.t(f"chart.{statistic}")


def _compared(view: View, lines: Sequence[Any]) -> str:
    baseline = next((line.group for line in lines if line.comparison == "baseline"), None)
    if baseline is None:
        return view.t("chart.approval.empty")
    clear = [line for line in lines if line.comparison in {"better", "worse"}]
    if not clear:
        return _unclear(view, sorted((line for line in lines if line.rate is not None), key=lambda line: line.rate))
    line = max(clear, key=lambda each: abs(each.change))
    low, high = sorted((abs(line.change_low), abs(line.change_high)))
    points = {name: round(100 * each) for name, each in (("by", abs(line.change)), ("low", low), ("high", high))}
    return view.t(f"chart.approval.{line.comparison}", group=line.group, baseline=baseline, **points)


def _unclear(view: View, lines: Sequence[Any]) -> str:
    """Say that nothing is clear yet, and how many more ratings of the two that differ most would tell."""
    if lines[:1] == lines[-1:]:
        return view.t("chart.approval")
    more = more_to_tell(*(Rate(line.k, line.n, line.rate) for line in (lines[-1], lines[0])))
    return view.t("chart.approval.more", n=view.count(more)) if more else view.t("chart.approval.unclear")


def _result(view: View, statistic: Statistic, lines: Sequence[Any]) -> dict[str, str] | None:
    """Return what the title says of the figures; None where it only names the chart."""
    match statistic:
        case Statistic.FUNNEL:
            rate = next(line.rate for line in lines if line.step == Step.UNEDITED)
            return None if rate is None else {"share": view.percent(rate)}
        case Statistic.HANDOFFS | Statistic.COVERAGE:
            of = sum(line.n for line in lines)
            return {"share": view.percent(sum(line.k for line in lines) / of)} if of else None
        case Statistic.AGREEMENT:
            return {"share": view.percent(lines[0].rate)} if lines[0].n else None
        case Statistic.LATENCY:
            half, most = lines[-1].p50_ms, lines[-1].p95_ms
            return None if half is None else {"half": view.duration(half), "most": view.duration(most)}
        case _:
            return None


def _rates(  # noqa: PLR0913, PLR0917 - what is drawn, bound first
    statistic: Statistic, name: str, view: View, title: str, lines: Sequence[Any], width: int
) -> Markup:
    marks = [
        Mark(
            label=named(view, statistic, name, getattr(line, name)),
            said=rated(view, line),
            at=line.rate,
            low=line.low,
            high=line.high,
            hollow=line.few,
        )
        for line in lines
    ]
    return dots(title, marks, QUARTERS, width)


def _pareto(view: View, title: str, lines: Sequence[Any], width: int) -> Markup:
    given = sum(line.k for line in lines)
    marks = [
        Mark(label=named(view, Statistic.REJECT_REASONS, "reason", line.reason), said=rated(view, line))
        for line in lines
    ]
    return pareto(title, marks, [(line.k / given, line.cumulative) for line in lines], width)


def _panels(view: View, title: str, lines: Sequence[Any]) -> Markup:
    """Draw each version's reasons on a scale of their own, one and the same in every panel."""
    top = max((line.high for line in lines if line.high is not None), default=1.0)
    ticks = [(each, view.percent(each * top)) for each in (0.0, 0.5, 1.0)]
    versions = list(dict.fromkeys(line.version for line in lines))[:_PANELS]
    panel = Markup("<figure><figcaption><code>{}</code></figcaption>{}</figure>")
    return Markup("").join(
        panel.format(
            version,
            dots(
                f"{title} · {version}",
                [_scaled(view, line, top) for line in lines if line.version == version],
                ticks,
                WIDTHS["narrow"],
            ),
        )
        for version in versions
    )


def _scaled(view: View, line: Any, top: float) -> Mark:  # noqa: ANN401 - a line of a version's reasons
    return Mark(
        label=named(view, Statistic.VERSION_REASONS, "reason", line.reason),
        said=rated(view, line),
        at=None if line.rate is None else line.rate / top,
        low=None if line.low is None else line.low / top,
        high=None if line.high is None else line.high / top,
        hollow=line.few,
    )


def _agreement(view: View, title: str, lines: Sequence[Any], width: int) -> Markup:
    marks = [
        Mark(
            label=view.t(f"measure.{line.measure}"),
            said=view.number(line.rate) if line.rate is not None else rated(view, line),
            at=_clipped(line.rate),
            low=_clipped(line.low),
            high=_clipped(line.high),
            hollow=line.few,
        )
        for line in lines
    ]
    return dots(title, marks, [(each / 4, view.number(each / 4)) for each in range(5)], width)


def _clipped(value: float | None) -> float | None:
    return None if value is None else min(1.0, max(0.0, value))


def _handoffs(view: View, title: str, lines: Sequence[Any], width: int) -> Markup:
    top = max([line.high for line in lines if line.high is not None], default=1.0)
    points = [
        Point(
            label=view.short_day(line.week),
            at=None if line.rate is None else line.rate / top,
            low=None if line.low is None else line.low / top,
            high=None if line.high is None else line.high / top,
            hollow=line.few,
        )
        for line in lines
    ]
    return series(title, points, view.percent(top), width)


def _volume(view: View, title: str, lines: Sequence[Any], width: int) -> Markup:
    top = max([line.replies or 0 for line in lines], default=0) or 1
    points = [
        Point(
            label=view.short_day(line.day),
            at=None if line.replies is None else line.replies / top,
            low=None if line.handoffs is None else line.handoffs / top,
        )
        for line in lines
    ]
    return bars(title, points, str(top), width)


def _edits(view: View, title: str, lines: Sequence[Any], width: int) -> Markup:
    curved = [(f"{line.version} (n = {line.n})", line.curve) for line in lines[:_CURVES]]
    return curves(title, curved, (view.t("chart.edits.none"), view.t("chart.edits.all")), width)


def _latency(view: View, title: str, lines: Sequence[Any], width: int) -> Markup:
    marks = []
    for line in lines:
        said = "–" if line.p50_ms is None else f"{view.duration(line.p50_ms)} – {view.duration(line.p95_ms)}"
        low, high = _log(line.p50_ms), _log(line.p95_ms)
        marks.append(Mark(label=view.t(f"stage.{line.stage}"), said=said, at=high, low=low, high=high))
    ticks = [(_log(each) or 0.0, view.duration(each)) for each in (1, 100, 3_000, 60_000)]
    return dots(title, marks, ticks, width)


def _log(milliseconds: float | None) -> float | None:
    """Return the place between a millisecond and a minute on an axis of powers."""
    return None if milliseconds is None else _clipped(math.log10(max(milliseconds, 1)) / math.log10(60_000))


_DRAWN: Mapping[Statistic, Callable[[View, str, Sequence[Any], int], Markup]] = {
    Statistic.APPROVAL: partial(_rates, Statistic.APPROVAL, "group"),
    Statistic.FUNNEL: partial(_rates, Statistic.FUNNEL, "step"),
    Statistic.EDITS: _edits,
    Statistic.VOLUME: _volume,
    Statistic.HANDOFFS: _handoffs,
    Statistic.VERSION_HANDOFFS: partial(_rates, Statistic.VERSION_HANDOFFS, "version"),
    Statistic.HANDOFF_REASONS: partial(_rates, Statistic.HANDOFF_REASONS, "reason"),
    Statistic.REJECT_REASONS: _pareto,
    Statistic.LATENCY: _latency,
    Statistic.AGREEMENT: _agreement,
}
