"""The page that tries a ticket: a form, and the way to the reply that came of it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from service.deps import PromptsDep, WriterDep
from service.errors import ServiceError
from service.prompting.versions.kept import PromptVersions
from service.web.brands import answering
from service.web.routes import PageRoute
from service.web.trying.examples import example_form, examples_of
from service.web.trying.form import FormProblem, TryForm, problems_of
from service.web.view import View, ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/")
async def show_form(view: ViewDep, prompts: PromptsDep, brand: str = "", example: str = "") -> Response:
    """Show the form, filled with an example ticket when the address names one."""
    return await _try_page(view, prompts, example_form(brand, example) or TryForm(brand=brand), [])


@router.post("/")
async def try_ticket(request: Request, view: ViewDep, writer: WriterDep, prompts: PromptsDep) -> Response:
    """Write the reply and go to its page; when that is not possible, show what was typed and why."""
    form = TryForm.of(await request.form())
    chosen = (await answering(prompts)).get(form.brand)
    declared = chosen.variables if chosen else {}
    try:
        reply = await writer.write(form.to_ticket(declared))
    except (ServiceError, ValidationError) as exc:
        status = exc.status if isinstance(exc, ServiceError) else 422
        return await _try_page(view, prompts, form, problems_of(exc, declared), status)
    return RedirectResponse(f"/replies/{reply.id}", 303)


async def _try_page(
    view: View, prompts: PromptVersions, form: TryForm, problems: list[FormProblem], status: int = 200
) -> Response:
    brands = await answering(prompts)
    brand = brands.get(form.brand) or next(iter(brands.values()), None)
    return view.page(
        "try.html",
        status,
        here="try",
        form=form,
        problems={problem.field: problem for problem in problems},
        brands=brands,
        brand=brand,
        tones=sorted({each.tone for each in brands.values()}),
        examples=examples_of(brand.id, view.language) if brand else [],
    )
