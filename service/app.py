"""The web application: assembled parts, routes, and the rules that hold for every request."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

import structlog
from fastapi import FastAPI, Request, Response

from service.api import health, knowledge, problems, replies
from service.assembly import assemble
from service.domain import new_id
from service.settings import Settings
from service.telemetry import configure_logging
from service.web import pages

log = structlog.get_logger()

_DRAIN_S = 20.0
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; its parts are opened when it starts and closed when it stops."""
    configured = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        configure_logging(configured.log_format, configured.log_level)
        async with assemble(configured) as services:
            app.state.services = services
            interrupted = await services.reply_log.interrupt_stale()
            log.info("service.started", interrupted_replies=interrupted, chat_model=services.chat_model.provider)
            yield
            await services.writer.drain(_DRAIN_S)

    app = FastAPI(
        title="Aplomb",
        version=version("aplomb"),
        summary="Support replies in your brand's voice, built only from your own articles, every citation checked.",
        lifespan=lifespan,
        max_body_size=configured.max_body_bytes,
        # Swagger's page loads its script from a foreign host; the document itself is at /openapi.json.
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    app.middleware("http")(_identify)
    for router in (replies.router, knowledge.router, health.router, pages.router):
        app.include_router(router)
    pages.install(app)
    return app


async def _identify(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give each request its id (the caller's, when it is one), in logs and in the answer."""
    sent = request.headers.get("x-request-id", "")
    request.state.request_id = sent if _REQUEST_ID.fullmatch(sent) else new_id("req_")
    with structlog.contextvars.bound_contextvars(request_id=request.state.request_id):
        response = await call_next(request)
    response.headers["X-Request-Id"] = request.state.request_id
    for name, value in _SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response
