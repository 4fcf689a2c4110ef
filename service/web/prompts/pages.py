"""The pages of prompts: what writes now, the versions and their differences, the labels, and the playground."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from service.access.callers import Caller, Scope, require
from service.deps import (
    AuditDep,
    CallerDep,
    PlaygroundDep,
    PromptFilesDep,
    PromptLintDep,
    PromptsDep,
    ReplyLogDep,
    StatisticsDep,
)
from service.domain import LoggedReply, Ticket
from service.errors import InvalidInputError, ServiceError
from service.prompting.prompts import PromptText
from service.prompting.scenarios import Scenario, scenario_name
from service.prompting.variables.declared import Declaration
from service.prompting.versions.diff import Change, word_diff
from service.prompting.versions.kept import PromptVersions
from service.prompting.versions.labels import FILES, PRODUCTION
from service.prompting.versions.overview import Overview, overview
from service.replies.playground import Preview
from service.replies.privacy.filling import restored
from service.reply_log.store import ReplyLog
from service.review.statistics.statistics import Statistics
from service.review.statistics.wanted import Wanted, period
from service.web.prompts import figures
from service.web.prompts.form import PARAMETERS, TEXTS, TrialForm
from service.web.routes import PageRoute
from service.web.shown.reply import ReplyView
from service.web.statistics.charts import address_of
from service.web.trying.form import FormProblem, problems_of
from service.web.view import View, ViewDep

router = APIRouter(prefix="/prompts", route_class=PageRoute, include_in_schema=False)

_HISTORY = 30


@router.get("")
async def show_prompts(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    view: ViewDep,
    prompts: PromptsDep,
    prompt_files: PromptFilesDep,
    prompt_lint: PromptLintDep,
    statistics: StatisticsDep,
    brand: str = "",
) -> Response:
    """Show one brand's versions with what the statistics tell of each, its labels, and what the lint says."""
    brands = prompt_files.brand_ids()
    chosen = brand if brand in brands else next(iter(brands), "")
    if not chosen:
        return view.page("prompts.html", here="prompts", brands=brands, seen=None)
    seen = await overview(prompts, chosen)
    labels = sorted({PRODUCTION, FILES, *(move.label for move in seen.labels)})
    history = [move for label in labels for move in await prompts.labels.history(chosen, label)]
    return view.page(
        "prompts.html",
        here="prompts",
        brands=brands,
        seen=seen,
        history=sorted(history, key=lambda move: move.moved_at, reverse=True)[:_HISTORY],
        lint=await prompt_lint.files(datetime.now(UTC).date(), chosen),
        **await _figures(view, statistics, chosen),
    )


@router.post("/labels")
async def move_label(
    request: Request, prompts: PromptsDep, prompt_files: PromptFilesDep, audit: AuditDep, caller: CallerDep
) -> Response:
    """Move a label, or undo its last move, and come back."""
    sent = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    brand, label = sent.get("brand", ""), sent.get("label", "").strip()
    prompt_files.check_brand(brand)
    said = {"note": sent.get("note", "")[:500], "author": sent.get("author", "")[:100]}
    if sent.get("undo"):
        move = await prompts.labels.roll_back(brand, label, **said)
    else:
        move = await prompts.labels.move(brand, label, sent.get("version") or None, **said)
    action = "label.moved_back" if move.is_rollback else "label.moved"
    await audit.note(action, label, who=caller, brand=brand, detail=move.version or "")
    return RedirectResponse(f"/prompts?brand={brand}", 303)


@router.get("/try")
async def show_playground(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    request: Request,
    view: ViewDep,
    prompts: PromptsDep,
    prompt_files: PromptFilesDep,
    reply_log: ReplyLogDep,
    caller: CallerDep,
) -> Response:
    """Show the playground, with a logged reply's ticket when the address names one."""
    form = TrialForm.of(request.query_params)
    logged = await _logged(reply_log, caller, form)
    return await _Bench(view, prompts, prompt_files.brand_ids(), form, logged).page()


