"""Charts as SVG, made on the server: each is drawn once wide and once narrow, so that its words stay legible."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

WIDTHS = {"wide": 640, "narrow": 340}
QUARTERS = [(0.0, "0"), (0.25, "25"), (0.5, "50"), (0.75, "75"), (1.0, "100 %")]
_TEXT = {640: 12.5, 340: 14.5}
"""Pixels: a phone of 320 pixels shows the narrow one at 85 %, and 12 pixels are the least."""
_LETTER = 0.54
"""How wide a letter is on average, of its size."""
_ROW = 46
_STRIP = 120
_WIDEST = 14.0
_PLOT = 150
_FOOT = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A line of a dot plot; places are in [0, 1] from left to right."""

    label: str
    said: str
    """The figure in words, at the right."""
    at: float | None = None
    low: float | None = None
    high: float | None = None
    hollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of a series; *at* and its interval are in [0, 1] from bottom to top, None where nothing is known."""

    label: str
    at: float | None = None
    low: float | None = None
    high: float | None = None
    hollow: bool = False


def dots(title: str, marks: Sequence[Mark], ticks: Sequence[tuple[float, str]], width: int) -> Markup:
    """Draw each mark's interval as a line with its value as a dot, hollow where it rests on few."""
    inset, bottom = 8, len(marks) * _ROW + 4
    scale = width - 2 * inset
    parts = [_tick(inset + at * scale, words, bottom, width) for at, words in ticks]
    for number, mark in enumerate(marks):
        top = number * _ROW + 14
        parts += [_words(0, top, _fitted(mark, width)), _words(width, top, mark.said, "end", "figure")]
        level = top + 15
        parts.append(_line(inset, level, width - inset, level, "track"))
        if mark.low is not None and mark.high is not None:
            parts.append(_line(inset + mark.low * scale, level, inset + mark.high * scale, level, "interval"))
        if mark.at is not None:
            parts.append(_dot(inset + mark.at * scale, level, hollow=mark.hollow))
    return _svg(title, width, bottom + _FOOT, parts)


def pareto(title: str, marks: Sequence[Mark], parts: Sequence[tuple[float, float]], width: int) -> Markup:
    """Draw a bar for each mark, and a dot that adds them up: *parts* has each bar's part of all, and the sum so far."""
    inset, bottom = 8, len(marks) * _ROW + 4
    scale = width - 2 * inset
    drawn = [_tick(inset + at * scale, words, bottom, width) for at, words in QUARTERS]
    for number, (mark, (own, added)) in enumerate(zip(marks, parts, strict=True)):
        top = number * _ROW + 14
        drawn += [_words(0, top, _fitted(mark, width)), _words(width, top, mark.said, "end", "figure")]
        level = top + 15
        drawn += [_line(inset, level, width - inset, level, "track"), _box(inset, level - 6, own * scale, 12, "bar")]
        drawn.append(_dot(inset + added * scale, level, hollow=False))
    return _svg(title, width, bottom + _FOOT, drawn)


def interval(at: float, low: float, high: float, *, hollow: bool) -> Markup:
    """Draw one interval from 0 to 1 for a cell of a table, whose words stand beside it."""
    wide, level, inset = _STRIP, 8, 6
    scale = wide - 2 * inset
    parts = [
        _line(inset, level, wide - inset, level, "track"),
        _line(inset + low * scale, level, inset + high * scale, level, "interval"),
        _dot(inset + at * scale, level, hollow=hollow),
    ]
    shape = Markup('<svg viewBox="0 0 {w} 16" width="{w}" height="16" aria-hidden="true">{p}</svg>')
    return shape.format(w=wide, p=Markup("").join(parts))


def series(title: str, points: Sequence[Point], top: str, width: int) -> Markup:
    """Draw points with their intervals over time; the line between them breaks where one is missing."""
    place = [_x(number, len(points), width) for number in range(len(points))]
    parts = _frame(top, width)
    for number, (here, there) in enumerate(pairwise(points)):
        if here.at is not None and there.at is not None:
            parts.append(_line(place[number], _y(here.at), place[number + 1], _y(there.at), "joined"))
    for x, point in zip(place, points, strict=True):
        if point.at is None:
            continue
        if point.low is not None and point.high is not None:
            parts.append(_line(x, _y(point.low), x, _y(point.high), "interval"))
        parts.append(_dot(x, _y(point.at), hollow=point.hollow))
    return _svg(title, width, _PLOT + _FOOT, parts + _ends(points, width))


