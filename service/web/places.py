"""The places of pages that are to come: each says so, and what does the work until then."""

from fastapi import APIRouter, Response

from service.web.routes import PageRoute
from service.web.view import ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_UNTIL_THEN = {
    "replays": {"compare": "/compare", "try": "/prompts/try"},
    "gaps": {
        "no_passages": "/replies?decision=handoff&reason=no_passages",
        "no_answer": "/replies?decision=handoff&reason=no_answer",
        "bad_passage": "/replies?verdict=reject&why=bad_passage",
        "findings": "/knowledge/findings",
    },
}
"""By place: where to go meanwhile."""


@router.get("/replays")
async def show_replays(view: ViewDep) -> Response:
    """Say that logged tickets cannot be answered again by another version yet."""
    return view.page("place.html", here="replays", until_then=_UNTIL_THEN["replays"])


@router.get("/gaps")
async def show_gaps(view: ViewDep) -> Response:
    """Say that tickets without an answer are not grouped yet, and where they are."""
    return view.page("place.html", here="gaps", until_then=_UNTIL_THEN["gaps"])
