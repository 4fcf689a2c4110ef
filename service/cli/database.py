"""Opens the database alone, beside whatever service runs on it."""

# Erasures and backups go through every table that is declared: no command may open the database without one of them.

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

import service.access.audit
import service.access.store
import service.knowledge.storing.rows
import service.prompting.versions.tables
import service.reply_log.citations
import service.reply_log.erasures
import service.reply_log.once
import service.reply_log.seals.sealing
import service.reply_log.spending
import service.review.comparison.tables
import service.review.tables  # noqa: F401 - declares its tables
from service.database import migrate, open_engine, sqlite_url
from service.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """Bring the database to the newest schema and open it; a data directory that is missing is made."""
    if settings.database_url is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    url = settings.database_url.get_secret_value() if settings.database_url else sqlite_url(settings.data_dir)
    await asyncio.to_thread(migrate, url)
    engine = open_engine(url, settings.database_wait_s)
    try:
        yield engine
    finally:
        await engine.dispose()
