"""Prompt versions and labels: a prompt that wrote a reply keeps its full text; a label is a movable name for one."""

from datetime import UTC, datetime

from sqlalchemy import Column, String, Table, Text, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.database import UtcDateTime, metadata
from service.errors import ReplyLogError, UnknownPromptError
from service.prompting.files import PromptFiles
from service.prompting.prompts import Prompt, PromptText, build_prompt

prompt_versions = Table(
    "prompt_versions",
    metadata,
    Column("version", String(12), primary_key=True),
    Column("brand", String(100), nullable=False),
    Column("tone", String(100), nullable=False),
    Column("template_text", Text, nullable=False),
    Column("brand_text", Text, nullable=False),
    Column("tone_text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

FILES_LABEL = "production"
"""Follows the prompt files."""


class PromptVersions:
    def __init__(self, files: PromptFiles, engine: AsyncEngine) -> None:
        self._files = files
        self._engine = engine
        self._kept: set[str] = set()

    async def resolve(self, brand_id: str, tone_id: str | None, label_or_version: str) -> Prompt:
        """
        Return the prompt that writes for this brand, and keep its text.

        Raises:
            UnknownBrandError, UnknownToneError, UnknownPromptError: There is no such file, label or version.
            PromptError: A prompt file is broken; the message names file and key.
        """
        brand_text = self._files.brand_text(brand_id)
        if label_or_version != FILES_LABEL:
            return await self._stored(brand_id, label_or_version)
        tone = tone_id or self._files.brand(brand_id).tone
        prompt = build_prompt(
            PromptText(self._files.template_text(), brand_id, brand_text, tone, self._files.tone_text(tone)),
            FILES_LABEL,
        )
        await self._keep(prompt)
        return prompt

    async def _stored(self, brand_id: str, version: str) -> Prompt:
        query = select(prompt_versions).where(prompt_versions.c.version == version, prompt_versions.c.brand == brand_id)
        try:
            async with self._engine.connect() as connection:
                row = (await connection.execute(query)).mappings().one_or_none()
        except SQLAlchemyError as exc:
            raise ReplyLogError("The prompt versions could not be read.") from exc
        if row is None:
            raise UnknownPromptError("There is no prompt label or version of this name for this brand.")
        return build_prompt(
            PromptText(row["template_text"], brand_id, row["brand_text"], row["tone"], row["tone_text"]), None
        )

    async def _keep(self, prompt: Prompt) -> None:
        if prompt.version in self._kept:
            return
        row = {
            "version": prompt.version,
            "brand": prompt.brand.id,
            "tone": prompt.tone.id,
            "template_text": prompt.text.template,
            "brand_text": prompt.text.brand,
            "tone_text": prompt.text.tone,
            "created_at": datetime.now(UTC),
        }
        try:
            async with self._engine.begin() as connection:
                known = select(prompt_versions.c.version).where(prompt_versions.c.version == prompt.version)
                if (await connection.execute(known)).first() is None:
                    await connection.execute(prompt_versions.insert().values(row))
        except IntegrityError:
            pass  # Another process kept the same text between the two statements.
        except SQLAlchemyError as exc:
            raise ReplyLogError("The prompt version could not be kept.") from exc
        self._kept.add(prompt.version)
