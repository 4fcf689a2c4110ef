"""The web application: assembled parts, routes, and the rules that hold for every request."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from importlib.metadata import version

import structlog
from fastapi import FastAPI

from service.api import (
    audits,
    comparisons,
    erasures,
    exports,
    health,
    ingests,
    knowledge,
    problems,
    prompt_lint,
    prompts,
    replies,
    reviews,
    statistics,
)
from service.api.edge import Edge
from service.api.guard import Guard
from service.api.rules import Rules, document
from service.assembly import Services, assemble
from service.settings import Settings
from service.telemetry import configure_logging
from service.web import pages
from service.web.routes import refusal

log = structlog.get_logger()

_DRAIN_S = 20.0
_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


def create_app(settings: Settings | None = None, *, opened: Services | None = None, listens: bool = True) -> FastAPI:
    """
    Return the application; its parts are opened when it starts and closed when it stops, unless it is given *opened*.

    With *listens* other processes on this machine are told where to hand their work over.
    """
    configured = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        configure_logging(configured.log_format, configured.log_level)
        async with nullcontext(opened) if opened else assemble(configured) as services:
            app.state.services = services
            interrupted = await services.unfinished.end()
            log.info("service.started", interrupted_replies=interrupted, chat_model=services.chat_model.provider)
            works = (
                _warm_up(services, stays=opened is not None),
                services.unfinished.run(),
                services.sealer.run(),
                services.retention.run(),
                services.pair_writer.run(),
            )
            beside = [asyncio.create_task(work) for work in works]
            if listens:
                services.announce(_address(configured))
            yield
            for task in beside:
                task.cancel()
            await services.writer.drain(_DRAIN_S)

    app = FastAPI(
        title="Aplomb",
        version=version("aplomb"),
        summary="Support replies in your brand's voice, built only from your own articles, every citation checked.",
        lifespan=lifespan,
        # Swagger's page loads its script from a foreign host; the document itself is at /openapi.json.
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    for router in (
        # Before the replies: their ids stand in the same place as its name.
        exports.router,
        replies.router,
        reviews.router,
        comparisons.router,
        prompt_lint.router,
        prompts.router,
        statistics.router,
        knowledge.router,
        ingests.router,
        erasures.router,
        audits.router,
        health.router,
    ):
        app.include_router(router)
    pages.install(app)
    _guard(app, configured)
    return app


async def _warm_up(services: Services, *, stays: bool) -> None:
    await services.warm_up()
    if stays:
        # Walking through indexes and models again and again cost 3 ms of a reply.
        gc.collect()
        gc.freeze()


def _guard(app: FastAPI, settings: Settings) -> None:
    """Put the edge around the guard, and the guard around the routes."""
    document(app)
    app.add_middleware(
        Guard,
        rules=Rules.of(app),
        hosts=None if settings.allow_open_network else _LOOPBACK_NAMES | {settings.host},
        opens=settings.is_on_loopback or settings.allow_open_network,
        on_page=refusal,
    )
    app.add_middleware(Edge, max_body_bytes=settings.max_body_bytes, max_ingest_bytes=settings.max_ingest_bytes)


def _address(settings: Settings) -> str:
    """Return where another process on this machine reaches the service."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
