"""The pages: try a ticket, the log of replies, one reply whole. They work without JavaScript."""

import json
import re
from contextlib import suppress

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from pydantic import ValidationError

from service.deps import PromptsDep, ReplyLogDep, ServicesDep, WriterDep
from service.domain import Decision, ReplyState
from service.errors import NotFoundError, PromptError, ServiceError
from service.prompting.brands import Brand
from service.prompting.versions import PromptVersions
from service.web.contexts import ReplyView, facts
from service.web.examples import example_form, examples_of
from service.web.form import FormProblem, TryForm, problems_of
from service.web.listing import PAGE, Listing, Row
from service.web.masks import masked
from service.web.review_form import remember, reviewer_of
from service.web.reviewed import verdicts_of
from service.web.routes import PageRoute
from service.web.view import STATIC, View, ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_FIRST_QUESTIONS = {"en": "Hello, what are your opening hours?", "fr": "Bonjour, quels sont vos horaires ?"}
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")


def install(app: FastAPI) -> None:
    """Serve the pages' own style sheet, script and logo."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


@router.get("/")
async def show_form(view: ViewDep, prompts: PromptsDep, brand: str = "", example: str = "") -> Response:
    """Show the form, filled with an example ticket when the address names one."""
    return await _try_page(view, prompts, example_form(brand, example) or TryForm(brand=brand), [])


@router.post("/")
async def try_ticket(request: Request, view: ViewDep, writer: WriterDep, prompts: PromptsDep) -> Response:
    """Write the reply and go to its page; when that is not possible, show what was typed and why."""
    form = TryForm.of(await request.form())
    chosen = (await _brands(prompts)).get(form.brand)
    declared = chosen.variables if chosen else {}
    try:
        reply = await writer.write(form.to_ticket(declared))
    except (ServiceError, ValidationError) as exc:
        status = exc.status if isinstance(exc, ServiceError) else 422
        return await _try_page(view, prompts, form, problems_of(exc, declared), status)
    return RedirectResponse(f"/replies/{reply.id}", 303)


@router.get("/replies")
async def show_replies(view: ViewDep, reply_log: ReplyLogDep, prompts: PromptsDep) -> Response:
    """Show the log, newest first."""
    listing = Listing.of(view.request.query_params)
    page = await reply_log.page(listing.wanted, listing.after, PAGE, among=listing.among)
    brands = await _brands(prompts)
    names = {brand_id: brand.name for brand_id, brand in brands.items()}
    return view.page(
        "replies.html",
        here="replies",
        listing=listing,
        rows=[Row.of(view, logged, names) for logged in page.replies],
        next_cursor=page.next_cursor,
        choices=_choices(view, brands),
        command=_command(view.request, next(iter(brands.values()), None)),
    )


@router.get("/replies/{reply_id}")
async def show_reply(
    reply_id: str, view: ViewDep, reply_log: ReplyLogDep, prompts: PromptsDep, services: ServicesDep
) -> Response:
    """Show one reply with everything that tells why it says what it says, and what people made of it."""
    logged = await reply_log.get(reply_id)
    name = logged.reply.brand
    with suppress(NotFoundError, PromptError):
        brand = await prompts.brand(name)
        name, logged = brand.name, masked(logged, brand)
    reviewer = reviewer_of(view.request)
    page = view.page(
        "reply.html",
        here="replies",
        shown=ReplyView.of(logged),
        facts=facts(view, logged),
        brand_name=name,
        **await verdicts_of(logged, reviewer, services.desk, services.reviews, services.outcomes),
    )
    return remember(view.request, page, reviewer)


async def _try_page(
    view: View, prompts: PromptVersions, form: TryForm, problems: list[FormProblem], status: int = 200
) -> Response:
    brands = await _brands(prompts)
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


def _choices(view: View, brands: dict[str, Brand]) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter of the log offers, as value and words."""
    languages = dict.fromkeys(code for brand in brands.values() for code in brand.languages)
    return {
        "brand": [(brand_id, brand.name) for brand_id, brand in brands.items()],
        "decision": [(each.value, view.t(f"decision.{each.value}")) for each in Decision],
        "state": [(each.value, view.t(f"state.{each.value}")) for each in ReplyState],
        "language": [(code, view.t(f"language.{code}", default=code)) for code in languages],
    }


async def _brands(prompts: PromptVersions) -> dict[str, Brand]:
    """Return the brands that can answer, by name."""
    return dict(sorted((await prompts.brands()).items(), key=lambda each: each[1].name.casefold()))


def _command(request: Request, brand: Brand | None) -> str:
    """Return a command to copy that writes a first reply; a Host header that is no host name is not repeated."""
    host = request.headers.get("host", "")
    address = f"{request.url.scheme}://{host}" if _HOST.fullmatch(host) else "http://127.0.0.1:8080"
    asked = _FIRST_QUESTIONS.get(brand.languages[0] if brand else "en", _FIRST_QUESTIONS["en"])
    body = {"brand": brand.id if brand else "maison-lune", "ticket": {"messages": [{"text": asked}]}}
    sent = json.dumps(body, ensure_ascii=False)
    return f"curl -s {address}/v1/replies -H 'Content-Type: application/json' \\\n  -d '{sent}'"