@router.post("/try")
async def try_prompt(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    request: Request,
    view: ViewDep,
    prompts: PromptsDep,
    prompt_files: PromptFilesDep,
    reply_log: ReplyLogDep,
    playground: PlaygroundDep,
    caller: CallerDep,
) -> Response:
    """Answer the ticket by what was chosen, beside the version to compare with; nothing is logged."""
    sent = await request.form()
    form = await _edited(prompts, TrialForm.of(sent))
    logged = await _logged(reply_log, caller, form)
    declared = await _declared(prompts, form, logged)
    bench = _Bench(view, prompts, prompt_files.brand_ids(), form, logged)
    try:
        ticket = _ticket(form, logged, declared)
        preview = await playground.preview(form.to_trial(ticket, write=sent.get("do") != "messages"))
    except (ServiceError, ValidationError) as exc:
        problems = problems_of(exc, declared)
        status = exc.status if isinstance(exc, ServiceError) else 422
        detail = exc.detail if isinstance(exc, InvalidInputError) else ""
        return await bench.page(problems, status, detail=detail)
    return await bench.page(preview=preview)


@router.post("/scenarios")
async def save_scenario(  # noqa: PLR0913, PLR0917 - what FastAPI fills in by type
    request: Request,
    view: ViewDep,
    prompts: PromptsDep,
    prompt_files: PromptFilesDep,
    reply_log: ReplyLogDep,
    audit: AuditDep,
    caller: CallerDep,
) -> Response:
    """Keep the ticket that was tried, with what its reply did, as a scenario file."""
    sent = await request.form()
    form = TrialForm.of(sent)
    logged = await _logged(reply_log, caller, form)
    ticket = _ticket(form, logged, await _declared(prompts, form, logged))
    if logged:
        # A logged customer is a real one: a scenario is kept for years, and read by many.
        ticket = replace(ticket, customer=None)
    expected = {"decision": str(sent.get("decision") or "") or None, "cites": str(sent.get("cites") or "").split("\n")}
    scenario = Scenario.of_ticket(
        ticket, **{key: value for key, value in expected.items() if value not in (None, [""])}
    )
    name = scenario_name(form.values["name_of_scenario"])
    file, text = prompt_files.write_new("scenarios", f"{name}.yaml", scenario.as_yaml())
    await audit.note("scenario.saved", file, who=caller, brand=scenario.brand)
    return view.page("scenario.html", 201, here="prompts", file=file, text=text, brand=scenario.brand)


@router.get("/{version}")
async def show_prompt(version: str, view: ViewDep, prompts: PromptsDep) -> Response:
    """Show a version's texts, and what differs from another one: from production unless the address says which."""
    text = await prompts.text(version)
    seen = await overview(prompts, text.brand_id)
    other = view.request.query_params.get("with") or seen.production or version
    older = await prompts.text(other, text.brand_id)
    files = (
        ("reply.md", older.template, text.template),
        (f"brands/{text.brand_id}.yaml", older.brand, text.brand),
        (f"tones/{text.tone_id}.md", older.tone, text.tone),
    )
    return view.page(
        "prompt.html",
        here="prompts",
        text=text,
        other=other,
        seen=seen,
        files=[(name, word_diff(old, new)) for name, old, new in files],
        changes=Change,
    )


