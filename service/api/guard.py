"""The outermost rule: who calls, and whether they may; nothing of a request's body is read before."""

from collections.abc import Callable
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.callers import LOCAL, Caller
from service.access.door import Door
from service.access.sessions import COOKIE
from service.api.problems import respond
from service.api.rules import Rule, Rules, is_static
from service.errors import (
    AccessError,
    ForeignFormError,
    ForeignHostError,
    KeyRequiredError,
    ScopeMissingError,
    ServiceError,
)

CSRF_HEADER = "x-csrf-token"
_FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

PageRefusal = Callable[[Request, ServiceError], Response]


class Guard:
    """
    ASGI middleware: leaves `caller` and `form_token` in the request's state, or answers itself.

    *hosts* are the names that an open service answers to, None for every name; *opens* says whether it may be open at
    all as long as there is no key; *on_page* makes the answer to a browser.
    """

    def __init__(
        self, app: ASGIApp, *, rules: Rules, hosts: frozenset[str] | None, opens: bool, on_page: PageRefusal
    ) -> None:
        self._app = app
        self._rules = rules
        self._hosts = hosts
        self._opens = opens
        self._on_page = on_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        rule = self._rules.match(request.method, scope["path"])
        try:
            request.state.caller = await self._caller(request, rule)
        except ServiceError as exc:
            await self._refusal(request, rule, exc)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _caller(self, request: Request, rule: Rule | None) -> Caller | None:
        """Return who calls; None at an open door that nobody came through with a key."""
        door: Door = request.app.state.services.door
        cookie = request.cookies.get(COOKIE, "")
        request.state.form_token = door.sessions.form_token(cookie)
        is_open = is_static(request.scope["path"]) or (rule is not None and rule.needs is None)
        try:
            if not await door.has_keys():
                self._check_host(request)
                return self._without_keys(is_open=is_open)
        except AccessError:
            if is_open:
                return None
            raise
        if is_open:
            return None
        caller = await self._known(request, door, cookie)
        if rule and rule.needs is not None and not caller.may(rule.needs):
            raise ScopeMissingError(f"It needs the scope {' or '.join(sorted(rule.needs))}.")
        if cookie and not _bearer(request) and not (rule and rule.is_page) and request.method not in _SAFE:
            self._check_token(request, door, cookie)
        return caller

    def _without_keys(self, *, is_open: bool) -> Caller | None:
        if self._opens:
            return LOCAL
        if is_open:
            return None
        raise KeyRequiredError("This service is open to a network: make a key with `aplomb keys create`, and send it.")

    def _check_host(self, request: Request) -> None:
        # With keys a page that took over our name holds none: its browser would send it no cookie of ours.
        if self._hosts is not None and _name(request.headers.get("host", "")) not in self._hosts:
            raise ForeignHostError("Use the address that the service printed when it started.")
        # A proxy on this machine makes loopback of the whole network.
        if self._hosts is not None and not _FORWARDED.isdisjoint(request.headers.keys()):
            raise ForeignHostError("A proxy stands in front of this service: make a key with `aplomb keys create`.")

    @staticmethod
    async def _known(request: Request, door: Door, cookie: str) -> Caller:
        key = _bearer(request)
        if key:
            return await door.by_key(key)
        if cookie:
            return await door.by_session(cookie)
        raise KeyRequiredError("Send an access key: Authorization: Bearer apl_…")

    @staticmethod
    def _check_token(request: Request, door: Door, cookie: str) -> None:
        if not door.sessions.is_form_token(request.headers.get(CSRF_HEADER, ""), cookie):
            raise ForeignFormError("A session must send the token of its pages' forms in X-CSRF-Token.")

    def _refusal(self, request: Request, rule: Rule | None, error: ServiceError) -> Response:
        if rule is None or not rule.is_page:
            response: Response = respond(error, request.state.request_id)
        elif isinstance(error, KeyRequiredError) and request.method in _SAFE:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            response = RedirectResponse(f"/login?{urlencode({'next': asked})}", 303)
        else:
            response = self._on_page(request, error)
        if response.status_code == KeyRequiredError.status:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response


def _bearer(request: Request) -> str:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def _name(host: str) -> str:
    """Return the host without its port; an IPv6 address keeps its brackets."""
    return host.lower() if host.endswith("]") else host.lower().rpartition(":")[0] or host.lower()
