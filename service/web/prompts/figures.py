"""What the statistics tell of each prompt version, for its row in the table of versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from service.review.statistics.statistics import Found, Statistic
from service.review.statistics.wanted import Wanted
from service.web.statistics.charts import log_of, rated, said
from service.web.statistics.drawing import interval
from service.web.view import View

READ = (Statistic.APPROVAL, Statistic.EDITS, Statistic.VERSION_HANDOFFS, Statistic.COSTS)
"""What the figures are of."""
COLUMNS = ("drafts", "approved", "edited", "handed_off", "cost")
_NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    words: str
    link: str | None = None
    """Where its replies are listed; None when there is none."""
    more: str = ""
    drawing: Markup | None = None


def figures(view: View, wanted: Wanted, found: Found) -> dict[str, dict[str, Figure]]:
    """Return the figures by version and then by column, of versions that wrote replies; approval is by version."""
    edits, handoffs, costs = (_by_version(found, each) for each in READ[1:])
    lines: list[Any] = list(found.lines[Statistic.APPROVAL])
    return {
        line.group: {
            "drafts": Figure(words=view.count(line.replies), link=log_of(wanted, {"version": line.group})),
            "approved": _approved(view, wanted, line),
            "edited": _edited(view, wanted, edits.get(line.group)),
            "handed_off": _handed_off(view, wanted, handoffs[line.group]),
            "cost": _cost(view, wanted, costs[line.group]),
        }
        for line in lines
    }


def unused(view: View) -> dict[str, Figure]:
    """Return the figures of a version that wrote nothing."""
    none = dict.fromkeys(COLUMNS, Figure(words=_NONE))
    return none | {"drafts": Figure(words="0"), "approved": Figure(words=view.t("statistics.not_rated"))}


def _by_version(found: Found, statistic: Statistic) -> Mapping[str, Any]:
    lines: list[Any] = list(found.lines[statistic])
    return {line.version: line for line in lines}


def _approved(view: View, wanted: Wanted, line: Any) -> Figure:  # noqa: ANN401 - a line of approval
    if line.rate is None:
        return Figure(words=rated(view, line))
    return Figure(
        words=rated(view, line),
        link=log_of(wanted, line.filters),
        more=view.t("prompts.interval", low=view.percent(line.low), high=view.percent(line.high)),
        drawing=interval(line.rate, line.low, line.high, hollow=line.few),
    )


def _edited(view: View, wanted: Wanted, line: Any) -> Figure:  # noqa: ANN401 - a line of edits, or None
    if line is None:
        return Figure(words=_NONE)
    words = said(view, Statistic.EDITS, "p50", line.p50)
    return Figure(words=words, link=log_of(wanted, line.filters), more=f"n = {view.count(line.n)}")


def _handed_off(view: View, wanted: Wanted, line: Any) -> Figure:  # noqa: ANN401 - a line of hand-offs
    words = f"{view.percent(line.rate)} ({line.k}/{line.n})"
    return Figure(words=words, link=log_of(wanted, line.filters))


def _cost(view: View, wanted: Wanted, line: Any) -> Figure:  # noqa: ANN401 - a line of costs
    if line.cost_per_reply is None:
        return Figure(words=_NONE)
    words = said(view, Statistic.COSTS, "cost_per_reply", line.cost_per_reply)
    return Figure(words=words, link=log_of(wanted, line.filters), more=f"n = {view.count(line.n)}")
