"""Opens the database alone, beside whatever service runs on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from service.database import migrate, open_engine, sqlite_url
from service.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """Bring the database to the newest schema and open it; a data directory that is missing is made."""
    if settings.database_url is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    url = settings.database_url.get_secret_value() if settings.database_url else sqlite_url(settings.data_dir)
    await asyncio.to_thread(migrate, url)
    engine = open_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()
