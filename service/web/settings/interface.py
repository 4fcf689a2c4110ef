"""What a visitor sets for this browser: the language, and whether single letters do anything."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from service.web.language import COOKIE as LANGUAGE
from service.web.language import LANGUAGES
from service.web.routes import PageRoute
from service.web.view import ViewDep

router = APIRouter(prefix="/settings", route_class=PageRoute, include_in_schema=False)

KEYS = "aplomb_keys"
"""The cookie that the pages' script reads: `off` when single letters do nothing."""
_YEAR_S = 31_536_000


@router.get("/interface")
async def show_interface(view: ViewDep, saved: str = "") -> Response:
    """Show the form as this browser has it."""
    return view.page(
        "settings/interface.html",
        here="settings",
        tab="interface",
        codes=LANGUAGES,
        keys_off=view.request.cookies.get(KEYS) == "off",
        saved=bool(saved),
    )


@router.post("/interface")
async def set_interface(
    language: Annotated[str, Form(max_length=10)] = "", keys: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Keep the choice in this browser for a year."""
    response = RedirectResponse("/settings/interface?saved=yes", 303)
    if language in LANGUAGES:
        response.set_cookie(LANGUAGE, language, max_age=_YEAR_S, httponly=True, samesite="lax")
    if keys == "off":
        response.set_cookie(KEYS, "off", max_age=_YEAR_S, samesite="lax")
    else:
        response.delete_cookie(KEYS, samesite="lax")
    return response
