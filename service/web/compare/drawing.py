"""Wins, ties and losses as one bar, made on the server in two widths."""

from collections.abc import Sequence

from markupsafe import Markup

_TALL = 34
_GAP = 2
_TEXT = {640: 12.5, 340: 14.5}
_ROOM = 22
"""Pixels below which a part has no room for its number; the figures beside the bar have it."""


def stacked(title: str, parts: Sequence[tuple[str, int, str]], width: int) -> Markup:
    """Draw *parts*, each a kind, a number and a word, side by side in proportion; those of 0 are left out."""
    kept = [part for part in parts if part[1]]
    scale = (width - _GAP * (len(kept) - 1)) / sum(number for _, number, _ in kept)
    drawn, x = [], 0.0
    for kind, number, word in kept:
        wide = number * scale
        drawn.append(_part(kind, x, wide, number, word))
        x += wide + _GAP
    return Markup(
        '<svg viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{t}" font-size="{s}">{p}</svg>'
    ).format(w=width, h=_TALL, t=title, s=_TEXT[width], p=Markup("").join(drawn))


def _part(kind: str, x: float, wide: float, number: int, word: str) -> Markup:
    shape = Markup('<g class="{}"><title>{}: {}</title><rect x="{:.1f}" y="0" width="{:.1f}" height="{}" rx="3"/>')
    part = shape.format(kind, word, number, x, wide, _TALL)
    if wide >= _ROOM:
        text = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>')
        part += text.format(x + wide / 2, _TALL / 2 + 4.5, number)
    return part + Markup("</g>")
