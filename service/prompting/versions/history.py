"""The prompt versions that were kept, oldest first: what the lint compares with and the handbook tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import ReplyLogError, UnknownPromptError
from service.prompting.prompts import PromptText
from service.prompting.versions.tables import prompt_versions


@dataclass(frozen=True, slots=True)
class KeptVersion:
    text: PromptText
    created_at: datetime
    """When it first wrote a reply, or was kept by hand."""


class PromptHistory:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def all(self) -> tuple[KeptVersion, ...]:
        """Return every version, oldest first."""
        return await self._read(select(prompt_versions))

    async def text(self, version: str) -> PromptText:
        """Return the version's text; UnknownPromptError when there is none of this name."""
        found = await self._read(select(prompt_versions).where(prompt_versions.c.version == version))
        if not found:
            raise UnknownPromptError("There is no prompt version of this name.")
        return found[0].text

    async def before(self, text: PromptText) -> PromptText | None:
        """Return the newest other version of the same brand that is older than *text*; an unkept text is the newest."""
        kept = await self._read(select(prompt_versions).where(prompt_versions.c.brand == text.brand_id))
        own = [each.created_at for each in kept if each.text.version == text.version]
        older = [each for each in kept if each.text.version != text.version and (not own or each.created_at < own[0])]
        return older[-1].text if older else None

    async def _read(self, query: Select[Any]) -> tuple[KeptVersion, ...]:
        ordered = query.order_by(prompt_versions.c.created_at, prompt_versions.c.version)
        try:
            async with self._engine.connect() as connection:
                rows = (await connection.execute(ordered)).mappings().all()
        except SQLAlchemyError as exc:
            raise ReplyLogError("The prompt versions could not be read.") from exc
        return tuple(_kept(row) for row in rows)


def _kept(row: Any) -> KeptVersion:  # noqa: ANN401 - SQLAlchemy's row mapping
    text = PromptText(row["template_text"], row["brand"], row["brand_text"], row["tone"], row["tone_text"])
    return KeptVersion(text, row["created_at"])
