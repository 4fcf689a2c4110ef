"""How the pages name what is compared, and show both sides of a pair."""

from dataclasses import dataclass

from service.domain import LoggedReply
from service.prompting.versions.labels import FILES, PRODUCTION
from service.prompting.versions.overview import Overview
from service.review.comparison.sides import Comparison, Pair, Preferred, Side
from service.review.comparison.writing import said
from service.web.shown.reply import ReplyView
from service.web.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    letter: str
    """`A` or `B`."""
    shown: ReplyView
    text: str
    """What the customer reads."""
    by: Side | None
    """What wrote it; None while the pair is read blind."""
    role: str
    """`candidate` or `baseline`; empty while the pair is read blind."""


def sides_of(pair: Pair, comparison: Comparison | None) -> tuple[SideView, SideView]:
    """Return both sides as they stand on the page; without a *comparison* nothing says what wrote them."""
    by = {Preferred.CANDIDATE: comparison.candidate, Preferred.BASELINE: comparison.baseline} if comparison else {}
    roles = (Preferred.CANDIDATE, Preferred.BASELINE) if pair.is_swapped else (Preferred.BASELINE, Preferred.CANDIDATE)
    return _side("A", pair.a, roles[0], by), _side("B", pair.b, roles[1], by)


def _side(letter: str, logged: LoggedReply, role: Preferred, by: dict[Preferred, Side]) -> SideView:
    return SideView(
        letter=letter,
        shown=ReplyView.of(logged, prefix=f"{letter}-"),
        text=said(logged),
        by=by.get(role),
        role=role.value if by else "",
    )


def named(side: Side) -> str:
    """Return what a side is called: its label with the version that it meant, and its chat model if that was set."""
    label = side.version if side.asked == side.version else f"{side.asked} · {side.version}"
    return f"{label} · {side.chat_model}" if side.chat_model else label


def choices_of(view: View, seen: Overview) -> list[tuple[str, str]]:
    """Return what can be compared, as value and words: labels first, then versions, newest first."""
    labels = {PRODUCTION: seen.production, FILES: seen.files.version}
    labels |= {move.label: move.version for move in seen.labels}
    said_of = [(label, f"{label} → {version}") for label, version in labels.items() if version]
    kept = [
        (each.text.version, f"{each.text.version} · {each.text.tone_id} · {view.day(each.created_at)}")
        for each in seen.versions
    ]
    return [*said_of, *kept]


def usual_candidate(seen: Overview) -> str:
    """Return what is most likely to be compared with production: another label, else the newest other version."""
    label = next((move.label for move in seen.labels if move.version != seen.production), None)
    if label or seen.files.version not in {None, seen.production}:
        return label or FILES
    newest = next((each.text.version for each in seen.versions if each.text.version != seen.production), None)
    return newest or FILES
