"""What holds for every page: strict headers, errors in our looks, the language link, and forms only from ourselves."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from service.access.door import Door
from service.access.sessions import COOKIE as SESSION
from service.errors import ServiceError
from service.web.language import COOKIE, LANGUAGES, PARAMETER
from service.web.view import View

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    # Under `no-referrer` a browser sends `Origin: null` with our own form, and we could not tell it from a foreign one.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}
_KINDS = {404: "not-found", 413: "too-large"}
"""What an HTTP error of the framework is called among ours."""
_YEAR_S = 31_536_000

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def refusal(request: Request, error: ServiceError) -> Response:
    """Return the page that says why the visitor may not see the page that was asked for."""
    return _with_headers(_error(request, error))


class PageRoute(APIRoute):
    """The route class of all pages."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return _with_headers(await _handle(request, inner))

        return handle


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


async def _handle(request: Request, inner: Handler) -> Response:
    chosen = request.query_params.get(PARAMETER)
    if chosen in LANGUAGES and request.method == "GET":
        return _remember(request, chosen)
    try:
        if request.method == "POST" and not await _is_ours(request):
            return _page(request, 403, "foreign-form")
        return await inner(request)
    except (ServiceError, RequestValidationError, HTTPException) as exc:
        return _error(request, exc)


def _remember(request: Request, chosen: str) -> Response:
    """Keep the language in a cookie and come back to the same page."""
    back = request.url.remove_query_params(PARAMETER)
    response = RedirectResponse(back.path + (f"?{back.query}" if back.query else ""), 303)
    response.set_cookie(COOKIE, chosen, max_age=_YEAR_S, httponly=True, samesite="lax")
    return response


async def _is_ours(request: Request) -> bool:
    """Say whether the form comes from one of our pages, and carries the token of the visitor's session."""
    if not _is_sent_by_us(request):
        return False
    door: Door = request.app.state.services.door
    token = (await request.form()).get("csrf")
    return isinstance(token, str) and door.sessions.is_form_token(token, request.cookies.get(SESSION, ""))


def _is_sent_by_us(request: Request) -> bool:
    """Ask the browser; a client that tells nothing should use the API."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host")


def _error(request: Request, error: ServiceError | RequestValidationError | HTTPException) -> Response:
    match error:
        case ServiceError():
            return _page(request, error.status, error.type, error.detail)
        case HTTPException():
            return _page(request, error.status_code, _KINDS.get(error.status_code, "invalid-input"))
        case _:
            return _page(request, 422, "invalid-input")


def _page(request: Request, status: int, kind: str, detail: str = "") -> Response:
    return View.of(request).page("error.html", status, here=None, kind=kind, detail=detail)
