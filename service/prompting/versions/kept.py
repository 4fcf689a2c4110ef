"""Prompt versions: what wrote a reply keeps its full text; a broken file never takes the place of a good version."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

import structlog
from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import PromptError, ReplyLogError, UnknownPromptError, UnknownToneError
from service.prompting.brands import Brand
from service.prompting.files import PromptFiles
from service.prompting.prompts import Prompt, PromptText, build_prompt
from service.prompting.versions.labels import FILES, PRODUCTION, PromptLabels, is_version
from service.prompting.versions.tables import prompt_versions
from service.prompting.written import check_written

log = structlog.get_logger()

_MAX_KNOWN = 256


@dataclass(frozen=True, slots=True)
class KeptPrompt:
    """A version with the moment when it was first kept."""

    text: PromptText
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FilesState:
    """What a brand's files make now."""

    version: str | None
    """The version that answers for the files; None when they are broken and no good one is known."""
    fault: str | None
    """What is wrong with the files; None when nothing is."""


class PromptVersions:
    def __init__(self, files: PromptFiles, engine: AsyncEngine, labels: PromptLabels | None = None) -> None:
        self.labels = labels or PromptLabels(engine)
        self._files = files
        self._engine = engine
        self._known: dict[str, PromptText] = {}
        """Kept already, by version; a version's text never changes."""
        self._keeping = asyncio.Lock()
        self._faults: dict[str, str] = {}
        """By brand: what is wrong with its files."""

    def only(self, files: PromptFiles) -> Self:
        """Return the same versions as who sees *files* only: those of other brands do not exist."""
        seen = copy(self)
        seen._files = files  # noqa: SLF001 - a copy of our own kind
        return seen

    async def resolve(self, brand_id: str, tone_id: str | None, label_or_version: str) -> Prompt:
        """
        Return the prompt that writes for this brand, and keep its text.

        A label that is not pinned follows the files where it may (`production`, `files`); while these are broken, the
        last good version answers. A tone that is asked for takes the place of the version's own.

        Raises:
            UnknownBrandError, UnknownToneError, UnknownPromptError: There is no such file, label or version.
            PromptError: A prompt file is broken, and no good version is known; the message names file and key.
        """
        self._files.check_brand(brand_id)
        if is_version(label_or_version):
            return build_prompt(await self.text(label_or_version, brand_id), None)
        pinned = None if label_or_version == FILES else await self.labels.version(brand_id, label_or_version)
        if pinned:
            return await self._in_tone(await self.text(pinned, brand_id), tone_id, label_or_version)
        if label_or_version not in {PRODUCTION, FILES}:
            raise UnknownPromptError("There is no prompt label or version of this name for this brand.")
        return await self._from_files(brand_id, tone_id, label_or_version)

    async def brand(self, brand_id: str) -> Brand:
        """Return the brand as its files say it, or as the last good version did; raises what `resolve` raises."""
        return (await self.resolve(brand_id, None, FILES)).brand

    async def brands(self) -> dict[str, Brand]:
        """Return the brands that can answer, by id; one that is broken and was never good hides no other."""
        found = {}
        for brand_id in self._files.brand_ids():
            with suppress(PromptError):
                found[brand_id] = await self.brand(brand_id)
        return found

    async def files_state(self, brand_id: str) -> FilesState:
        """Return what the brand's files make now, and keep it."""
        try:
            prompt = await self.resolve(brand_id, None, FILES)
        except PromptError as exc:
            return FilesState(None, exc.detail)
        return FilesState(prompt.version, self._faults.get(brand_id))

    async def text(self, version: str, brand_id: str | None = None) -> PromptText:
        """Return a version's text; UnknownPromptError when there is none of this name, or it is another brand's."""
        if version not in self._known:
            found = await self._read(select(prompt_versions).where(prompt_versions.c.version == version))
            self._remember(*(each.text for each in found))
        text = self._known.get(version)
        if text is None or brand_id not in {None, text.brand_id} or not self._files.shows(text.brand_id):
            raise UnknownPromptError("There is no prompt version of this name.")
        return text

    async def kept(self, brand_id: str) -> tuple[KeptPrompt, ...]:
        """Return the brand's versions, newest first."""
        query = select(prompt_versions).where(prompt_versions.c.brand == brand_id)
        return await self._read(query.order_by(prompt_versions.c.created_at.desc(), prompt_versions.c.version))

    async def keep(self, text: PromptText) -> None:
        """Keep a version's text for good; repeating it does nothing."""
        if text.version in self._known:
            return
        row = {
            "version": text.version,
            "brand": text.brand_id,
            "tone": text.tone_id,
            "template_text": text.template,
            "brand_text": text.brand,
            "tone_text": text.tone,
            "created_at": datetime.now(UTC),
        }
        try:
            async with self._engine.begin() as connection:
                known = select(prompt_versions.c.version).where(prompt_versions.c.version == text.version)
                if (await connection.execute(known)).first() is None:
                    await connection.execute(prompt_versions.insert().values(row))
        except IntegrityError:
            pass  # Another process kept the same text between the two statements.
        except SQLAlchemyError as exc:
            raise ReplyLogError("The prompt version could not be kept.") from exc
        self._remember(text)

    async def _from_files(self, brand_id: str, tone_id: str | None, label: str) -> Prompt:
        try:
            prompt = build_prompt(self._file_text(brand_id), label)
        except PromptError as exc:
            return await self._last_good(brand_id, tone_id, label, exc)
        if self._faults.pop(brand_id, None):
            log.info("prompt.files_mended", brand=brand_id, version=prompt.version)
        # Of many replies at once that meet a new version, one writes it and the others find it written.
        async with self._keeping:
            await self.keep(prompt.text)
            await self.labels.follow(brand_id, prompt.version)
        return await self._in_tone(prompt.text, tone_id, label)

    def _file_text(self, brand_id: str) -> PromptText:
        """Return what the files say for the brand in its own tone; PromptError when a file is broken."""
        tone_id = self._files.brand(brand_id).tone
        try:
            tone = self._files.tone_text(tone_id)
        except UnknownToneError:
            raise PromptError(f"brands/{brand_id}.yaml: tone: there is no tones/{tone_id}.md") from None
        text = PromptText(self._files.template_text(), brand_id, self._files.brand_text(brand_id), tone_id, tone)
        check_written(text)
        return text

    async def _last_good(self, brand_id: str, tone_id: str | None, label: str, error: PromptError) -> Prompt:
        version = await self.labels.version(brand_id, FILES)
        if self._faults.get(brand_id) != error.detail:
            self._faults[brand_id] = error.detail
            log.warning("prompt.files_broken", brand=brand_id, detail=error.detail, answers=version)
        if version is None:
            raise error
        return await self._in_tone(await self.text(version, brand_id), tone_id, label)

    async def _in_tone(self, text: PromptText, tone_id: str | None, label: str) -> Prompt:
        if tone_id in {None, text.tone_id}:
            return build_prompt(text, label)
        asked = str(tone_id)
        try:
            prompt = build_prompt(replace(text, tone_id=asked, tone=self._files.tone_text(asked)), label)
        except PromptError:
            good = [each.text.tone for each in await self.kept(text.brand_id) if each.text.tone_id == asked]
            if not good:
                raise
            prompt = build_prompt(replace(text, tone_id=asked, tone=good[0]), label)
        await self.keep(prompt.text)
        return prompt

    async def _read(self, query: Select[tuple[object, ...]]) -> tuple[KeptPrompt, ...]:
        try:
            async with self._engine.connect() as connection:
                rows: Sequence[RowMapping] = (await connection.execute(query)).mappings().all()
        except SQLAlchemyError as exc:
            raise ReplyLogError("The prompt versions could not be read.") from exc
        return tuple(map(_kept, rows))

    def _remember(self, *texts: PromptText) -> None:
        if len(self._known) > _MAX_KNOWN:
            self._known.clear()
        self._known |= {text.version: text for text in texts}


def _kept(row: RowMapping) -> KeptPrompt:
    text = PromptText(row["template_text"], row["brand"], row["brand_text"], row["tone"], row["tone_text"])
    return KeptPrompt(text, row["created_at"])
