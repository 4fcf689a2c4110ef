"""Gathers what the handbook tells, from the prompt files and the database, and writes it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from service.cli.linting import Spoken, chat_model_of, existing_database
from service.domain import Decision
from service.prompting.handbook.book import Book, Move, Results, VersionChapter
from service.prompting.handbook.pages import pages_of
from service.prompting.lint.lint import PromptLint
from service.prompting.lint.sources import Sources
from service.prompting.own_files import write_own
from service.prompting.versions.history import PromptHistory
from service.prompting.versions.labels import LabelMove, PromptLabels
from service.reply_log.results import Count, count_by_version
from service.settings import Settings


async def write(settings: Settings, folder: Path, language: Spoken, today: date) -> tuple[str, ...]:
    """Write the handbook into *folder*; return the paths of the pages that changed."""
    async with existing_database(settings) as engine:
        return write_own(folder, pages_of(await _book(settings, engine, today), language), "handbook")


async def _book(settings: Settings, engine: AsyncEngine | None, today: date) -> Book:
    lint = PromptLint(settings.prompts_dir, PromptHistory(engine) if engine else None, chat_model_of(settings))
    sources = Sources.of_folder(settings.prompts_dir)
    return Book(
        template=sources.template.text,
        brands=[(each.id, each.text, each.brand) for each in sources.brands],
        tones=[(each.id, each.text, each.tone) for each in sources.tones],
        lint=await lint.files(today),
        versions=await _versions(engine, lint, today) if engine else (),
    )


async def _versions(engine: AsyncEngine, lint: PromptLint, today: date) -> list[VersionChapter]:
    counts = await count_by_version(engine)
    kept_versions = await PromptHistory(engine).all()
    labels = PromptLabels(engine)
    moves = [move for brand in {each.text.brand_id for each in kept_versions} for move in await labels.moves(brand)]
    return [
        VersionChapter(
            text=kept.text,
            created_at=kept.created_at,
            results=_results(counts, kept.text.brand_id, kept.text.version),
            moves=_moves(moves, kept.text.brand_id, kept.text.version),
            lint=await lint.version(kept.text.version, today),
        )
        for kept in kept_versions
    ]


def _results(counts: Sequence[Count], brand: str, version: str) -> Results:
    own: Counter[Decision | None] = Counter()
    for each in counts:
        if (each.brand, each.version) == (brand, version):
            own[each.decision] += each.replies
    return Results(own[Decision.SEND], own[Decision.REVIEW], own[Decision.HANDOFF], own[None])


def _moves(moves: Sequence[LabelMove], brand: str, version: str) -> tuple[Move, ...]:
    own = (each for each in moves if (each.brand, each.version) == (brand, version))
    return tuple(Move(each.label, each.moved_at, each.author, each.note) for each in own)
