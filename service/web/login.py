"""Logging in with an access key, and out again."""

import re
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.access.sessions import COOKIE, LASTS
from service.deps import DoorDep
from service.errors import KeyRequiredError, RateLimitError
from service.web.routes import PageRoute
from service.web.view import ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_OUR_PLACE = re.compile(r"/(?![/\\])[^\s\\]{0,2000}")
"""A path of ours: never `//host`, which a browser takes for another site."""


@router.get("/login")
async def show_login(view: ViewDep, door: DoorDep, next: str = "/") -> Response:  # noqa: A002 - the address's own word
    """Ask for a key; a service without keys needs none."""
    if not await door.has_keys():
        return RedirectResponse("/", 303)
    return view.page("login.html", here=None, next=_place(next), wrong=False)


@router.post("/login")
async def log_in(request: Request, view: ViewDep, door: DoorDep) -> Response:
    """Begin a session with the key, and go where the visitor wanted to."""
    sent = await request.form()
    place = _place(str(sent.get("next") or "/"))
    try:
        caller = await door.by_key(str(sent.get("key") or "").strip())
    except (KeyRequiredError, RateLimitError) as exc:
        return view.page("login.html", exc.status, here=None, next=place, wrong=True)
    if caller.key_id is None:
        # The token of a process on this machine is no person's key.
        return view.page("login.html", KeyRequiredError.status, here=None, next=place, wrong=True)
    response = RedirectResponse(place, 303)
    response.set_cookie(
        COOKIE,
        door.sessions.begin(caller.key_id, datetime.now(UTC)),
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


@router.post("/logout")
async def log_out() -> Response:
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def _place(asked: str) -> str:
    return asked if _OUR_PLACE.fullmatch(asked) else "/"
