"""The API without a socket: commands ask the service that runs on the same data, or start one inside themselves."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from service.cli.asking import TIMEOUT_S, bearer, client_of, read_answer, running_service
from service.settings import Settings


async def ask(
    settings: Settings, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str | None
) -> Any:  # noqa: ANN401 - any JSON
    """Return what the API answers; raises the ServiceError that a problem stands for."""
    asked = {name: value for name, value in query.items() if value is not None}
    async with _client(settings) as client:
        return await read_answer(client, method, path, body, asked or None)


@asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    owner = running_service(settings)
    if owner:
        async with client_of(owner) as client:
            yield client
        return
    # Imported late: a command that needs no API would wait two seconds for it.
    from service.app import create_app  # noqa: PLC0415

    app = create_app(settings, listens=False)
    async with app.router.lifespan_context(app):
        await app.state.services.vectors.settled()
        transport = httpx.ASGITransport(app)
        shown = bearer(app.state.services.local_token)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", timeout=TIMEOUT_S, headers=shown
        ) as client:
            yield client
