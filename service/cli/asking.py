"""Asks for a reply, a finding or a rollback: of the service that owns the data directory, or of parts of its own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx

from service.access.audit import AuditLog
from service.domain import Ticket
from service.errors import InvalidInputError, NotFoundError, Pointer, ServiceError, UpstreamError
from service.knowledge.storing.lock import DataDirLock, Owner
from service.settings import Settings

if TYPE_CHECKING:
    from service.api.schemas.finding import FindingOut
    from service.api.schemas.reply import ReplyOut

TIMEOUT_S = 120.0


async def reply(settings: Settings, ticket: Ticket) -> "ReplyOut":
    """Return the reply to *ticket*; it is logged like any other."""
    from service.api.schemas.reply import ReplyOut
    from service.assembly import assemble

    owner = running_service(settings)
    if owner:
        return ReplyOut.model_validate(await call(owner, "POST", "/v1/replies", _request(ticket)))
    async with assemble(settings) as services:
        await services.vectors.settled()
        return ReplyOut.of(await services.writer.write(ticket))


async def search(settings: Settings, question: str, brand: str, limit: int) -> "FindingOut":
    """Return what a reply to *question* would rest on, with every candidate."""
    from service.api.schemas.finding import CandidateOut, FindingOut
    from service.assembly import assemble

    owner = running_service(settings)
    if owner:
        asked = httpx.QueryParams(brand=brand, q=question, limit=limit, explain=True)
        return FindingOut.model_validate(await call(owner, "GET", f"/v1/knowledge/search?{asked}"))
    async with assemble(settings) as services:
        services.prompt_files.brand_text(brand)
        await services.vectors.settled()
        explanation = await services.finder.explain(brand, question, limit=limit)
        found = FindingOut.of(explanation.finding)
        return found.model_copy(update={"candidates": [CandidateOut.of(each) for each in explanation.candidates]})


async def roll_back(settings: Settings, brand: str, generation: int) -> dict[str, Any]:
    """Serve *generation* again; return the new one."""
    owner = running_service(settings)
    if owner:
        return await call(owner, "POST", "/v1/knowledge/rollbacks", {"brand": brand, "generation": generation})
    from service.knowledge_base import open_knowledge

    async with open_knowledge(settings) as base:
        base.prompt_files.brand_text(brand)
        served = await base.ingest.roll_back(brand, generation)
        await AuditLog(base.engine).note("knowledge.rolled_back", str(generation), brand=brand)
        return {"number": served.number, "articles": served.articles, "passages": served.passages}


def running_service(settings: Settings) -> Owner | None:
    """Return the service that owns the data directory, if one runs and takes work."""
    owner = DataDirLock(settings.data_dir).owner()
    return owner if owner and owner.address else None


def client_of(owner: Owner) -> httpx.AsyncClient:
    """Return a client that shows the owner's own token, with which no access key is needed."""
    # Without the environment's proxies: this never leaves the machine.
    return httpx.AsyncClient(
        base_url=owner.address or "", timeout=TIMEOUT_S, trust_env=False, headers=bearer(owner.token)
    )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def call(owner: Owner, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    async with client_of(owner) as client:
        answer: dict[str, Any] = await read_answer(client, method, path, body)
        return answer


async def read_answer(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401 - any JSON
    """Return what the service answers; raises the ServiceError that a problem stands for."""
    try:
        response = await client.request(method, path, json=body, params=query)
        answer = response.json()
    except (httpx.HTTPError, ValueError) as exc:
        raise UpstreamError(f"the service at {client.base_url} did not answer") from exc
    if response.is_error:
        raise _problem(answer, response.status_code)
    return answer


def _problem(answer: Mapping[str, Any], status: int) -> ServiceError:
    places = tuple(Pointer(each["pointer"], each["detail"]) for each in answer.get("errors", ()))
    kinds: dict[int, type[ServiceError]] = {404: NotFoundError, 422: InvalidInputError}
    return kinds.get(status, UpstreamError)(str(answer.get("detail", "")), places)


def _request(ticket: Ticket) -> dict[str, Any]:
    customer = ticket.customer
    return {
        "brand": ticket.brand,
        "ticket": {
            "messages": [{"from": message.sender.value, "text": message.text} for message in ticket.messages],
            "customer": {"name": customer.name} if customer else None,
        },
        "variables": dict(ticket.variables),
        "tone": ticket.tone,
        "language": ticket.language,
    }