def bars(title: str, points: Sequence[Point], top: str, width: int) -> Markup:
    """Draw a bar for each point, the part up to its *low* darker; where nothing is known there is no bar."""
    wide = min(_WIDEST, (width - 40) / max(len(points), 1) * 0.72)
    parts = _frame(top, width)
    for number, point in enumerate(points):
        if point.at is None:
            continue
        x = _x(number, len(points), width) - wide / 2
        parts.append(_bar(x, wide, point.at, "bar"))
        if point.low:
            parts.append(_bar(x, wide, point.low, "bar strong"))
    return _svg(title, width, _PLOT + _FOOT, parts + _ends(points, width))


def curves(title: str, named: Sequence[tuple[str, Sequence[float]]], ends: tuple[str, str], width: int) -> Markup:
    """Draw each named curve of values in [0, 1] at even places; each has dashes of its own."""
    parts = _frame("100 %", width)
    head = len(named) * 18
    for number, (name, values) in enumerate(named):
        path = " ".join(f"{_x(place, len(values), width):.1f},{_y(each):.1f}" for place, each in enumerate(values))
        parts.append(Markup('<polyline class="curve c{}" points="{}"/>').format(number % 4, path))
        level = _PLOT + _FOOT + number * 18 + 12
        parts += [_line(0, level - 4, 26, level - 4, f"curve c{number % 4}"), _words(34, level, name)]
    foot = [_words(30, _PLOT + 14, ends[0]), _words(width, _PLOT + 14, ends[1], "end")]
    return _svg(title, width, _PLOT + _FOOT + head, parts + foot)


def _svg(title: str, width: int, height: float, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{t}" font-size="{s}">{p}</svg>'
    ).format(w=width, h=round(height), t=title, s=_TEXT[width], p=Markup("").join(parts))


def _frame(top: str, width: int) -> list[Markup]:
    return [
        _line(30, _y(0), width, _y(0), "track"),
        _line(30, _y(1), width, _y(1), "track"),
        _words(0, _y(0) + 4, "0"),
        _words(0, _y(1) - 5, top),
    ]


def _ends(points: Sequence[Point], width: int) -> list[Markup]:
    if not points:
        return []
    last = [_words(width, _PLOT + 14, points[-1].label, "end")] if len(points) > 1 else []
    return [_words(30, _PLOT + 14, points[0].label), *last]


def _x(number: int, of: int, width: int) -> float:
    return 38 + (width - 46) * (number / (of - 1) if of > 1 else 0.5)


def _y(share: float) -> float:
    return _PLOT - 4 - share * (_PLOT - 26)


def _fitted(mark: Mark, width: int) -> str:
    """Return as much of the label as stands beside the figure; the table has it whole."""
    room = int(width / (_TEXT[width] * _LETTER)) - len(mark.said) - 2
    return mark.label if len(mark.label) <= room else mark.label[: room - 1].rstrip() + "…"


def _tick(x: float, words: str, bottom: float, width: int) -> Markup:
    anchor = "start" if x < 12 else "end" if x > width - 12 else "middle"  # noqa: PLR2004 - at an edge
    return _line(x, 4, x, bottom, "grid") + _words(x, bottom + 15, words, anchor, "soft")


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    shape = Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>')
    return shape.format(kind, x1, y1, x2, y2)


def _dot(x: float, y: float, *, hollow: bool) -> Markup:
    return Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="5"/>').format("hollow" if hollow else "dot", x, y)


def _bar(x: float, wide: float, share: float, kind: str) -> Markup:
    return _box(x, _y(share), wide, _y(0) - _y(share), kind)


def _box(x: float, y: float, wide: float, high: float, kind: str) -> Markup:
    shape = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    return shape.format(kind, x, y, wide, high)


def _words(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> Markup:
    shape = Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
    return shape.format(kind, x, y, anchor, words)
