"""What holds for every request before a route sees it: its id, bounds on its body, and the headers of every answer."""

import asyncio
import re

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.domain import new_id

RECEIPT_DEADLINE_S = 10.0
"""For the whole body: a dripping client must not hold a worker."""
INGEST_PATHS = frozenset({"/v1/knowledge/ingests", "/v1/knowledge/uploads", "/knowledge/uploads"})
INGEST_DEADLINE_S = 300.0
"""A help centre takes longer than a ticket, and may be larger."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class Edge:
    """ASGI middleware; a stream passes through it untouched, and a client's going away reaches the route."""

    def __init__(self, app: ASGIApp, max_body_bytes: int, max_ingest_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._max_ingest_bytes = max_ingest_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        body = self._bounded(receive, scope["path"])
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, body.receive, send_with_headers)

    def _bounded(self, receive: Receive, path: str) -> "_BoundedBody":
        if path in INGEST_PATHS:
            return _BoundedBody(receive, self._max_ingest_bytes, INGEST_DEADLINE_S)
        return _BoundedBody(receive, self._max_body_bytes, RECEIPT_DEADLINE_S)


class _BoundedBody:
    """Counts and times a request's body; raises what becomes a 413 or a 408."""

    def __init__(self, receive: Receive, max_bytes: int, deadline_s: float) -> None:
        self._receive = receive
        self._left = max_bytes
        self._deadline = asyncio.get_running_loop().time() + deadline_s
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise HTTPException(413)
        self._complete = not message.get("more_body", False)
        return message


def _request_id(headers: Headers) -> str:
    sent = headers.get("x-request-id", "")
    return sent if _REQUEST_ID.fullmatch(sent) else new_id("req_")
