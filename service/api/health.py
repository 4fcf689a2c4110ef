"""Whether the service lives, whether it can answer, and which version it is."""

from importlib.metadata import version as installed_version
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from service.deps import CallerDep, WholeDep

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    status: Literal["ready", "not ready"]
    checks: dict[str, str]
    """By part: `ready` (and, for prompts, which broken file an earlier version stands in for), or what is wrong.

    Once there are keys this answer, which needs none, says `ready` or `not ready` only; `aplomb doctor` says why.
    """


class Version(BaseModel):
    name: str
    version: str
    chat_model: str
    embeddings: str


@router.get("/healthz", operation_id="health")
async def health() -> Health:
    """Answer as long as the process lives."""
    return Health()


@router.get("/readyz", operation_id="readiness", responses={503: {"model": Readiness, "description": "Not ready"}})
async def readiness(services: WholeDep, caller: CallerDep, response: Response) -> Readiness:
    """Say of each part whether it can do its work; 503 when a reply cannot be written."""
    checks = await services.readiness()
    ready = checks["database"] == "ready" and checks["prompts"].startswith("ready") and services.chain.is_ready
    response.status_code = 200 if ready else 503
    if caller.brands is not None:
        checks = {part: "ready" if state.startswith("ready") else "not ready" for part, state in checks.items()}
    return Readiness(status="ready" if ready else "not ready", checks=checks)


@router.get("/version", operation_id="version")
async def version(services: WholeDep) -> Version:
    return Version(
        name="aplomb",
        version=installed_version("aplomb"),
        chat_model=f"{services.chat_model.provider}:{services.chat_model.name}",
        embeddings=services.embeddings.id,
    )
