"""Who changed what."""

from urllib.parse import urlencode

from fastapi import APIRouter, Response

from service.deps import AuditDep, CallerDep, ServicesDep
from service.web import query as asked
from service.web.routes import PageRoute
from service.web.view import ViewDep

router = APIRouter(prefix="/settings", route_class=PageRoute, include_in_schema=False)

_PAGE = 50


@router.get("/audit")
async def show_audit(view: ViewDep, services: ServicesDep, audit: AuditDep, caller: CallerDep) -> Response:
    """Show the entries that the visitor may see, newest first."""
    query = view.request.query_params
    wanted = {name: value for name in ("brand", "action", "who") if (value := asked.text(query, name))}
    seen = services.prompt_files.brand_ids()
    # Another brand's entries are none for who does not see that brand.
    brands = [wanted["brand"]] if wanted.get("brand") in seen else caller.brands
    found = await audit.page(
        asked.text(query, "after"), _PAGE + 1, brands, action=wanted.get("action"), who=wanted.get("who")
    )
    shown = found[:_PAGE]
    older = {**wanted, "after": shown[-1].id} if len(found) > _PAGE else None
    return view.page(
        "settings/audit.html",
        here="settings",
        tab="audit",
        changes=shown,
        wanted=wanted,
        is_later=bool(asked.text(query, "after")),
        newest="/settings/audit?" + urlencode(wanted),
        older="/settings/audit?" + urlencode(older) if older else None,
        choices={
            "action": [(each, view.t(f"action.{each}", default=each)) for each in await audit.actions(caller.brands)],
            "brand": [(each, each) for each in seen],
        },
    )