@dataclass(frozen=True, slots=True)
class _Bench:
    """The playground's page, before and after a trial."""

    view: View
    prompts: PromptVersions
    brands: tuple[str, ...]
    form: TrialForm
    logged: LoggedReply | None

    async def page(
        self,
        problems: list[FormProblem] | None = None,
        status: int = 200,
        *,
        detail: str = "",
        preview: Preview | None = None,
    ) -> Response:
        wanted = self.logged.ticket.brand if self.logged else self.form.ticket.brand
        chosen = wanted if wanted in self.brands else next(iter(self.brands), "")
        seen = await overview(self.prompts, chosen)
        shown = await self._shown(chosen, seen)
        return self.view.page(
            "playground.html",
            status,
            here="prompts",
            form=self.form,
            brand=await self.prompts.brand(chosen),
            brands=self.brands,
            logged=self.logged,
            problems={problem.field: problem for problem in problems or ()},
            detail=detail,
            preview=preview,
            replies=_replies(preview),
            cites="\n".join(preview.cites) if preview else "",
            choices=_choices(seen),
            parameters=PARAMETERS,
            shown=shown,
            texts=self._texts(shown),
            tones=sorted({each.tone for each in (await self.prompts.brands()).values()}),
            changes=Change,
            wrote=preview is not None and bool(preview.tried.logged.raw_output or preview.tried.logged.reply.handoff),
        )

    async def _shown(self, brand: str, seen: Overview) -> PromptText | None:
        """Return the texts of the chosen version, which a person edits; None when there is none such."""
        try:
            prompt = await self.prompts.resolve(brand, None, self.form.values["prompt"])
        except ServiceError:
            version = seen.production
            return await self.prompts.text(version) if version else None
        return prompt.text

    def _texts(self, shown: PromptText | None) -> dict[str, str]:
        own = (shown.template, shown.brand, shown.tone) if shown else ("", "", "")
        return {name: self.form.values[name] or text for name, text in zip(TEXTS, own, strict=True)}


async def _figures(view: View, statistics: Statistics, brand: str) -> dict[str, Any]:
    """Return what the table of versions shows of their replies; nothing to who may see no statistics."""
    if not (view.may(Scope.REPLY_READ) or view.may(Scope.REVIEW_WRITE)):
        return {"columns": ()}
    since, until = period(None, None)
    wanted = Wanted(since=since, until=until, brand=brand)
    return {
        "columns": figures.COLUMNS,
        "figures": figures.figures(view, wanted, await statistics.find(wanted, *figures.READ)),
        "unused": figures.unused(view),
        "statistics": f"/statistics?{urlencode(address_of(wanted))}",
    }


async def _logged(reply_log: ReplyLog, caller: Caller, form: TrialForm) -> LoggedReply | None:
    """Return the reply that the form names; who may not read replies may not take one's ticket."""
    if not form.reply:
        return None
    require(caller, Scope.REPLY_READ)
    return await reply_log.get(form.reply)


async def _declared(prompts: PromptVersions, form: TrialForm, logged: LoggedReply | None) -> Mapping[str, Declaration]:
    brand = await prompts.brand(logged.ticket.brand if logged else form.ticket.brand)
    return brand.variables


def _ticket(form: TrialForm, logged: LoggedReply | None, declared: Mapping[str, Declaration]) -> Ticket:
    ticket = restored(logged) if logged else form.to_ticket(declared)
    return replace(
        ticket,
        prompt=form.values["prompt"],
        tone=form.ticket.tone or ticket.tone,
        language=form.values["language"] or ticket.language,
    )


async def _edited(prompts: PromptVersions, form: TrialForm) -> TrialForm:
    """Return the form with those texts only that differ from the version's that the page had put there."""
    shown = form.values["texts_of"]
    return form.without(await prompts.text(shown)) if shown else form


def _replies(preview: Preview | None) -> list[ReplyView]:
    """Return the replies as their customer would read them."""
    tried = [preview.tried, *([preview.against] if preview.against else [])] if preview else []
    return [ReplyView.of(replace(each.logged, reply=each.reply)) for each in tried]


def _choices(seen: Overview) -> list[str]:
    """Return what can be tried: labels first, then versions, newest first."""
    labels = {PRODUCTION: None, FILES: None} | {move.label: None for move in seen.labels}
    return [*labels, *(kept.text.version for kept in seen.versions)]
