"""What came of a comparison, in words and as a drawing."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from service.review.statistics.evidence import STOP
from service.review.statistics.preferences import Preferences
from service.web.compare.drawing import stacked
from service.web.statistics.drawing import WIDTHS, Mark, dots
from service.web.view import View

_QUARTERS = [(0.0, "0"), (0.25, "25"), (0.5, "50"), (0.75, "75"), (1.0, "100 %")]
_TOLD = 1_000
"""Odds beyond it are told as more than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownResults:
    title: str
    """The result as a sentence."""
    odds: str
    """`14 : 1`."""
    evidence: str
    """What the odds mean, in a sentence."""
    test: str
    """The exact test, or when there will be one."""
    bars: Mapping[str, Markup]
    """By width; empty before the first judgement."""
    rates: Mapping[str, Markup]


def shown_results(view: View, planned: int, found: Preferences) -> ShownResults:
    title = _title(view, found)
    return ShownResults(
        title=title,
        odds=odds(view, found.evidence),
        evidence=_evidence(view, found),
        test=_test(view, planned, found),
        bars={name: _bar(view, found, width) for name, width in WIDTHS.items()} if found.judged else {},
        rates={name: _rate(view, found, width) for name, width in WIDTHS.items()} if found.decided else {},
    )


def odds(view: View, evidence: float) -> str:
    """Write an e-value as odds: `14 : 1`, and below one the other way round, `1 : 3`."""
    if evidence > _TOLD:
        return f"> {view.number(_TOLD, 0)} : 1"
    if evidence < 1:
        return f"1 : {_short(view, 1 / evidence)}"
    return f"{_short(view, evidence)} : 1"


def _short(view: View, figure: float) -> str:
    return view.number(figure, 0 if figure >= 10 or round(figure, 1) == round(figure) else 1)  # noqa: PLR2004 - a tenth matters below


def _title(view: View, found: Preferences) -> str:
    if not found.decided:
        return view.t("compare.result.none")
    if not found.may_stop:
        return view.t("compare.result.unclear")
    return view.t("compare.result.candidate" if found.wins > found.losses else "compare.result.baseline")


def _evidence(view: View, found: Preferences) -> str:
    key = "enough" if found.may_stop else "little" if found.evidence > 1 else "nothing"
    return view.t(f"compare.evidence.{key}", odds=odds(view, found.evidence), stop=odds(view, STOP))


def _test(view: View, planned: int, found: Preferences) -> str:
    if found.p_value is None:
        return view.t("compare.test.later", planned=planned)
    p = view.number(found.p_value, 3) if found.p_value >= 0.001 else view.t("compare.test.tiny")  # noqa: PLR2004 - three digits
    return view.t("compare.test.told", p=p, planned=planned)


def _bar(view: View, found: Preferences, width: int) -> Markup:
    parts = [
        ("wins", found.wins, view.t("compare.wins")),
        ("ties", found.ties, view.t("compare.ties")),
        ("losses", found.losses, view.t("compare.losses")),
    ]
    return stacked(view.t("compare.bar", wins=found.wins, ties=found.ties, losses=found.losses), parts, width)


def _rate(view: View, found: Preferences, width: int) -> Markup:
    rate = found.rate
    few = f" · {view.t('statistics.few')}" if rate.is_few else ""
    said = f"{view.percent(rate.value or 0)} ({rate.k}/{rate.n}){few}"
    mark = Mark(
        label=view.t("compare.rate"),
        said=said,
        at=rate.value,
        low=rate.interval.low if rate.interval else None,
        high=rate.interval.high if rate.interval else None,
        hollow=rate.is_few,
    )
    return dots(f"{view.t('compare.rate')}: {said}", [mark], _QUARTERS, width)
