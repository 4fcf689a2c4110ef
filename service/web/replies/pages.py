"""The pages of the log: its replies as a list, and one reply whole."""

from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from service.assembly import Services
from service.deps import DeskDep, PromptsDep, ReplyLogDep, ServicesDep
from service.domain import Decision, LoggedReply, ReplyState
from service.errors import NotFoundError, PromptError
from service.prompting.brands import Brand
from service.review.glances import MOST
from service.review.queues import Draft
from service.review.verdicts import Verdict
from service.web.brands import answering
from service.web.command import first_reply
from service.web.replies.listing import PAGE, Listing, Row
from service.web.review.form import ReviewForm, remember, reviewer_of
from service.web.review.reviewed import verdicts_of
from service.web.routes import PageRoute
from service.web.shown.masks import masked
from service.web.shown.personal import Personal
from service.web.shown.reply import ReplyView, facts
from service.web.view import View, ViewDep

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_VIEW = "aplomb_view"
"""The cookie of the filters that a browser keeps."""
_YEAR_S = 31_536_000


@router.get("/replies")
async def show_replies(view: ViewDep, reply_log: ReplyLogDep, prompts: PromptsDep, services: ServicesDep) -> Response:
    """Show the log, newest first; a view that is kept comes back where the address asks for nothing."""
    query = view.request.query_params
    listing = Listing.of(query)
    if (moved := _kept(view.request, listing)) is not None:
        return moved
    page = await reply_log.page(listing.wanted, listing.after, PAGE, among=listing.among)
    brands = await answering(prompts)
    names = {brand_id: brand.name for brand_id, brand in brands.items()}
    reviewer = reviewer_of(view.request)
    glances = await services.glances.of([logged.reply.id for logged in page.replies], reviewer)
    return view.page(
        "replies.html",
        here="replies",
        listing=listing,
        is_kept=_VIEW in view.request.cookies,
        rows=[Row.of(view, logged, names, glances.get(logged.reply.id)) for logged in page.replies],
        tally=await services.glances.tally(reply_log.chosen(listing.wanted, among=listing.among)),
        most=MOST,
        next_cursor=page.next_cursor,
        choices=_choices(view, brands),
        command=first_reply(view.request, next(iter(brands.values()), None)),
    )


def _kept(request: Request, listing: Listing) -> Response | None:
    """Return the way to the view that this browser keeps, or from the filters' form to what it asks for."""
    if "view" in request.query_params:
        response = RedirectResponse(listing.address(), 303)
        if "keep" in request.query_params:
            response.set_cookie(_VIEW, urlencode(listing.filters), max_age=_YEAR_S, httponly=True, samesite="lax")
        else:
            response.delete_cookie(_VIEW, httponly=True, samesite="lax")
        return response
    if request.query_params or not request.cookies.get(_VIEW):
        return None
    kept = Listing.of(dict(parse_qsl(request.cookies[_VIEW])))
    return RedirectResponse(kept.address(), 303) if kept.filters else None


@router.get("/replies/{reply_id}")
async def show_reply(reply_id: str, view: ViewDep, reply_log: ReplyLogDep, services: ServicesDep) -> Response:
    """Show one reply with everything that tells why it says what it says, and what people made of it."""
    logged = await reply_log.get(reply_id)
    name = logged.reply.brand
    with suppress(NotFoundError, PromptError):
        brand = await services.prompts.brand(name)
        name, logged = brand.name, masked(logged, brand)
    return await _record(view, services, logged, name, Personal.of(logged, reveal=f"/replies/{reply_id}/reveal"))


@router.post("/replies/{reply_id}/reveal")
async def reveal(reply_id: str, view: ViewDep, services: ServicesDep, desk: DeskDep) -> Response:
    """Show the reply with its personal values, this once; what was typed beside it stays."""
    if (await services.reply_log.get(reply_id)).erased_at:
        return RedirectResponse(f"/replies/{reply_id}", 303)
    logged = await desk.reveal(reply_id)
    name = logged.reply.brand
    with suppress(NotFoundError, PromptError):
        name = (await services.prompts.brand(name)).name
    typed = ReviewForm.of(await view.request.form()).typed(logged.reply.text)
    return await _record(view, services, logged, name, Personal.of(logged, hide=f"/replies/{reply_id}"), draft=typed)


async def _record(
    view: View, services: Services, logged: LoggedReply, name: str, personal: Personal, **typed: Draft
) -> Response:
    reviewer = reviewer_of(view.request)
    verdicts = await verdicts_of(logged, reviewer, services.desk, services.reviews, services.outcomes)
    page = view.page(
        "reply.html",
        here="replies",
        shown=ReplyView.of(logged, personal=personal),
        facts=facts(view, logged),
        brand_name=name,
        **{**verdicts, **typed},
    )
    return remember(view.request, page, reviewer)


def _choices(view: View, brands: dict[str, Brand]) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter of the log offers, as value and words."""
    languages = dict.fromkeys(code for brand in brands.values() for code in brand.languages)
    return {
        "brand": [(brand_id, brand.name) for brand_id, brand in brands.items()],
        "decision": [(each.value, view.t(f"decision.{each.value}")) for each in Decision],
        "verdict": [(each.value, view.t(f"judged.{each.value}")) for each in Verdict],
        "language": [(code, view.t(f"language.{code}", default=code)) for code in languages],
        "tone": [(each, each) for each in sorted({brand.tone for brand in brands.values()})],
        "state": [(each.value, view.t(f"state.{each.value}")) for each in ReplyState],
    }
