"""The pages of comparison: what is compared, one blind pair at a time, what came of it. They work without a script."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.access.callers import Caller
from service.assembly import Services
from service.deps import CallerDep, ServicesDep
from service.errors import InvalidInputError, ReservationLostError, ServiceError
from service.prompting.versions.overview import overview
from service.review.comparison.sides import MAX_PAIRS, Tickets
from service.web.compare.form import KEEP, ChoiceForm, OrderForm
from service.web.compare.sides import choices_of, named, usual_candidate
from service.web.compare.table import BEGIN, JUDGE, TableDep
from service.web.review.form import remember, reviewer_of
from service.web.routes import PageRoute
from service.web.view import View, ViewDep

router = APIRouter(prefix="/compare", route_class=PageRoute, include_in_schema=False)

_TOLD = ("saved", "undone")


@router.get("")
async def show_comparisons(view: ViewDep, services: ServicesDep, caller: CallerDep) -> Response:
    """Show the comparisons with how far each is, and the form that begins one."""
    return await _list(view, services, caller, OrderForm.of(view.request.query_params))


@router.post("")
async def begin(request: Request, view: ViewDep, services: ServicesDep, caller: CallerDep) -> Response:
    """Begin a comparison and go to its first pair; when that is not possible, show what was chosen and why."""
    form, author = OrderForm.of(await request.form()), reviewer_of(request)
    try:
        comparison = await services.comparisons.begin(form.to_order(), author)
    except InvalidInputError as exc:
        return await _list(view, services, caller, form, exc)
    await services.audit.note(
        "comparison.begun", comparison.id, who=caller, brand=comparison.brand, detail=comparison.versions
    )
    return remember(request, RedirectResponse(f"/compare/{comparison.id}", 303), author)


@router.get("/{comparison_id}")
async def show_next(table: TableDep, done: str = "") -> Response:
    """Show the next pair; while none is written how far it is, at the end what came of it."""
    told = table.view.t(f"compare.told.{done}") if done in _TOLD else ""
    return remember(table.view.request, await table.next(told), table.reviewer)


@router.get("/{comparison_id}/results")
async def show_results(table: TableDep) -> Response:
    """Show what was judged so far; the evidence holds at every look."""
    return await table.results()


@router.get("/{comparison_id}/pairs/{pair_id}")
async def show_judged(pair_id: str, table: TableDep) -> Response:
    """Show a judged pair with what wrote each side, and what was chosen."""
    return await table.show(await table.services.pairs.read(table.comparison, pair_id), is_blind=False)


@router.post("/{comparison_id}/pairs/{pair_id}")
async def choose(pair_id: str, request: Request, table: TableDep) -> Response:
    """Save the choice and go on, or renew the reservation; when the pair is in other hands, say so."""
    form, pairs = ChoiceForm.of(await request.form()), table.services.pairs
    try:
        if form.do == KEEP:
            await pairs.keep(table.comparison, pair_id, table.reviewer)
            return Response(status_code=204)
        if form.choice:
            reasons = await table.services.desk.checked(table.comparison.brand, form.reasons)
            await pairs.choose(table.comparison, pair_id, table.reviewer, form.to_said(form.choice, reasons))
    except ReservationLostError:
        return table.lost()
    return RedirectResponse(f"/compare/{table.comparison.id}?done=saved", 303)


@router.post("/{comparison_id}/undo")
async def undo(table: TableDep) -> Response:
    """Take the newest choice back and show its pair again, with all that was chosen."""
    await table.services.pairs.undo(table.comparison, table.reviewer)
    return RedirectResponse(f"/compare/{table.comparison.id}?done=undone", 303)


@router.post("/{comparison_id}/stop")
async def stop(table: TableDep) -> Response:
    """End the comparison where it is."""
    comparison = table.comparison
    await table.services.comparisons.stop(comparison)
    await table.services.audit.note("comparison.stopped", comparison.id, who=table.caller, brand=comparison.brand)
    return RedirectResponse(f"/compare/{table.comparison.id}/results", 303)


@router.post("/{comparison_id}/retry")
async def retry(table: TableDep) -> Response:
    """Let the pairs that failed be written again."""
    await table.services.comparisons.retry(table.comparison)
    return RedirectResponse(f"/compare/{table.comparison.id}/results", 303)


async def _list(
    view: View, services: Services, caller: Caller, form: OrderForm, error: ServiceError | None = None
) -> Response:
    brands = services.prompt_files.brand_ids()
    chosen = form.values["brand"] if form.values["brand"] in brands else next(iter(brands), "")
    listed = await services.comparisons.newest()
    seen = await overview(services.prompts, chosen) if chosen else None
    available = await services.comparisons.available(chosen)
    return view.page(
        "compare/list.html",
        error.status if error else 200,
        here="compare",
        rows=[(each, await services.comparisons.progress(each)) for each in listed],
        may_begin=caller.may(BEGIN) and bool(seen),
        may_judge=caller.may(JUDGE),
        brand=chosen,
        brands=brands,
        form=form,
        choices=choices_of(view, seen) if seen else [],
        candidate=usual_candidate(seen) if seen else "",
        available=available,
        usual_tickets=(Tickets.SAMPLE if available[Tickets.SAMPLE] else Tickets.RECENT).value,
        most=MAX_PAIRS,
        named=named,
        problem=_problem(view, error) if error else "",
    )


def _problem(view: View, error: ServiceError) -> str:
    place = error.pointers[0].pointer if error.pointers else ""
    return view.t(f"compare.wrong{place}", default=view.t(f"error.{error.type}", default=view.t("error.other")))
