"""The generations of a brand's knowledge base, and the way back to an earlier one."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from service.api.ingests import roll_back_to
from service.deps import CallerDep, ServicesDep
from service.web.knowledge.place import place_of
from service.web.routes import PageRoute
from service.web.view import ViewDep

router = APIRouter(prefix="/knowledge", route_class=PageRoute, include_in_schema=False)

_SHOWN = 100
_LISTED = 30


@router.get("/generations")
async def show_generations(view: ViewDep, services: ServicesDep, brand: str = "") -> Response:
    """Show what was served when."""
    place = await place_of(services, brand)
    generations = await services.knowledge.generations(place.brand)
    return view.page(
        "knowledge/generations.html",
        here="knowledge",
        tab="generations",
        place=place,
        generations=list(zip(generations, [*generations[1:], None], strict=False))[:_SHOWN],
    )


@router.get("/generations/{number}")
async def show_rollback(number: int, view: ViewDep, services: ServicesDep, brand: str = "") -> Response:
    """Ask whether to go back, and say what that changes."""
    services.prompt_files.check_brand(brand)
    place = await place_of(services, brand)
    differences = await services.knowledge.differences(brand, number)
    return view.page(
        "knowledge/rollback.html",
        here="knowledge",
        tab="generations",
        place=place,
        number=number,
        lists={name: getattr(differences, name) for name in ("back", "changed", "gone")},
        listed=_LISTED,
    )


@router.post("/rollbacks")
async def roll_back(
    services: ServicesDep,
    caller: CallerDep,
    brand: Annotated[str, Form(max_length=100)] = "",
    generation: Annotated[int, Form(ge=1)] = 1,
) -> Response:
    """Serve an earlier generation again, and show the list."""
    await roll_back_to(services, brand, generation, caller)
    place = await place_of(services, brand)
    return RedirectResponse(place.address("/generations"), 303)
